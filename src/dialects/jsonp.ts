/** Engine.IO's JSONP: payloads as scripts, for browsers that cannot ask another host otherwise. */

/**
 * The script that hands a payload to the client's callback.
 * @param index as the door took it from the query: digits only, so nothing else gets into the script
 * @param payload text, as lines of JSONP frame nothing else
 */
export function jsonpBody(index: string, payload: unknown): string {
  // JSON may have these two in strings; scripts before ES2019 may not.
  const json = JSON.stringify(payload)
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");
  return `___eio[${index}](${json});`;
}

/**
 * The payload in the form of a POST, or nothing where there is none.
 *
 * Forms turn line feeds into CR LF, so the client writes a line feed as `\n`,
 * and what was `\n` already as `\\n`.
 */
export function jsonpPayload(form: string): string {
  const field = /(?:^|&)(d=[^&]*)/.exec(form)?.[1];
  const value = new URLSearchParams(field).get("d") ?? "";
  return value.replace(/(\\)?\\n/g, (_, escaped) => (escaped ? "\\n" : "\n"));
}

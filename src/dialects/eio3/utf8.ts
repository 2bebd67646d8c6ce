/**
 * UTF-8 inside of text: Socket.IO 1.x wrote each character of a polling payload
 * as the characters U+0000 to U+00FF of its UTF-8 bytes.
 */

/**
 * The text whose bytes are the characters of `text`; or `text` itself where
 * that cannot be, as a character is no byte, or the bytes are no UTF-8.
 */
export function fromByteString(text: string): string {
  if (isASCII(text) || /[^\0-\xff]/.test(text)) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(text, (char) => char.charCodeAt(0)),
    );
  } catch {
    return text;
  }
}

/** JSON with `\u` escapes for whatever is not ASCII: the same values in any text encoding. */
export function escapeJSON(text: string): string {
  return text.replace(
    /[^\0-\x7f]/g,
    (char) => "\\u" + (0x10000 + char.charCodeAt(0)).toString(16).slice(1),
  );
}

export function isASCII(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

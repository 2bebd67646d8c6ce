/**
 * Reads the head of a request for a WebSocket, if it has one meaning for
 * everybody who may read it (RFC 9112): whole, in ASCII, without line folding,
 * and with nothing that announces a body. Whatever is more than that, or
 * doubtful, is not read here and is left to a full HTTP parser.
 */
import { refuseUpgrade, type UpgradeRequest } from "./handshake.js";

export interface RequestHead extends UpgradeRequest {
  readonly url: string;
  /** All of it, as it came. */
  readonly text: string;
}

const END = "\r\n\r\n";

/** Names are tokens (RFC 9110, section 5.6.2). Bytes above ASCII are legal in values, and read in more than one way. */
const PLAIN =
  /^GET (\/[!-~]*) HTTP\/1\.1(?:\r\n[!#$%&'*+.^_`|~\w-]+:[\t -~]*)+\r\n\r\n$/;

/** Of these, some mean that more belongs to the request, and with some Node has ways of its own. */
const PARTICULAR =
  /\r\n(?:content-length|transfer-encoding|expect|trailer|set-cookie|__proto__):/i;

/** What the handshake looks at. */
const WANTED =
  /\r\n(upgrade|connection|sec-websocket-(?:key|version|protocol)):[\t ]*([^\r]*)/gi;

/**
 * @param text what has arrived, a character for each byte
 * @returns `undefined`: this is for somebody else to read
 */
export function readRequestHead(text: string): RequestHead | undefined {
  // Most that is none of ours is told by this.
  if (!text.endsWith(END) || !text.startsWith("GET /")) return undefined;
  const url = PLAIN.exec(text)?.[1];
  if (url === undefined || PARTICULAR.test(text)) return undefined;
  const headers: Record<string, string | undefined> = {
    upgrade: undefined,
    connection: undefined,
    "sec-websocket-key": undefined,
    "sec-websocket-version": undefined,
    "sec-websocket-protocol": undefined,
  };
  WANTED.lastIndex = 0;
  for (;;) {
    const found = WANTED.exec(text);
    if (found === null) break;
    const [, name, value] = found;
    const key = name.toLowerCase();
    if (headers[key] !== undefined) return undefined;
    headers[key] = value.trimEnd();
  }
  const head = { method: "GET", httpVersion: "1.1", url, headers, text };
  return headers["sec-websocket-key"] !== undefined &&
    refuseUpgrade(head) === undefined
    ? head
    : undefined;
}

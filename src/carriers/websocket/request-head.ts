/**
 * Reads the head of a request for a WebSocket, if it has one meaning for
 * everybody who may read it (RFC 9112): whole, in ASCII, each header once, and
 * nothing that announces a body. Whatever is more than that, or doubtful, is
 * not read here and is left to a full HTTP parser.
 */
import { refuseUpgrade, type UpgradeRequest } from "./handshake.js";

export interface RequestHead extends UpgradeRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: string[];
}

const END = "\r\n\r\n";

const REQUEST_LINE = /^GET (\/[!-~]*) HTTP\/1\.1$/;

/** A token (RFC 9110, section 5.6.2). */
const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Printable ASCII. Other bytes are legal, and read in more than one way. */
const VALUE = /^[\t -~]*$/;

/** A header of these would mean that more belongs to the request. */
const OF_BODIES: ReadonlySet<string> = new Set([
  "content-length",
  "transfer-encoding",
  "expect",
  "trailer",
  // A list even if it comes once.
  "set-cookie",
]);

/**
 * @param text what has arrived, a character for each byte
 * @returns `undefined`: this is for somebody else to read
 */
export function readRequestHead(text: string): RequestHead | undefined {
  const end = text.length - END.length;
  if (!text.startsWith("GET /") || text.indexOf(END) !== end) return undefined;
  const lines = text.slice(0, end).split("\r\n");
  const url = REQUEST_LINE.exec(lines[0])?.[1];
  if (url === undefined) return undefined;
  const headers: Record<string, string> = {};
  const rawHeaders: string[] = [];
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i];
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    const key = name.toLowerCase();
    if (
      colon < 1 ||
      !NAME.test(name) ||
      !VALUE.test(value) ||
      OF_BODIES.has(key) ||
      // It comes again, or is a word that every object knows.
      headers[key] !== undefined
    )
      return undefined;
    headers[key] = value;
    rawHeaders.push(name, value);
  }
  const head = { method: "GET", httpVersion: "1.1", url, headers, rawHeaders };
  return refuseUpgrade(head) === undefined ? head : undefined;
}

/**
 * Reads the head of a request, if it has one meaning for everybody who may read
 * it (RFC 9112): whole, in ASCII, without line folding, and with nothing said
 * twice that matters here. Whatever is more than that, or doubtful, is not read
 * here and is left to a full HTTP parser.
 */
import { refuseUpgrade } from "./websocket/handshake.js";

export interface RequestHead {
  readonly method: "GET" | "POST";
  readonly httpVersion: "1.1";
  readonly url: string;
  /** Those that were asked for. Names in lower case. */
  readonly headers: Readonly<Record<Wanted, string | undefined>>;
  /** All of it, as it came. */
  readonly text: string;
}

/** What the handshake of a WebSocket looks at, and what a polling request is told by. */
type Wanted =
  | "host"
  | "connection"
  | "upgrade"
  | "origin"
  | "user-agent"
  | "content-length"
  | "content-type"
  | "sec-websocket-key"
  | "sec-websocket-version"
  | "sec-websocket-protocol";

/** Names are tokens (RFC 9110, section 5.6.2). Bytes above ASCII are legal in values, and read in more than one way. */
const PLAIN =
  /^(GET|POST) (\/[!-~]*) HTTP\/1\.1(?:\r\n[!#$%&'*+.^_`|~\w-]+:[\t -~]*)+\r\n\r\n$/;

/** Of the last group, some mean that more belongs to the request, and with some Node has ways of its own. */
const NAMED =
  /\r\n(?:(host|connection|upgrade|origin|user-agent|content-(?:length|type)|sec-websocket-(?:key|version|protocol)):[\t ]*([^\r]*)|(?:transfer-encoding|expect|trailer|proxy-connection|set-cookie|__proto__):)/gi;

/**
 * @param text a character for each byte
 * @returns `undefined`: this is for somebody else to read
 */
export function readRequestHead(text: string): RequestHead | undefined {
  const [, method, url] = PLAIN.exec(text) ?? [];
  if (method !== "GET" && method !== "POST") return undefined;
  const headers: Record<Wanted, string | undefined> = {
    host: undefined,
    connection: undefined,
    upgrade: undefined,
    origin: undefined,
    "user-agent": undefined,
    "content-length": undefined,
    "content-type": undefined,
    "sec-websocket-key": undefined,
    "sec-websocket-version": undefined,
    "sec-websocket-protocol": undefined,
  };
  NAMED.lastIndex = 0;
  for (;;) {
    const found = NAMED.exec(text);
    if (found === null) break;
    const name = found[1]?.toLowerCase() as Wanted | undefined;
    if (name === undefined || headers[name] !== undefined) return undefined;
    const value = found[2].trimEnd();
    // Space behind a number is read in more than one way.
    if (name === "content-length" && value !== found[2]) return undefined;
    headers[name] = value;
  }
  return { method, httpVersion: "1.1", url, headers, text };
}

/** It asks for a WebSocket, as far as Node tells upgrades by it. */
export function asksForWebSocket(head: RequestHead): boolean {
  const { headers } = head;
  return (
    headers["sec-websocket-key"] !== undefined &&
    headers["content-length"] === undefined &&
    refuseUpgrade(head) === undefined
  );
}

/**
 * How many bytes belong to the request behind its head.
 * @returns `undefined`: it is no request of its own on a connection that is kept
 */
export function lengthOfBody({
  method,
  headers: { host, connection, upgrade, "content-length": length },
}: RequestHead): number | undefined {
  if (host === undefined || upgrade !== undefined) return undefined;
  if (connection !== undefined && connection.toLowerCase() !== "keep-alive")
    return undefined;
  if (method === "GET") return length === undefined ? 0 : undefined;
  return length !== undefined && /^\d{1,9}$/.test(length)
    ? Number(length)
    : undefined;
}

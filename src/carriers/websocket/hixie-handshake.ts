/**
 * The opening handshake of the WebSocket drafts before RFC 6455, the server's
 * half: hixie-75, which proves nothing, and hixie-76, whose proof is a digest
 * of two keys in the headers and eight bytes behind them. A proxy may hold
 * those back until it has seen that the server changes protocols, so the
 * answer's head never waits for them, and the proof follows.
 */
import {
  header,
  refuse,
  refuseUpgrade,
  type RefusedHandshake,
  type UpgradeRequest,
} from "./handshake.js";
import type { Md5 } from "./ports.js";

/** An `UpgradeRequest`, and where it goes. */
export interface HixieRequest extends UpgradeRequest {
  /** The path with its query, as the client wrote it. */
  readonly url?: string | undefined;
}

export interface AcceptedHixie {
  readonly accepted: true;
  /** The status line and the headers of the answer, in ISO 8859-1; it ends with an empty line that is not here. */
  readonly lines: string[];
  /** What the client wants solved before anything else is sent; `undefined` for hixie-75. */
  readonly challenge: Challenge | undefined;
}

/** Whether this request to upgrade is of a time before `Sec-WebSocket-Version` and its key. */
export function isHixie({ headers }: UpgradeRequest): boolean {
  if (headers["sec-websocket-key"] !== undefined) return false;
  return (
    headers["sec-websocket-version"] === undefined ||
    headers["sec-websocket-key1"] !== undefined
  );
}

/**
 * Decides on a request that `isHixie`.
 *
 * @param secure the client has come by TLS; browsers compare the location with the one they asked for
 */
export function answerHixieHandshake(
  request: HixieRequest,
  secure: boolean,
): AcceptedHixie | RefusedHandshake {
  const refused = refuseUpgrade(request);
  if (refused !== undefined) return refused;
  const { headers, url = "" } = request;
  const host = header(request, "host");
  if (host === "" || !url.startsWith("/")) {
    return refuse(400, "A WebSocket needs a Host header and a path.");
  }
  // Programs other than browsers have none.
  const origin =
    headers.origin === undefined ? "null" : header(request, "origin");
  const location = `${secure ? "wss" : "ws"}://${host}${url}`;
  const proven = headers["sec-websocket-key1"] !== undefined;
  const prefix = proven ? "Sec-WebSocket" : "WebSocket";
  const echoed = {
    Origin: origin,
    Location: location,
    Protocol: header(request, `${prefix.toLowerCase()}-protocol`),
  };
  if (!Object.values(echoed).every(isFieldValue)) {
    return refuse(
      400,
      "The Origin, the Host or the path has characters that no header may have.",
    );
  }
  const challenge = proven ? challengeOf(request) : undefined;
  if (challenge === "wrong") {
    return refuse(
      400,
      "The digits of Sec-WebSocket-Key1 and Sec-WebSocket-Key2 must be numbers of 32 bits and multiples of the number of spaces.",
    );
  }
  const lines = [
    `HTTP/1.1 101 ${proven ? "WebSocket" : "Web Socket"} Protocol Handshake`,
    "Upgrade: WebSocket",
    "Connection: Upgrade",
    `${prefix}-Origin: ${echoed.Origin}`,
    `${prefix}-Location: ${echoed.Location}`,
  ];
  if (echoed.Protocol !== "")
    lines.push(`${prefix}-Protocol: ${echoed.Protocol}`);
  return { accepted: true, lines, challenge };
}

const NUMBERS = 8;
const NONCE = 8;

/** What a client of hixie-76 asks: numbers hidden in its keys, and a nonce that may arrive in pieces. */
export class Challenge {
  private readonly bytes = new Uint8Array(NUMBERS + NONCE);
  private length = NUMBERS;

  constructor(first: number, second: number) {
    const view = new DataView(this.bytes.buffer);
    view.setUint32(0, first);
    view.setUint32(4, second);
  }

  /** The nonce is there. */
  get complete(): boolean {
    return this.length === this.bytes.length;
  }

  /** Takes what it still needs from the start of a chunk, and returns how many bytes that were. */
  take(chunk: Uint8Array): number {
    const taken = Math.min(this.bytes.length - this.length, chunk.length);
    this.bytes.set(chunk.subarray(0, taken), this.length);
    this.length += taken;
    return taken;
  }

  /** The sixteen bytes that the client waits for. */
  proof(md5: Md5): Uint8Array {
    return md5(this.bytes);
  }
}

function challengeOf(request: UpgradeRequest): Challenge | "wrong" {
  const first = keyNumber(header(request, "sec-websocket-key1"));
  const second = keyNumber(header(request, "sec-websocket-key2"));
  return first === undefined || second === undefined
    ? "wrong"
    : new Challenge(first, second);
}

/** The number hidden in a key: that of its digits, divided by how many spaces it has. */
function keyNumber(key: string): number | undefined {
  let number: number | undefined;
  let spaces = 0;
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    if (code === 0x20) spaces++;
    if (code < 0x30 || code > 0x39) continue;
    number = (number ?? 0) * 10 + code - 0x30;
    if (number > 0xffffffff) return undefined;
  }
  if (number === undefined || spaces === 0 || number % spaces !== 0)
    return undefined;
  return number / spaces;
}

/** RFC 9110, section 5.5, without the tab. */
function isFieldValue(value: string): boolean {
  return /^[\x20-\x7e\x80-\xff]*$/.test(value);
}

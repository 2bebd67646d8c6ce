/**
 * The text grammar of Socket.IO packets, the same since 1.0:
 *
 *     <type>[<attachments>-][<namespace>,][<ack id>][<JSON>]
 *
 * The attachments follow, each as a message of its own. Linear in time and
 * memory: nothing is allocated for what was only announced.
 */
import { extract, hasBinary, MAX_DEPTH, restore } from "./binary.js";
import type { RawPacket } from "./dialect.js";
import type { Limits, Unit } from "./packet.js";
import {
  ACK,
  BINARY,
  check,
  CONNECT_ERROR,
  DISCONNECT,
  EVENT,
  malformed,
} from "./raw.js";

/** What precedes the JSON. No number has more than the 16 digits of 2^53 - 1. */
const HEAD = /([0-6])(?:(\d{1,16})-)?(?:(\/[^,]*),?)?(\d{1,16})?/y;

/** What {@link write} leaves open. */
export interface WriteOptions {
  maxAttachments: number;
  /** @default `JSON.stringify` */
  stringify?: (this: void, data: unknown) => string;
}

/**
 * A packet as its text, and its attachments.
 * @throws {RangeError} too many attachments, or nested too deeply
 */
export function write(
  { type, nsp, data, id }: RawPacket,
  { maxAttachments, stringify = JSON.stringify }: WriteOptions,
): [string, ...Uint8Array[]] {
  const attachments: Uint8Array[] = [];
  let head = "";
  if ((type === EVENT || type === ACK) && hasBinary(data)) {
    data = extract(data, attachments);
    const count = attachments.length;
    if (count > maxAttachments) throw tooMany(count, maxAttachments);
    // None, if what was found is inherited, and so no data.
    if (count > 0) {
      type += BINARY;
      head = count + "-";
    }
  }
  if (nsp && nsp !== "/") head += nsp + ",";
  if (id !== undefined) head += id;
  if (data !== undefined && data !== null) head += stringify(data);
  return [type + head, ...attachments];
}

function tooMany(count: number, max: number): RangeError {
  return Object.assign(
    new RangeError(
      `${count} attachments in one packet: maxAttachments is ${max}`,
    ),
    { code: "ERR_TOO_MANY_ATTACHMENTS" },
  );
}

/** Passed on to `JSON.parse`. */
export type Reviver = (this: unknown, key: string, value: unknown) => unknown;

/** Reads packets, and waits for the attachments of one at a time. */
export class Reader {
  #waiting: { raw: RawPacket; attachments: unknown[] } | undefined;

  constructor(
    private readonly limits: Pick<Limits, "maxAttachments" | "lenient">,
    /** What is put in the place of an attachment. */
    private readonly bytes?: (bytes: Uint8Array) => unknown,
    private readonly reviver?: Reviver,
  ) {}

  get pending(): boolean {
    return this.#waiting !== undefined;
  }

  /**
   * @param from where the packet begins in `chunk`, if that is text
   * @returns nothing as long as attachments are missing
   * @throws {ProtocolError}
   */
  add(chunk: Unit, from = 0): RawPacket | undefined {
    const waiting = this.#waiting;
    if (typeof chunk === "string") {
      if (waiting !== undefined)
        throw malformed("got plaintext data when reconstructing a packet");
      const { maxAttachments, lenient } = this.limits;
      const said = read(chunk, from, maxAttachments, this.reviver);
      if (lenient && said.type === DISCONNECT) said.data = undefined;
      const raw = check(said);
      if (raw.attachments === undefined) return raw;
      this.#waiting = { raw, attachments: [] };
      return undefined;
    }
    if (waiting === undefined)
      throw malformed("got binary data when not reconstructing a packet");
    const { raw, attachments } = waiting;
    attachments.push(this.bytes ? this.bytes(chunk) : chunk);
    if (attachments.length < Number(raw.attachments)) return undefined;
    this.reset();
    const { type, nsp, id } = raw;
    const data = restore(raw.data, attachments);
    return { type: type - BINARY, nsp, id, data };
  }

  /** Forgets a packet that is not complete. */
  reset(): void {
    this.#waiting = undefined;
  }
}

function read(
  text: string,
  from: number,
  maxAttachments: number,
  reviver?: Reviver,
): RawPacket {
  HEAD.lastIndex = from;
  const found = HEAD.exec(text);
  if (!found) throw malformed("unknown packet type " + Number(text[from]));
  const [head, type, count, nsp = "/", id] = found;
  const raw: RawPacket = { type: Number(type), nsp };
  if (count !== undefined) raw.attachments = Number(count);
  const { attachments = 0 } = raw;
  const binary = raw.type > CONNECT_ERROR;
  if (attachments > 0 !== binary)
    throw malformed(binary ? "Illegal attachments" : undefined);
  if (attachments > maxAttachments) throw malformed("too many attachments");
  if (id !== undefined) raw.id = Number(id);
  const at = from + head.length;
  if (at < text.length) {
    raw.data = readJSON(text, at, reviver);
    if (raw.data === null) throw malformed();
  }
  return raw;
}

/**
 * `JSON.parse` of what begins at `from`.
 * @throws {ProtocolError} it is not JSON, or nested deeper than {@link MAX_DEPTH}
 */
export function readJSON(
  text: string,
  from: number,
  reviver?: Reviver,
): unknown {
  if (text.length - from > 2 * MAX_DEPTH && isDeep(text, from))
    throw malformed();
  try {
    return JSON.parse(text.slice(from), reviver);
  } catch {
    throw malformed();
  }
}

/** Looks at each character only if there are enough brackets, which is much faster to see. */
function isDeep(text: string, from: number): boolean {
  if (count(text, "[", from) + count(text, "{", from) <= MAX_DEPTH)
    return false;
  let depth = 0;
  let quoted = false;
  for (let i = from; i < text.length; i++) {
    const char = text[i];
    if (char === '"') quoted = !quoted;
    else if (quoted) {
      if (char === "\\") i++;
    } else if (char === "[" || char === "{") {
      if (++depth > MAX_DEPTH) return true;
    } else if (char === "]" || char === "}") depth--;
  }
  return false;
}

/** How often `char` occurs from `at` on, up to a little above {@link MAX_DEPTH}. */
function count(text: string, char: string, at: number): number {
  let n = 0;
  while (n <= MAX_DEPTH && (at = text.indexOf(char, at) + 1)) n++;
  return n;
}

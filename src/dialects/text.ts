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
import { ProtocolError, type Unit } from "./packet.js";
import { ACK, BINARY, check, EVENT } from "./raw.js";

/** More digits than any count or id has (2^53 - 1 has 16). */
const MAX_DIGITS = 16;

/** What {@link write} leaves open. */
export interface WriteOptions {
  maxAttachments: number;
  /** Passed on to `JSON.stringify`. */
  replacer?: (this: unknown, key: string, value: unknown) => unknown;
  /** Rewrites the JSON, to values that are the same. */
  escape?: (json: string) => string;
}

/**
 * A packet as its text, and its attachments.
 * @throws {RangeError} too many attachments, or nested too deeply
 */
export function write(
  { type, nsp, data, id }: RawPacket,
  { maxAttachments, replacer, escape }: WriteOptions,
): [string, ...Uint8Array[]] {
  const attachments: Uint8Array[] = [];
  let head = "";
  if (type === EVENT || type === ACK) {
    if (hasBinary(data)) {
      data = extract(data, attachments);
      type += BINARY;
      head = attachments.length + "-";
      if (attachments.length > maxAttachments)
        throw tooMany(attachments.length, maxAttachments);
    }
  }
  if (nsp && nsp !== "/") head += nsp + ",";
  if (id !== undefined) head += id;
  if (data !== undefined && data !== null) {
    const json = JSON.stringify(data, replacer);
    head += escape ? escape(json) : json;
  }
  return [type + head, ...attachments];
}

function tooMany(count: number, max: number): RangeError {
  return Object.assign(
    new RangeError(
      `${count} binary attachments in one packet, where maxAttachments allows ${max}: the receiver would hang up. Send fewer, or join them into one`,
    ),
    { code: "ERR_TOO_MANY_ATTACHMENTS" },
  );
}

/** Options of {@link Reader}. */
export interface ReadOptions {
  maxAttachments: number;
  /** Passed on to `JSON.parse`. */
  reviver?: (this: unknown, key: string, value: unknown) => unknown;
  /** What is put in the place of an attachment. */
  bytes?: (bytes: Uint8Array) => unknown;
}

/** Reads packets, and waits for the attachments of one at a time. */
export class Reader {
  #waiting: RawPacket | undefined;
  #attachments: unknown[] = [];

  constructor(private readonly options: ReadOptions) {}

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
        throw new ProtocolError("packet", "text instead of an attachment");
      const raw = check(read(chunk, from, this.options));
      if (raw.attachments === undefined) return raw;
      this.#waiting = raw;
      return undefined;
    }
    if (waiting === undefined)
      throw new ProtocolError("packet", "an attachment of no packet");
    const { bytes } = this.options;
    if (
      this.#attachments.push(bytes ? bytes(chunk) : chunk) !==
      waiting.attachments
    )
      return undefined;
    const attachments = this.#attachments;
    this.reset();
    const { type, nsp, id } = waiting;
    const data = restore(waiting.data, attachments);
    return { type: type - BINARY, nsp, id, data };
  }

  /** Forgets a packet that is not complete. */
  reset(): void {
    this.#waiting = undefined;
    this.#attachments = [];
  }
}

function read(
  text: string,
  from: number,
  { maxAttachments, reviver }: ReadOptions,
): RawPacket {
  const raw: RawPacket = { type: digit(text, from), nsp: "/" };
  let at = from + 1;
  if (raw.type >= EVENT + BINARY && raw.type <= ACK + BINARY) {
    const end = digits(text, at);
    const count = Number(text.slice(at, end));
    if (text[end] !== "-" || count < 1 || count > maxAttachments)
      throw new ProtocolError("packet", "invalid number of attachments");
    raw.attachments = count;
    at = end + 1;
  }
  if (text[at] === "/") {
    const comma = text.indexOf(",", at);
    const end = comma < 0 ? text.length : comma;
    raw.nsp = text.slice(at, end);
    at = end + 1;
  }
  const end = digits(text, at);
  if (end > at) raw.id = Number(text.slice(at, end));
  if (end < text.length) {
    raw.data = readJSON(text, end, reviver);
    if (raw.data === null) throw new ProtocolError("packet", "invalid packet");
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
  reviver?: ReadOptions["reviver"],
): unknown {
  if (text.length - from > 2 * MAX_DEPTH && isDeep(text, from))
    throw new ProtocolError("packet", "JSON nested too deeply");
  try {
    return JSON.parse(text.slice(from), reviver);
  } catch {
    throw new ProtocolError("packet", "invalid JSON");
  }
}

/** Looks only at the brackets unless there are enough of them, as that is much faster. */
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

/** How often `char` occurs, counted to a little above {@link MAX_DEPTH}. */
function count(text: string, char: string, from: number): number {
  let n = 0;
  for (
    let at = text.indexOf(char, from);
    at >= 0 && n <= MAX_DEPTH;
    at = text.indexOf(char, at + 1)
  )
    n++;
  return n;
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : -1;
}

/** Where the digits that begin at `at` end. */
function digits(text: string, at: number): number {
  const most = at + MAX_DIGITS;
  while (at < most && digit(text, at) >= 0) at++;
  return at;
}

/**
 * The packet as Socket.IO's own protocol has it ({@link RawPacket}): numbered
 * types and untyped data. What came from a peer is checked here, whichever
 * grammar (text, msgpack, custom) it was written in.
 */
import type { RawPacket } from "./dialect.js";
import { ProtocolError } from "./packet.js";

export const CONNECT = 0;
export const DISCONNECT = 1;
export const EVENT = 2;
export const ACK = 3;
export const CONNECT_ERROR = 4;
/** Added to EVENT or ACK: attachments follow. */
export const BINARY = 3;

/** Event names that mean something else to applications, so a peer may not send them (socket.io-parser 4.2.7). */
export const RESERVED_EVENTS: ReadonlySet<unknown> = new Set([
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "newListener",
  "removeListener",
]);

/** A packet of which nothing is known yet. */
export type Unchecked = { readonly [field in keyof RawPacket]?: unknown };

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Arguments of an event: the name comes first. Numbers pass as names, as in the reference. */
export function isEventArgs(value: unknown): value is [string, ...unknown[]] {
  return (
    Array.isArray(value) &&
    (typeof value[0] === "string"
      ? !RESERVED_EVENTS.has(value[0])
      : typeof value[0] === "number")
  );
}

/** Whether the fields have the types that `type` asks for. Refusals are read by each dialect. */
export function isRaw(raw: Unchecked): raw is RawPacket {
  const { type, nsp, data, id = 0 } = raw;
  return (
    typeof nsp === "string" &&
    Number.isSafeInteger(id) &&
    Number(id) >= 0 &&
    (type === CONNECT
      ? data === undefined || isRecord(data)
      : type === DISCONNECT
        ? data === undefined
        : type === EVENT || type === EVENT + BINARY
          ? isEventArgs(data)
          : type === ACK || type === ACK + BINARY
            ? Array.isArray(data)
            : type === CONNECT_ERROR)
  );
}

/** What socket.io-parser exports by this name: {@link isRaw}, for packets without attachments. */
export function isPacketValid(packet: Unchecked): packet is RawPacket {
  return (
    isRaw(packet) &&
    packet.type <= CONNECT_ERROR &&
    (packet.type !== CONNECT_ERROR ||
      typeof packet.data === "string" ||
      isRecord(packet.data))
  );
}

/** @throws {ProtocolError} the fields do not have the right types */
export function check(raw: Unchecked): RawPacket {
  if (!isRaw(raw)) throw malformed();
  return raw;
}

/** `words`: those of socket.io-parser, as programs see them in `socket.on("error")`. */
export function malformed(words = "invalid payload"): ProtocolError {
  return new ProtocolError("packet", words);
}

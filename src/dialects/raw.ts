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
const RESERVED = new Set<unknown>([
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "newListener",
  "removeListener",
]);

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isArgs(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

/** Arguments of an event: the name comes first. Names may be numbers, as the reference takes them. */
export function isEventArgs(value: unknown): value is [string, ...unknown[]] {
  return (
    isArgs(value) &&
    (typeof value[0] === "string"
      ? !RESERVED.has(value[0])
      : typeof value[0] === "number")
  );
}

/** Whether the fields are of the types that `type` asks for. */
export function isRaw({ type, nsp, data, id }: RawPacket): boolean {
  return (
    typeof nsp === "string" &&
    (id === undefined || (Number.isSafeInteger(id) && id >= 0)) &&
    (type === CONNECT
      ? data === undefined || isRecord(data)
      : type === DISCONNECT
        ? data === undefined
        : type === EVENT || type === EVENT + BINARY
          ? isEventArgs(data)
          : type === ACK || type === ACK + BINARY
            ? isArgs(data)
            : type === CONNECT_ERROR)
  );
}

/** @throws {ProtocolError} see {@link isRaw} */
export function check(raw: RawPacket): RawPacket {
  if (!isRaw(raw)) throw new ProtocolError("packet", "invalid packet");
  return raw;
}

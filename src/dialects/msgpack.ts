/**
 * A `parser` for Socket.IO packets in MessagePack, compatible on the wire with
 * the package `socket.io-msgpack-parser` 3.0: each packet is one message of
 * bytes, a map of `type`, `nsp`, `data` and `id`, with binary data in its place.
 */
import { isBytes } from "./binary.js";
import { DecodedEvents } from "./decoded.js";
import type { RawPacket } from "./dialect.js";
import { decode } from "./msgpack-read.js";
import { encode } from "./msgpack-write.js";
import { ProtocolError } from "./packet.js";
import { isPacketValid, isRecord } from "./raw.js";

/** The revision of the Socket.IO protocol. */
export const protocol = 5;

export const PacketType = {
  CONNECT: 0,
  DISCONNECT: 1,
  EVENT: 2,
  ACK: 3,
  CONNECT_ERROR: 4,
} as const;

export class Encoder {
  /**
   * @throws {RangeError} nested too deeply, or a circular reference
   * @throws {TypeError} a `Blob` or a `bigint` is in the packet
   */
  encode(packet: RawPacket): [Uint8Array] {
    return [
      encode(
        Object.fromEntries(
          Object.entries(packet).filter(([, value]) => value !== undefined),
        ),
      ),
    ];
  }
}

export class Decoder extends DecodedEvents {
  /** @throws {ProtocolError} the chunk is malformed */
  add(chunk: unknown): void {
    const packet = isBytes(chunk) ? decode(chunk) : undefined;
    if (!isRecord(packet)) throw new ProtocolError("packet", "not MessagePack");
    // A missing value is nil in the MessagePack of other languages.
    packet.data ??= undefined;
    packet.id ??= undefined;
    if (!isPacketValid(packet))
      throw new ProtocolError("packet", "invalid packet");
    this.emitDecoded(packet);
  }

  destroy(): void {
    // Holds nothing: a packet is one chunk.
  }
}

/**
 * The default grammar in the interface of the package `socket.io-parser`, for
 * adapters and tools that encode packets by themselves
 * (`new (require("socket.io-parser").Encoder)().encode(packet)`).
 */
import { type Binary, isBytes, toBytes } from "./binary.js";
import { DecodedEvents } from "./decoded.js";
import type { RawPacket } from "./dialect.js";
import { Reader, type Reviver, write } from "./text.js";

export { isPacketValid } from "./raw.js";

/** The revision of the Socket.IO protocol. */
export const protocol = 5;

export const PacketType = {
  CONNECT: 0,
  DISCONNECT: 1,
  EVENT: 2,
  ACK: 3,
  CONNECT_ERROR: 4,
  BINARY_EVENT: 5,
  BINARY_ACK: 6,
} as const;

export class Encoder {
  /** @param replacer passed on to `JSON.stringify` */
  constructor(
    private readonly replacer?: (
      this: unknown,
      key: string,
      value: unknown,
    ) => unknown,
  ) {}

  /** The packet's text, and its attachments. */
  encode(packet: RawPacket): [string, ...Uint8Array[]] {
    return write(packet, {
      maxAttachments: Infinity,
      stringify: (data) => JSON.stringify(data, this.replacer),
    });
  }
}

export class Decoder extends DecodedEvents {
  readonly #reader: Reader;

  /**
   * @param options a reviver for `JSON.parse`, or that and the attachments
   * that one packet may have (`maxAttachments`, default 10)
   */
  constructor(
    options?: Reviver | { reviver?: Reviver; maxAttachments?: number },
  ) {
    super();
    const { reviver, maxAttachments = 10 } =
      typeof options === "function" ? { reviver: options } : { ...options };
    this.#reader = new Reader({ maxAttachments }, undefined, reviver);
  }

  /** @throws {ProtocolError} the chunk is malformed */
  add(chunk: string | Binary): void {
    const packet = this.#reader.add(isBytes(chunk) ? toBytes(chunk) : chunk);
    if (packet !== undefined) this.emitDecoded(packet);
  }

  /** Forgets a packet whose attachments have not all arrived. */
  destroy(): void {
    this.#reader.reset();
  }
}

/**
 * The `parser` option: a grammar of the application's own, in the official
 * interface, in the place of the text grammar. Its decoder says what it has
 * decoded by an event, when it likes: several packets of one chunk, or none
 * before a decryption is done.
 */
import { isBytes, toBytes } from "./binary.js";
import type { DecodedListener, Parser, RawPacket } from "./dialect.js";
import type { Unit } from "./packet.js";

/** The chunks that a parser's encoder made of a packet. */
export function writeWith(
  encoder: InstanceType<Parser["Encoder"]>,
  raw: RawPacket,
): Unit[] {
  return encoder.encode(raw).map((chunk) => {
    if (typeof chunk === "string") return chunk;
    if (isBytes(chunk)) return toBytes(chunk);
    throw new TypeError("a parser encodes to text and bytes");
  });
}

/** Puts chunks together: the text grammar's `Reader`, or an application's decoder. */
export interface PacketReader {
  /** Of an application's decoder nobody knows what it waits for. */
  readonly pending: boolean;
  /** `undefined`: there is none yet, or a listener is told. */
  add(chunk: Unit, from?: number): RawPacket | undefined;
  listen?(
    decoded: (raw: RawPacket | undefined) => void,
    failed: DecodedListener["failed"],
  ): void;
  destroy?(): void;
}

/** A closure, as it is half as long in a page. */
export function customReader(
  parser: Parser,
  bytes?: (bytes: Uint8Array) => unknown,
): PacketReader {
  let decoder: InstanceType<Parser["Decoder"]> | undefined;
  let fail: (error: unknown) => unknown;
  return {
    pending: true,
    listen(decoded, failed) {
      fail = (error) => decoder && failed(error);
      decoder = new parser.Decoder();
      // Some decoders keep one listener, whatever it listens to: the last has to
      // be the one for packets. Others call all of them for each packet.
      decoder.on("error", (error) => error instanceof Error && fail(error));
      decoder.on("decoded", (raw) => decoder && decoded(raw));
    },
    add(chunk, from) {
      try {
        const added: unknown = decoder?.add(
          typeof chunk === "string"
            ? chunk.slice(from)
            : (bytes?.(chunk) ?? chunk),
        );
        // Of an `async add()`.
        if (added instanceof Promise) added.catch(fail);
      } catch (error) {
        fail(error);
      }
      return undefined;
    },
    destroy() {
      const ended = decoder;
      decoder = undefined;
      ended?.destroy();
    },
  };
}

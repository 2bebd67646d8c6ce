/**
 * The `parser` option: a grammar of the application's own, in the official
 * interface, in the place of the text grammar. Its decoder says what it has
 * decoded by an event, when it likes: several packets of one chunk, or none
 * before a decryption is done.
 */
import { isBytes, toBytes } from "./binary.js";
import type { DecodedListener, Decoder, Parser, RawPacket } from "./dialect.js";
import { broken, MESSAGE, readSignal } from "./engine.js";
import {
  ProtocolError,
  type Limits,
  type Packet,
  type Signal,
  type Unit,
} from "./packet.js";
import { check, isRecord, type Unchecked } from "./raw.js";

/** The chunks that a parser's encoder made of a packet. */
export function writeWith(
  encoder: InstanceType<Parser["Encoder"]>,
  raw: RawPacket,
): Unit[] {
  return encoder.encode(raw).map((chunk) => {
    if (typeof chunk === "string") return chunk;
    if (isBytes(chunk)) return toBytes(chunk);
    throw new TypeError("a parser has to encode to strings and bytes");
  });
}

/** What a parser's decoder needs of the dialect around it. */
export interface Surroundings {
  /** The bytes of a binary message. */
  unwrap(this: void, unit: Uint8Array): Uint8Array;
  /** What the application gets for bytes. */
  readonly bytes: ((bytes: Uint8Array) => unknown) | undefined;
  /** @throws {ProtocolError} no packet of the dialect is like this */
  read(this: void, raw: RawPacket): Packet;
}

/** Reads the engine's own packets, and gives messages to the application's decoder. */
export class CustomDecoder implements Decoder {
  readonly pending = false;
  #decoder: InstanceType<Parser["Decoder"]> | undefined = undefined;
  #listener: DecodedListener | undefined = undefined;
  #adding = false;

  constructor(
    private readonly parser: Parser,
    private readonly limits: Limits,
    private readonly around: Surroundings,
  ) {}

  listen(listener: DecodedListener): void {
    this.#listener = listener;
    const decoder = (this.#decoder = new this.parser.Decoder());
    // Some decoders keep one listener, whatever it listens to: the last has to
    // be the one for packets. Others call all of them for each packet.
    decoder.on("error", (error) => {
      if (error instanceof Error) this.#fail(error);
    });
    decoder.on("decoded", (raw) => this.#decoded(raw));
  }

  push(unit: Unit): Signal | undefined {
    if (unit.length > this.limits.maxPayload)
      throw broken("message larger than allowed");
    if (typeof unit !== "string") {
      const { unwrap, bytes } = this.around;
      const chunk = unwrap(unit);
      this.#add(bytes ? bytes(chunk) : chunk);
    } else if (unit.startsWith(MESSAGE)) {
      this.#add(unit.slice(1));
    } else return readSignal(unit);
    return undefined;
  }

  /** Once, whatever the decoder does meanwhile. */
  destroy(): void {
    const decoder = this.#decoder;
    this.#decoder = this.#listener = undefined;
    decoder?.destroy();
  }

  #add(chunk: unknown): void {
    this.#adding = true;
    try {
      const added: unknown = this.#decoder?.add(chunk);
      // Of an `async add()`.
      if (added instanceof Promise)
        added.catch((error: unknown) => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#adding = false;
    }
  }

  #decoded(raw: unknown): void {
    const listener = this.#listener;
    if (listener === undefined) return;
    const { type, nsp, id, data }: Unchecked = isRecord(raw) ? raw : {};
    let packet: Packet;
    try {
      packet = this.around.read(
        // A field without a value is null in msgpack and its like.
        check({ type, nsp, id: id ?? undefined, data: data ?? undefined }),
      );
    } catch (error) {
      // Nothing that a peer sent may end up in the application's own timers.
      return listener.failed(error as Error, false);
    }
    listener.packet(packet);
  }

  #fail(error: unknown): void {
    const cause = error instanceof Error ? error : new Error(String(error));
    this.#listener?.failed(
      new ProtocolError("packet", cause.message, { cause }),
      !this.#adding,
    );
  }
}

/**
 * The `parser` option: a grammar of the application's own, in the official
 * interface, in the place of the text grammar.
 */
import { isBytes, toBytes } from "./binary.js";
import type { Parser, RawPacket } from "./dialect.js";
import type { Unit } from "./packet.js";
import { check, invalid, isRecord, type Unchecked } from "./raw.js";

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

/** Asks a parser's decoder, which answers by an event, at once or after more chunks. */
export class CustomReader {
  readonly #decoder: InstanceType<Parser["Decoder"]>;
  #decoded: RawPacket[] = [];
  pending = false;

  constructor(
    parser: Parser,
    private readonly bytes?: (bytes: Uint8Array) => unknown,
  ) {
    this.#decoder = new parser.Decoder();
    this.#decoder.on("decoded", (packet) => this.#decoded.push(packet));
  }

  add(chunk: Unit, from = 0): RawPacket | undefined {
    const { bytes } = this;
    this.#decoded = [];
    try {
      this.#decoder.add(
        typeof chunk === "string"
          ? chunk.slice(from)
          : bytes
            ? bytes(chunk)
            : chunk,
      );
    } catch (error) {
      throw invalid(`packet: ${String(error)}`);
    }
    const [raw] = this.#decoded;
    const count = this.#decoded.length;
    this.pending = count === 0;
    if (this.pending) return undefined;
    if (count > 1) throw invalid("second packet");
    const { type, nsp, id, data }: Unchecked = isRecord(raw) ? raw : {};
    // A field without a value is null in msgpack and its like.
    return check({ type, nsp, id: id ?? undefined, data: data ?? undefined });
  }
}

/**
 * Turns batches of packets into the bytes of their frames. A packet that goes
 * to many receivers is framed once, and a batch of such packets joined once,
 * for all the WebSockets of the same dialect and line.
 */
import type { Dialect, Line } from "../../dialects/dialect.js";
import type { Outgoing } from "../../dialects/outgoing.js";
import type { Unit } from "../../dialects/packet.js";
import { encodeFrames, textHeader } from "./encoder.js";
import type { FramePorts } from "./ports.js";

/** Frames up to this many bytes together are copied into one piece; more is written piece by piece. */
const JOIN_UP_TO = 64 * 1024;

/** Longer texts are copied once more on their way than bytes are. */
const SHORT = 8 * 1024;

interface Joined {
  readonly batch: readonly Outgoing[];
  readonly bytes: Uint8Array;
}

export class FrameWriter {
  /** By the last packet of the batch, and gone with it. */
  private readonly joined = new WeakMap<Outgoing, Joined>();

  constructor(
    private readonly dialect: Pick<Dialect, "frame">,
    private readonly line: Line,
    private readonly ports: FramePorts,
    /** Writes the frames of units, one behind the other. */
    private readonly encode = encodeFrames,
  ) {}

  /** The frames of a batch, in order: in one piece, or in several where joining them costs more. */
  bytesOf(batch: readonly Outgoing[]): Uint8Array | readonly Uint8Array[] {
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) {
      return only.shared ? this.prepared(only) : this.frames(only.units);
    }
    let shared = 0;
    for (const outgoing of batch) if (outgoing.shared) shared++;
    if (shared === 0) return this.framesOfAll(batch);
    return shared === batch.length
      ? this.joinedOf(batch)
      : this.join(this.piecesOf(batch));
  }

  /**
   * The same, with a character for each byte: of short ASCII texts, which are
   * the most. Written as they are, they cost no memory beside their own.
   * @returns `undefined`: of others, and of what is framed once for many
   */
  textOf(batch: readonly Outgoing[]): string | undefined {
    let text = "";
    for (const { units, shared } of batch) {
      if (shared) return undefined;
      for (const unit of this.dialect.frame(units, this.line)) {
        if (typeof unit !== "string" || !this.isShortAscii(unit))
          return undefined;
        text += textHeader(unit.length) + unit;
      }
    }
    return text;
  }

  private isShortAscii(text: string): boolean {
    return (
      text.length <= SHORT && this.ports.text.byteLength(text) === text.length
    );
  }

  private frames(units: readonly Unit[]): Uint8Array {
    return this.encode(this.dialect.frame(units, this.line), this.ports);
  }

  private framesOfAll(batch: readonly Outgoing[]): Uint8Array {
    const framed: Unit[] = [];
    for (const { units } of batch)
      framed.push(...this.dialect.frame(units, this.line));
    return this.encode(framed, this.ports);
  }

  private prepared(outgoing: Outgoing): Uint8Array {
    const { prepared } = outgoing;
    if (prepared?.line === this.line) return prepared.bytes;
    const bytes = this.frames(outgoing.units);
    // The first line to need a packet keeps its frames there; two taking turns
    // would frame it again for each receiver.
    if (prepared === undefined) outgoing.prepared = { line: this.line, bytes };
    return bytes;
  }

  private joinedOf(
    batch: readonly Outgoing[],
  ): Uint8Array | readonly Uint8Array[] {
    const last = batch[batch.length - 1];
    const known = last && this.joined.get(last);
    if (known !== undefined && sameBatch(known.batch, batch))
      return known.bytes;
    const bytes = this.join(this.piecesOf(batch));
    if (last !== undefined && bytes instanceof Uint8Array) {
      this.joined.set(last, { batch: batch.slice(), bytes });
    }
    return bytes;
  }

  private piecesOf(batch: readonly Outgoing[]): Uint8Array[] {
    return batch.map((outgoing) =>
      outgoing.shared ? this.prepared(outgoing) : this.frames(outgoing.units),
    );
  }

  private join(
    pieces: readonly Uint8Array[],
  ): Uint8Array | readonly Uint8Array[] {
    let size = 0;
    for (const piece of pieces) size += piece.length;
    if (size > JOIN_UP_TO) return pieces;
    const bytes = this.ports.allocate(size);
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }
}

function sameBatch(a: readonly Outgoing[], b: readonly Outgoing[]): boolean {
  return a.length === b.length && a.every((outgoing, i) => outgoing === b[i]);
}

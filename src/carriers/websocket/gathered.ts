/**
 * A message that arrives in pieces. Its buffer grows with what really came,
 * never with what was announced, and holds nothing for a piece but its bytes.
 */
import type { FramePorts } from "./ports.js";

/** The first buffer, in bytes. */
const MIN_SIZE = 64;

/**
 * What a fragment counts, beside its payload, in the second account that each
 * message has: as many fragments as the largest message has room for (15,625
 * for 1e6 bytes), and never fewer than MIN_FRAGMENTS.
 */
const FRAGMENT_COST = 64;
const MIN_FRAGMENTS = 64;

const EMPTY = new Uint8Array(0);

export class Gathered {
  /** Bytes so far. */
  length = 0;
  /** All of them are ASCII. */
  ascii = true;
  private buffer: Uint8Array = EMPTY;
  private fragments = 0;

  constructor(
    /** Text or binary. */
    readonly opcode: number,
    private readonly ports: FramePorts,
  ) {}

  /** Charges a fragment; `false`: there were too many of them. */
  beginFragment(maxPayload: number): boolean {
    this.fragments++;
    return (
      this.fragments <= Math.max(MIN_FRAGMENTS, maxPayload / FRAGMENT_COST)
    );
  }

  /**
   * Appends `from[start, end)`. `most` is what the message can still grow to.
   * @throws {RangeError} there is no memory
   */
  append(
    from: Uint8Array,
    start: number,
    end: number,
    ascii: boolean,
    most: number,
  ): void {
    const needed = this.length + end - start;
    if (needed > this.buffer.length) {
      // Room for as much again, so that many pieces are not copied many times.
      const size = Math.min(Math.max(needed * 2, MIN_SIZE), most);
      const larger = this.ports.allocate(size);
      copy(this.buffer, 0, this.length, larger, 0);
      this.buffer = larger;
    }
    copy(from, start, end, this.buffer, this.length);
    this.length = needed;
    this.ascii &&= ascii;
  }

  /** The bytes are the first `length` of these, the rest is unwritten. */
  get bytes(): Uint8Array {
    return this.buffer;
  }
}

/** Copies a few bytes one by one: below this, making a view costs more. */
const VIEW_PAYS_FROM = 64;

/** Copies `from[start, end)` to where `at` is in `into`. */
export function copy(
  from: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
): void {
  if (end - start < VIEW_PAYS_FROM) {
    for (let i = start; i < end; i++) into[at++] = from[i] ?? 0;
  } else if (start === 0 && end === from.length) {
    into.set(from, at);
  } else {
    into.set(from.subarray(start, end), at);
  }
}

/**
 * What a session has to say and no carrier has taken yet, in order.
 */
import type { Outgoing } from "../dialects/outgoing.js";
import type { SessionHost } from "./host.js";

/** Units in one polling payload: python-engineio refuses more (`max_decode_packets`). */
const UNITS_PER_PAYLOAD = 16;

/** What all who have nothing to say have in common. Never written to. */
const NOTHING: Outgoing[] = [];

export class Outbox {
  #queue = NOTHING;
  #bytes = 0;
  /** The answer to a ping, if it has not left yet. */
  #pong: Outgoing | undefined = undefined;

  get length(): number {
    return this.#queue.length;
  }

  /** Of all that waits. A character counts as one, as long as nobody has encoded it. */
  get bytes(): number {
    return this.#bytes;
  }

  get packets(): readonly Outgoing[] {
    return this.#queue;
  }

  push(outgoing: Outgoing): void {
    // One is all that most ticks bring. An array that grows from nothing has
    // room for 17, and kept by each of 2000 connections from one message to the
    // next it outlived every young collection.
    if (this.#queue.length === 0) this.#queue = [outgoing];
    else this.#queue.push(outgoing);
    this.#bytes += sizeOf(outgoing);
  }

  /** An answer to a ping is still here: one is enough for who pings and does not read. */
  get hasPong(): boolean {
    return this.#pong !== undefined;
  }

  pushPong(pong: Outgoing): void {
    this.#pong = pong;
    this.push(pong);
  }

  /** As many packets as one payload may hold; the rest stays. */
  takePayload(): Outgoing[] {
    if (this.#queue.length === 1) return this.takeAll();
    let units = 0;
    let count = 0;
    for (const { units: more } of this.#queue) {
      units += more.length;
      if (count > 0 && units > UNITS_PER_PAYLOAD) break;
      count++;
    }
    const payload = this.#queue.splice(0, count);
    for (const outgoing of payload) this.#bytes -= sizeOf(outgoing);
    if (this.#pong !== undefined && payload.includes(this.#pong))
      this.#pong = undefined;
    return payload;
  }

  takeAll(): Outgoing[] {
    const all = this.#queue;
    this.#queue = NOTHING;
    this.#bytes = 0;
    this.#pong = undefined;
    return all;
  }

  /** Drops packets of a kind, the oldest first, until `enough` is so. */
  protected drop(
    kind: (outgoing: Outgoing) => boolean,
    enough: () => boolean,
    host: Pick<SessionHost, "dropped">,
  ): void {
    for (let at = 0; at < this.#queue.length && !enough();) {
      const outgoing = this.#queue[at];
      if (!kind(outgoing)) at++;
      else {
        this.#queue.splice(at, 1);
        this.#bytes -= sizeOf(outgoing);
        host.dropped(outgoing);
      }
    }
  }
}

/** In bytes; see `Outbox.bytes`. */
export function sizeOf({ units }: Outgoing): number {
  let size = 0;
  for (const { length } of units) size += length;
  return size;
}

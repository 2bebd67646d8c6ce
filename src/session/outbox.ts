/**
 * What a session has to say and no carrier has taken yet, in order.
 */
import type { Outgoing } from "../dialects/outgoing.js";

/** Units in one polling payload: python-engineio refuses more (`max_decode_packets`). */
const UNITS_PER_PAYLOAD = 16;

export class Outbox {
  #queue: Outgoing[] = [];
  /** The answer to a ping, if it has not left yet. */
  #pong: Outgoing | undefined = undefined;

  get length(): number {
    return this.#queue.length;
  }

  get packets(): readonly Outgoing[] {
    return this.#queue;
  }

  push(outgoing: Outgoing): void {
    this.#queue.push(outgoing);
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
    let units = 0;
    let count = 0;
    for (const { units: more } of this.#queue) {
      units += more.length;
      if (count > 0 && units > UNITS_PER_PAYLOAD) break;
      count++;
    }
    const payload = this.#queue.splice(0, count);
    if (this.#pong !== undefined && payload.includes(this.#pong))
      this.#pong = undefined;
    return payload;
  }

  takeAll(): Outgoing[] {
    const all = this.#queue;
    this.#queue = [];
    this.#pong = undefined;
    return all;
  }
}

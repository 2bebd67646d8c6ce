/**
 * How long a client may be connected without having joined a namespace. All
 * have the same time, so those who wait are a queue, and one timer will do for
 * the first of it.
 */
import type { Clock } from "../hub/ports.js";

/** Who waits. */
export interface Waiting {
  /** Its time is over. */
  overdue(): void;
}

export class Patience {
  /** Until when, in the order in which they came. */
  readonly #waiting = new Map<Waiting, number>();
  #cancel: (() => void) | undefined = undefined;

  constructor(
    private readonly clock: Clock,
    /** ms */
    readonly patience: number,
  ) {}

  add(client: Waiting): void {
    this.#waiting.set(client, this.clock.now() + this.patience);
    if (this.#cancel === undefined) this.#arm(this.patience);
  }

  delete(client: Waiting): void {
    if (!this.#waiting.delete(client) || this.#waiting.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(ms: number): void {
    this.#cancel = this.clock.after(ms, () => this.#run());
  }

  #run(): void {
    const now = this.clock.now();
    try {
      for (const [client, until] of this.#waiting) {
        // A timer may be a little early.
        if (until - now >= 1) break;
        this.#waiting.delete(client);
        client.overdue();
      }
    } finally {
      // Who listens to the end of a connection may throw, and the next shall not
      // wait for ever because of it.
      this.#armForNext(now);
    }
  }

  #armForNext(now: number): void {
    this.#cancel?.();
    this.#cancel = undefined;
    for (const until of this.#waiting.values()) return this.#arm(until - now);
  }
}

/**
 * The engine's time: one timer for the deadlines of all sessions, and one
 * deferred task for all that is to be written when a tick is over.
 */
import type { Clock } from "../hub/ports.js";
import { Deadlines } from "../session/deadlines.js";
import type { Session } from "../session/session.js";

export class Pulse {
  readonly #deadlines = new Deadlines();
  #dirty: Pick<Session, "flush">[] | undefined = undefined;
  #alarm = Infinity;
  #cancel: (() => void) | undefined = undefined;

  constructor(
    private readonly clock: Clock,
    private readonly defer: (task: () => void) => void,
  ) {}

  /** Whole ms: times of every session, which as fractions are objects of their own. */
  now(): number {
    return Math.floor(this.clock.now());
  }

  /** The session has something to flush when this tick is over. */
  dirty(session: Pick<Session, "flush">): void {
    if (this.#dirty !== undefined) {
      this.#dirty.push(session);
    } else {
      this.#dirty = [session];
      this.defer(this.#flush);
    }
  }

  /** The session's deadline may have come nearer. */
  hurry(session: Session): void {
    this.#deadlines.watch(session);
    this.#arm();
  }

  /** The session is over. */
  forget(session: Session): void {
    this.#deadlines.forget(session);
  }

  /** One function for all ticks: most of them write to one connection. */
  readonly #flush = (): void => {
    const dirty = this.#dirty ?? [];
    this.#dirty = undefined;
    const now = this.now();
    let done = 0;
    try {
      for (; done < dirty.length; done++) dirty[done].flush(now);
    } finally {
      // Who listens to what leaves may throw, and the sessions behind that one
      // would believe for ever that they are about to be flushed.
      while (++done < dirty.length) this.dirty(dirty[done]);
    }
  };

  #arm(): void {
    const { next } = this.#deadlines;
    if (next >= this.#alarm) return;
    this.#cancel?.();
    this.#alarm = next;
    this.#cancel = this.clock.after(Math.max(0, next - this.now()), () => {
      this.#alarm = Infinity;
      this.#deadlines.run(this.now());
      this.#arm();
    });
  }
}

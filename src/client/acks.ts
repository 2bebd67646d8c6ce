/**
 * Acknowledgements that are awaited, by the id of their event. Those that take
 * an error first always come to an end: by the answer, by a timeout, or when
 * the socket disconnects. The others are forgotten on disconnection, as nothing
 * could be told to them.
 */
import type { Timers } from "./timers.js";

type Callback = (...args: unknown[]) => void;

interface Pending {
  readonly call: Callback;
  readonly withError: boolean;
}

export class Acks {
  private _next = 0;
  private readonly _pending = new Map<number, Pending>();

  /**
   * @param timeout in ms; with it, `callback` takes an error first
   * @param expired what else to do when it is over
   * @returns the id for the event
   */
  add(
    callback: Callback,
    timeout: number | undefined,
    withError: boolean,
    timers: Timers,
    expired: (id: number) => void,
  ): number {
    const id = this._next++;
    if (timeout === undefined) {
      this._pending.set(id, { call: callback, withError });
      return id;
    }
    const timer = timers.set(() => {
      expired(id);
      this.fail(id, "operation has timed out");
    }, timeout);
    const call: Callback = (...args) => {
      timers.clear(timer);
      callback(...args);
    };
    this._pending.set(id, { call, withError: true });
    return id;
  }

  /** The answer came. */
  settle(id: number, args: readonly unknown[]): void {
    const ack = this._pending.get(id);
    if (!ack) return;
    this._pending.delete(id);
    if (ack.withError) ack.call(null, ...args);
    else ack.call(...args);
  }

  /** There will be no answer. */
  fail(id: number, why: string): void {
    const ack = this._pending.get(id);
    this._pending.delete(id);
    if (ack?.withError) ack.call(new Error(why));
  }

  /** There will be no answers, except to those that `keep` says. */
  failAll(why: string, keep: (id: number) => boolean): void {
    for (const id of [...this._pending.keys()])
      if (!keep(id)) this.fail(id, why);
  }
}

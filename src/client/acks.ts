/**
 * Acknowledgements that are awaited, by the id of their event. Those that take
 * an error first always come to an end: by the answer, by a timeout, or when
 * the socket disconnects. The others are forgotten on disconnection, as nothing
 * could be told to them.
 */
import type { Timer, Timers } from "./timers.js";

type Callback = (...args: unknown[]) => void;

interface Pending {
  readonly call: Callback;
  readonly withError: boolean;
  readonly timer: Timer | undefined;
}

export class Acks {
  /** Not from 0: python-socketio leaves an id of 0 out of an answer in MessagePack. */
  private _next = 1;
  private readonly _pending = new Map<number, Pending>();

  constructor(private readonly _timers: Timers) {}

  /**
   * @param timeout in ms; with it, `call` takes an error first
   * @param expired what else to do when it is over
   * @returns the id for the event
   */
  add(
    call: Callback,
    withError: boolean,
    timeout: number | null | undefined,
    expired: (id: number) => void,
  ): number {
    const id = this._next++;
    let timer: Timer | undefined;
    // A `null` from a configuration file is none.
    if (timeout != undefined) {
      withError = true;
      timer = this._timers.set(() => {
        expired(id);
        this.fail(id, "operation has timed out");
      }, timeout);
    }
    this._pending.set(id, { call, withError, timer });
    return id;
  }

  /** The answer came. */
  settle(id: number, args: readonly unknown[]): void {
    const ack = this._take(id);
    if (ack?.withError) ack.call(null, ...args);
    else ack?.call(...args);
  }

  /** There will be no answer. */
  fail(id: number, why: string): void {
    const ack = this._take(id);
    if (ack?.withError) ack.call(new Error(why));
  }

  /** There will be no answers, except to those that `keep` says. */
  failAll(why: string, keep: (id: number) => boolean): void {
    for (const id of [...this._pending.keys()])
      if (!keep(id)) this.fail(id, why);
  }

  private _take(id: number): Pending | undefined {
    const ack = this._pending.get(id);
    this._pending.delete(id);
    this._timers.clear(ack?.timer);
    return ack;
  }
}

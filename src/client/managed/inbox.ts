/**
 * Events that wait to be asked for, as `receive()` and `for await` do. It is
 * bounded: whoever never asks must not fill the memory.
 */
import { DisconnectedError, TimeoutError } from "./errors.js";
import type { Timers } from "../timers.js";

/** The name of an event, and its arguments. */
export type Received = [event: string, ...args: unknown[]];

/** As many as a socket keeps while it is offline. */
const LIMIT = 10_000;

interface Waiting {
  readonly take: (event: Received) => void;
  readonly ended: () => void;
}

export class Inbox {
  private readonly _events: Received[] = [];
  private readonly _waiting: Waiting[] = [];
  private _ended = false;

  constructor(
    private readonly _timers: Timers,
    /** Told when the oldest event is dropped. */
    private readonly _full: () => void,
  ) {}

  push(event: Received): void {
    const waiting = this._waiting.shift();
    if (waiting) return waiting.take(event);
    if (this._events.push(event) <= LIMIT) return;
    this._events.shift();
    this._full();
  }

  /** There will be no more; what is there can still be taken. */
  end(): void {
    this._ended = true;
    for (const { ended } of this._waiting.splice(0)) ended();
  }

  /**
   * The next event.
   * @param timeout in ms
   * @throws {TimeoutError} there was none in time
   * @throws {DisconnectedError} there will be none
   */
  receive(timeout?: number): Promise<Received> {
    return new Promise((resolve, reject) => {
      const event = this._events.shift();
      if (event) return resolve(event);
      const ended = () =>
        reject(
          new DisconnectedError(
            "there are no more events, as the connection has ended",
          ),
        );
      if (this._ended) return ended();
      const timer =
        timeout === undefined
          ? undefined
          : this._timers.set(() => {
              this._waiting.splice(this._waiting.indexOf(waiting), 1);
              reject(
                new TimeoutError(`no event was received within ${timeout} ms`),
              );
            }, timeout);
      const waiting: Waiting = {
        take: (received) => {
          this._timers.clear(timer);
          resolve(received);
        },
        ended: () => {
          this._timers.clear(timer);
          ended();
        },
      };
      this._waiting.push(waiting);
    });
  }
}

/**
 * The queue behind the option `retries`: packets go one at a time, each until
 * the server acknowledged it or was given up on, so that their order holds.
 */
export type Callback = (...args: unknown[]) => void;

/** What was said with the packet: `timeout()`, `compress()`. */
export interface Flags {
  compress?: boolean;
  volatile?: boolean;
  timeout?: number;
  /** Comes out of the queue, so it does not go into it. */
  fromQueue?: boolean;
}

interface Queued {
  readonly args: readonly unknown[];
  readonly flags: Flags;
  readonly ack: Callback | undefined;
  tries: number;
  pending: boolean;
}

export class Retries {
  private readonly _queue: Queued[] = [];

  constructor(
    private readonly _max: number,
    private readonly _connected: () => boolean,
    /** Sends an event; `ack` gets an error, or `null` and the answer. */
    private readonly _send: (
      args: readonly unknown[],
      flags: Flags,
      ack: Callback,
    ) => void,
  ) {}

  add(args: readonly unknown[], flags: Flags, ack: Callback | undefined): void {
    this._queue.push({
      args,
      flags: { ...flags, fromQueue: true },
      ack,
      tries: 0,
      pending: false,
    });
  }

  /** Sends the first packet. `again`: also if it was sent and its answer did not come. */
  drain(again = false): void {
    const [first] = this._queue;
    if (!this._connected() || !first || (first.pending && !again)) return;
    first.pending = true;
    first.tries++;
    this._send(first.args, first.flags, (error, ...answer) => {
      // Sent twice because of a reconnection, it was answered twice.
      if (first !== this._queue[0]) return;
      first.pending = false;
      if (error === null) {
        this._queue.shift();
        first.ack?.(null, ...answer);
      } else if (first.tries > this._max) {
        this._queue.shift();
        first.ack?.(error);
      }
      this.drain();
    });
  }
}

/**
 * HTTP long-polling: one GET is always waiting for what the server has to say,
 * and POSTs carry what we say, one at a time.
 */
import { LINES, type Line } from "../dialects/dialect.js";
import type { Unit } from "../dialects/packet.js";
import { Transport, type TransportOptions } from "./transport.js";

/** Called once, with the answer's body. */
export type Answer = (body: Unit) => void;

export abstract class Polling extends Transport {
  readonly line: Line;
  private _polling = false;

  constructor(opts: TransportOptions) {
    super(opts);
    this.line = opts.forceBase64 ? LINES.pollingText : LINES.polling;
  }

  get name(): string {
    return "polling";
  }

  /** Sends one request: a GET if `body` is undefined. Failures go to `_fail`. */
  protected abstract _request(body: Unit | undefined, answer: Answer): void;
  /** Drops the requests that are under way. */
  protected abstract _abort(): void;

  /** The address of the next request. */
  protected _address(): string {
    if (this.opts.forceBase64 && !this.query.sid) this.query.b64 = 1;
    return this._uri("http", this.opts.timestampRequests !== false);
  }

  protected _start(): void {
    this._poll();
  }

  override pause(done: () => void): void {
    this.readyState = "pausing";
    let waiting = 1;
    const settle = () => {
      if (--waiting) return;
      this.readyState = "paused";
      done();
    };
    if (this._polling) {
      waiting++;
      this.once("pollComplete", settle);
    }
    if (!this.writable) {
      waiting++;
      this.once("drain", settle);
    }
    settle();
  }

  private _poll(): void {
    this._polling = true;
    this._request(undefined, (body) => {
      this.emitReserved("frame", body, this.line);
      if (this.readyState === "closed") return;
      this._polling = false;
      this.emitReserved("pollComplete");
      if (this.readyState === "open") this._poll();
    });
    this.emitReserved("poll");
  }

  protected _write(frames: readonly Unit[]): void {
    for (const frame of frames) this._request(frame, () => this._drained());
  }

  protected _stop(): void {
    // The waiting GET stays until the server knows: a broken GET would look like an accident.
    const farewell = this.writable ? this.opts.farewell(this.line) : undefined;
    if (farewell === undefined) this._abort();
    else this._request(farewell, () => this._abort());
  }

  protected override _fail(
    reason: string,
    description: unknown,
    context?: unknown,
  ): void {
    if (this.readyState === "closed") this._abort();
    else super._fail(reason, description, context);
  }
}

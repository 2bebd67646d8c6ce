/**
 * HTTP long-polling: one GET is always waiting for what the server has to say,
 * and POSTs carry what we say, one at a time. How a request is made is left to
 * the classes that extend this one.
 */
import { LINES, type Line } from "../dialects/dialect.js";
import type { Unit } from "../dialects/packet.js";
import { isolate } from "./isolate.js";
import { LONGEST } from "./timers.js";
import { Transport, type TransportOptions } from "./transport.js";

/** One HTTP request, in the words of `fetch`. */
export interface Exchange {
  readonly method: "GET" | "POST";
  readonly headers: Record<string, string>;
  readonly body: Unit | undefined;
  readonly signal: AbortSignal;
  /** How long to wait for the answer, in ms; 0: for ever. */
  readonly timeout: number;
}

export interface Reply {
  /** 0: there was no answer. */
  readonly status: number;
  readonly body: Unit;
  /** What users find as `error.context` if the status says that it failed. */
  readonly context: unknown;
}

export abstract class Polling extends Transport {
  readonly line: Line;
  /** What failed, as errors have it. */
  protected abstract readonly _names: Readonly<
    Record<Exchange["method"], string>
  >;
  private readonly _abort = new AbortController();
  private _polling: boolean | undefined;

  constructor(opts: TransportOptions) {
    super(opts);
    this.line = opts.forceBase64 ? LINES.pollingText : LINES.polling;
  }

  get name(): string {
    return "polling";
  }

  protected abstract _exchange(url: string, exchange: Exchange): Promise<Reply>;

  protected _start(): void {
    this._poll();
  }

  override pause(done: () => void): void {
    this.readyState = "pausing";
    const settle = () => {
      if (this.readyState !== "pausing" || this._polling || !this.writable)
        return;
      this.readyState = "paused";
      done();
    };
    this.on("pollComplete", settle).on("drain", settle);
    settle();
  }

  override _resume(): void {
    if (this.readyState === "closed") return;
    this.readyState = "open";
    if (!this._polling) this._poll();
  }

  private _poll(): void {
    this._polling = true;
    this._request(undefined, (body) => {
      this._arrived(body);
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
    if (farewell === undefined) this._abort.abort();
    else this._request(farewell, () => this._abort.abort());
  }

  private _request(body: Unit | undefined, answer: (body: Unit) => void): void {
    const {
      extraHeaders,
      cookieJar,
      forceBase64,
      requestTimeout = 0,
    } = this.opts;
    if (forceBase64 && !this.query.sid) this.query.b64 = 1;
    const method = body === undefined ? "GET" : "POST";
    const headers: Record<string, string> = { ...extraHeaders };
    cookieJar?.addTo(headers);
    if (body !== undefined) {
      headers["content-type"] =
        typeof body === "string" ? "text/plain;charset=UTF-8" : OCTETS;
    }
    const fail = (description: unknown, context?: unknown) => {
      if (this.readyState === "closed") this._abort.abort();
      else this._fail(this._names[method] + " error", description, context);
    };
    const { signal } = this._abort;
    const url = this._uri("http", this.opts.timestampRequests !== false);
    this._exchange(url, {
      method,
      headers,
      body,
      signal,
      // A text of a number is a number then.
      timeout: Math.min(requestTimeout, LONGEST),
    }).then(
      ({ status, body, context }) =>
        isolate(() => {
          if (status !== 200) fail(status, context);
          else answer(body);
        }),
      (error: unknown) => isolate(() => fail(error)),
    );
  }
}

/** The type of bodies that are bytes and no text. */
export const OCTETS = "application/octet-stream";

/** What a body of this `content-type` is, for who can only read bytes. */
export function unitOf(
  type: string | null | undefined,
  body: Uint8Array,
): Unit {
  return type?.startsWith(OCTETS) ? body : new TextDecoder().decode(body);
}

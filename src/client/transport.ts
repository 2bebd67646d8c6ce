/**
 * A way to carry frames to the server: what polling, WebSocket and WebTransport
 * have in common. A transport knows nothing of packets; the engine gives it
 * frames and takes frames from it.
 */
import type { Line } from "../dialects/dialect.js";
import type { Unit } from "../dialects/packet.js";
import type { CookieJar } from "./environment.js";
import { Emitter, type Data } from "./emitter.js";
import type { EngineOptions } from "./options.js";
import type { Timers } from "./timers.js";
import { encodeQuery } from "./url.js";

/** A request or a connection failed. */
export class TransportError extends Error {
  readonly type = "TransportError";
  constructor(
    reason: string,
    /** The HTTP status, or the underlying error or event. */
    readonly description: Data,
    /** What it happened to, such as the `XMLHttpRequest`. */
    readonly context?: Data,
  ) {
    super(reason);
  }
}

export interface CloseDetails {
  description: string;
  context?: unknown;
}

export interface TransportEvents {
  open: () => void;
  frame: (frame: Unit, line: Line) => void;
  drain: () => void;
  error: (error: Error) => void;
  close: (details?: CloseDetails) => void;
  poll: () => void;
  pollComplete: () => void;
}

/** Who uses a transport, and is told before its listeners. */
export interface TransportUser {
  /** @internal */
  _receive(frame: Unit, line: Line): void;
  /** @internal */
  _drained(): void;
  /** @internal */
  _failed(error: Error): void;
  /** @internal */
  _close(reason: string, details?: CloseDetails): void;
}

/** What one frame is sent with. */
export interface FrameOptions {
  readonly compress?: boolean | undefined;
}

/** Everything that the engine knows when it makes a transport. */
export interface TransportOptions extends EngineOptions {
  /** The address without the first part of its scheme: `s://host:port/path/`. */
  base: string;
  query: Record<string, Data>;
  /** Shared by all transports of a connection. */
  cookieJar: CookieJar | undefined;
  timers: Timers;
  /** The frame that ends the session, where the end of the line does not say it. */
  farewell: (line: Line) => Unit | undefined;
}

export interface TransportConstructor {
  new (options: TransportOptions): Transport;
  prototype: { readonly name: string };
}

export abstract class Transport extends Emitter<
  Record<never, never>,
  Record<never, never>,
  TransportEvents
> {
  abstract get name(): string;
  /** The line that frames to the server are written for. */
  abstract readonly line: Line;
  /** Whether it can take frames now. */
  writable = false;
  readyState: "opening" | "open" | "pausing" | "paused" | "closed" | undefined;
  readonly query: Record<string, Data>;
  /** @internal */
  _user: TransportUser | undefined;

  constructor(readonly opts: TransportOptions) {
    super();
    this.query = opts.query;
  }

  open(): this {
    this.readyState = "opening";
    try {
      this._start();
    } catch (error) {
      // Nobody can listen yet to what is made and opened in one step.
      queueMicrotask(() => {
        if (this.readyState !== "closed")
          this._fail(this.name + " error", error);
      });
    }
    return this;
  }

  close(): this {
    if (this.readyState && this.readyState !== "closed") {
      this._stop();
      this._closed();
    }
    return this;
  }

  /** Writes frames, in order. `drain` follows when it is ready for more. */
  send(frames: readonly Unit[], options: readonly FrameOptions[] = []): void {
    if (this.readyState !== "open" && this.readyState !== "pausing") return;
    this.writable = false;
    this._write(frames, options);
  }

  /** Stops without closing, so that another transport can take over; `done` follows when it is at rest. */
  pause(done: () => void): void {
    done();
  }

  /** Goes on, as the other transport has not taken over. @internal */
  _resume?(): void;

  protected abstract _start(): void;
  protected abstract _stop(): void;
  protected abstract _write(
    frames: readonly Unit[],
    options: readonly FrameOptions[],
  ): void;

  /** Nobody hears of it any more. @internal */
  _forgotten(): this {
    this._user = undefined;
    return this.off();
  }

  protected _arrived(frame: Unit, line = this.line): void {
    this._user?._receive(frame, line);
    this.emitReserved("frame", frame, line);
  }

  /** @internal */
  _opened(): void {
    this.readyState = "open";
    this.writable = true;
    this.emitReserved("open");
  }

  /** @internal */
  _closed(details?: CloseDetails): void {
    this.readyState = "closed";
    this._user?._close("transport close", details);
    this.emitReserved("close", details);
  }

  protected _drained(): void {
    this.writable = true;
    this._user?._drained();
    this.emitReserved("drain");
  }

  protected _fail(
    reason: string,
    description: unknown,
    context?: unknown,
  ): void {
    this._broken(new TransportError(reason, description, context));
  }

  /** @internal */
  _broken(error: Error): void {
    this._user?._failed(error);
    this.emitReserved("error", error);
  }

  /** The address of a request; `stamp` keeps caches away. */
  protected _uri(scheme: string, stamp: boolean | undefined): string {
    const { base, timestampParam = "t" } = this.opts;
    if (stamp)
      this.query[timestampParam] = Math.random().toString(36).slice(2, 10);
    return scheme + base + "?" + encodeQuery(this.query);
  }
}

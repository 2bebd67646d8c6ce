/**
 * Polling and WebSocket that find servers before 1.0, too, over those of a
 * platform.
 */
import type { Unit } from "../../dialects/packet.js";
import type { Exchange, Reply } from "../polling.js";
import type { TransportConstructor, TransportOptions } from "../transport.js";
import type { WebSocketTransport } from "../websocket.js";
import type { TextXHR } from "../text-xhr.js";
import { OldPolling } from "./polling.js";
import { GREETING_LINE, OldStream } from "./stream.js";

type Made<T> = new (opts: TransportOptions) => T;

export function transportsOver(
  Requests: Made<TextXHR>,
  Streams: Made<WebSocketTransport>,
): Record<"polling" | "websocket", TransportConstructor> {
  class AnyPolling extends Requests {
    private readonly _old: OldPolling;

    constructor(opts: TransportOptions, later = false) {
      super(opts);
      this._old = new OldPolling(this, later);
      this.once("pollComplete", () => this._old.rested());
    }

    poll(): void {
      this._start();
    }

    ready(): void {
      this._drained();
    }

    override _opened(): void {
      super._opened();
      this._old.opened();
    }

    protected override _exchange(
      url: string,
      exchange: Exchange,
    ): Promise<Reply> {
      return this._old.exchange(url, exchange, (...given) =>
        super._exchange(...given),
      );
    }
  }

  class AnyWebSocket extends Streams {
    private readonly _old = new OldStream(this, AnyPolling);

    dial(): void {
      super._start();
    }

    greeted(frame: Unit): void {
      this._arrived(frame, GREETING_LINE);
    }

    failed(error: unknown): void {
      super._broke(error);
    }

    protected override _start(): void {
      this._old.start();
    }

    protected override _broke(error: unknown): void {
      if (this.readyState !== "opening" || !this._old.broke(error))
        super._broke(error);
    }

    protected override _ended(context: unknown): void {
      // After a failure there is a close, too; the search goes on.
      if (this.readyState !== "opening" || !this._old.searching)
        super._ended(context);
    }

    protected override _uri(
      scheme: string,
      stamp: boolean | undefined,
    ): string {
      return this._old.url(scheme) ?? super._uri(scheme, stamp);
    }

    protected override _stop(): void {
      this._old.stop();
      // Such servers would wait for us to come back.
      const farewell = this._old.way && this.opts.farewell(this.line);
      if (farewell !== undefined && this.readyState === "open")
        this._write([farewell], []);
      super._stop();
    }
  }

  return { polling: AnyPolling, websocket: AnyWebSocket };
}

/**
 * WebSocket: each message is one frame. What opens the socket differs between
 * browsers and Node.js, the rest is here.
 */
import { LINES, type Line } from "../dialects/dialect.js";
import type { Unit } from "../dialects/packet.js";
import {
  Transport,
  type FrameOptions,
  type TransportOptions,
} from "./transport.js";

/** An opened or opening WebSocket. */
export interface Wire {
  send(frame: Unit, options: FrameOptions): void;
  close(): void;
}

export abstract class BaseWebSocket extends Transport {
  readonly line: Line;
  protected _wire: Wire | undefined;

  constructor(opts: TransportOptions) {
    super(opts);
    this.line = opts.forceBase64 ? LINES.websocketText : LINES.websocket;
  }

  get name(): string {
    return "websocket";
  }

  /** Opens a socket, whose events call `_opened`, `_received`, `_broke` and `_ended`. */
  protected abstract _dial(uri: string): Wire;

  protected _start(): void {
    if (this.opts.forceBase64) this.query.b64 = 1;
    this._wire = this._dial(this._uri("ws", this.opts.timestampRequests));
  }

  protected _received(frame: Unit): void {
    this._arrived(frame);
  }

  protected _broke(error: unknown): void {
    if (this.readyState !== "closed") this._fail("websocket error", error);
  }

  protected _ended(context: unknown): void {
    if (this.readyState !== "closed") {
      this._closed({ description: "websocket connection closed", context });
    }
  }

  protected _write(
    frames: readonly Unit[],
    options: readonly FrameOptions[],
  ): void {
    frames.forEach((frame, i) => {
      try {
        this._wire?.send(frame, options[i] ?? {});
      } catch {
        // Already closed; its close event is on the way.
      }
    });
    // Writes of this tick that come later share the next batch.
    queueMicrotask(() => this._drained());
  }

  protected _stop(): void {
    this._wire?.close();
  }
}

/** The platform's WebSocket: browsers, Deno, Bun, workers. */
export class WebSocketTransport extends BaseWebSocket {
  protected _dial(uri: string): Wire {
    const { protocols } = this.opts;
    const socket = protocols
      ? new WebSocket(uri, protocols)
      : new WebSocket(uri);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this._opened();
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
      this._received(typeof data === "string" ? data : new Uint8Array(data));
    socket.onerror = (event) => this._broke(event);
    socket.onclose = (event) => this._ended(event);
    return socket as Wire;
  }
}

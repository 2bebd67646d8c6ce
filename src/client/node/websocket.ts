/**
 * WebSocket for Node.js: `ws` opens it, which takes headers, agents, TLS options
 * and compression. Where no more than that is needed, our own frames go on.
 */
import { WebSocket, type ClientOptions } from "ws";
import type { WebSocketHandler } from "../../carriers/websocket/carrier.js";
import { WebSocketClientEnd } from "../../carriers/websocket/client-end.js";
import type { Unit } from "../../dialects/packet.js";
import { isNode } from "../../node/is-node.js";
import { isolate } from "../isolate.js";
import type { FrameOptions } from "../transport.js";
import { WebSocketTransport, type Wire } from "../websocket.js";
import { clientPorts } from "./frame-ports.js";
import { HandshakeStream } from "./handshake.js";
import type { Line } from "./line.js";
import { pick } from "./pick.js";

const OPTIONS = [
  "agent",
  "pfx",
  "key",
  "passphrase",
  "cert",
  "ca",
  "ciphers",
  "rejectUnauthorized",
  "localAddress",
  "protocolVersion",
  "origin",
  "maxPayload",
  "family",
  "checkServerIdentity",
];

const CONNECT = ["createConnection"];

/** In bytes, as in `ws`. */
const MAX_PAYLOAD = 100 * 1024 * 1024;

const SETTLED = Promise.resolve();

export class NodeWebSocket
  extends WebSocketTransport
  implements WebSocketHandler<WebSocketClientEnd>
{
  private _line: Line | undefined = undefined;
  private _own: WebSocketClientEnd | undefined = undefined;

  protected override _dial(uri: string): Wire {
    const { opts } = this;
    const {
      perMessageDeflate = { threshold: 1024 },
      extraHeaders,
      autoUnref,
      protocols,
    } = opts;
    const headers: Record<string, string> = { ...extraHeaders };
    opts.cookieJar?.addTo(headers);
    let stream: HandshakeStream | undefined;
    const createConnection = (given: object) =>
      (stream = new HandshakeStream(given, uri.startsWith("wss:")));
    const options: ClientOptions = {
      ...pick(opts, OPTIONS),
      // An agent makes the connections that it hands out.
      ...pick({ createConnection }, isNode && !opts.agent ? CONNECT : []),
      perMessageDeflate,
      headers,
    };
    const socket = new WebSocket(uri, protocols, options);
    if (autoUnref)
      socket.on("upgrade", (response) => (stream ?? response.socket).unref());
    socket.on("open", () => {
      if (stream && !socket.extensions) this._take(stream, options.maxPayload);
      else this._opened();
    });
    socket.on("message", (data: Buffer, binary) =>
      this._received(binary ? data : data.toString()),
    );
    socket.on("error", (error) => this._broke(error));
    socket.on("close", (code, reason) => this.closed(code, reason.toString()));
    return {
      send: (frame: Unit, { compress = true }: FrameOptions) => {
        const small =
          perMessageDeflate &&
          Buffer.byteLength(frame) < perMessageDeflate.threshold;
        socket.send(frame, { compress: compress && !small });
      },
      close: () => socket.close(),
    };
  }

  /** @internal */
  frame(unit: Unit): void {
    // A listener that throws must not leave the frames behind this one unread.
    isolate(() => this._received(unit));
  }

  /** @internal */
  error(error: Error): void {
    this._broke(error);
  }

  /** @internal */
  closed(code: number, reason: string): void {
    this._ended({ code, reason });
  }

  protected override _write(
    frames: readonly Unit[],
    options: readonly FrameOptions[],
  ): void {
    const { _own } = this;
    if (!_own) return super._write(frames, options);
    _own.send(frames);
    // With an object of Node's for each task, `queueMicrotask` was 0.7 us of 15.6.
    void SETTLED.then(() => isolate(() => this._drained()));
  }

  protected override _stop(): void {
    super._stop();
    this._own?.close();
    this._line?.expire();
  }

  private _take(stream: HandshakeStream, maxPayload = MAX_PAYLOAD): void {
    const { holder, rest } = stream.handOver((line) => {
      this._line = line;
      return new WebSocketClientEnd(line, this, maxPayload, clientPorts);
    });
    this._own = holder;
    // It is all that still holds what the handshake needed.
    this._wire = undefined;
    this._opened();
    if (rest) holder.receive(rest);
  }
}

/** WebSocket with `ws`, which takes headers, agents, TLS options and compression. */
import { WebSocket, type ClientOptions } from "ws";
import type { Unit } from "../../dialects/packet.js";
import type { FrameOptions } from "../transport.js";
import { WebSocketTransport, type Wire } from "../websocket.js";
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

export class NodeWebSocket extends WebSocketTransport {
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
    const options: ClientOptions = {
      ...pick(opts, OPTIONS),
      perMessageDeflate,
      headers,
    };
    const socket = new WebSocket(uri, protocols, options);
    if (autoUnref) socket.on("upgrade", (response) => response.socket.unref());
    socket.on("open", () => this._opened());
    socket.on("message", (data: Buffer, binary) =>
      this._received(binary ? data : data.toString()),
    );
    socket.on("error", (error) => this._broke(error));
    socket.on("close", (code, reason) =>
      this._ended({ code, reason: reason.toString() }),
    );
    return {
      send: (frame: Unit, { compress = true }: FrameOptions) => {
        const small =
          perMessageDeflate !== false &&
          Buffer.byteLength(frame) < perMessageDeflate.threshold;
        socket.send(frame, { compress: compress && !small });
      },
      close: () => socket.close(),
    };
  }
}

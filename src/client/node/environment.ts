/** Node.js, Bun and Deno: transports that take headers, agents and TLS options, a cookie jar, and `Buffer`. */
import { eio3 } from "../../dialects/eio3.js";
import { eio4 } from "../../dialects/eio4.js";
import type { Environment } from "../environment.js";
import { implicitRoot } from "../implicit-root.js";
import { recognise } from "../recognition.js";
import { WebTransportTransport } from "../webtransport.js";
import { NodeCookieJar } from "./cookie-jar.js";
import { NodeXHR } from "./http.js";
import { NodeWebSocket } from "./websocket.js";

export const environment: Environment = {
  transports: {
    polling: NodeXHR,
    websocket: NodeWebSocket,
    webtransport: WebTransportTransport,
  },
  binaryType: "nodebuffer",
  generations: { "4.x": eio4, "2.x": eio3 },
  recognise,
  implicitRoot,
  dialectOptions: {
    base64: {
      encode: (bytes) => toBuffer(bytes).toString("base64"),
      decode: (text) => Buffer.from(text, "base64"),
    },
    bytes: toBuffer,
  },
  createCookieJar: () => new NodeCookieJar(),
};

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

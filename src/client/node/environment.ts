/** Node.js, Bun and Deno: transports that take headers, agents and TLS options, a cookie jar, and `Buffer`. */
import type { Environment } from "../environment.js";
import { generations } from "../old/dialects.js";
import { recogniseAny } from "../old/recognition.js";
import { rootOfAny } from "../old/root.js";
import { transportsOver } from "../old/transports.js";
import { WebTransportTransport } from "../webtransport.js";
import { NodeCookieJar } from "./cookie-jar.js";
import { NodeXHR } from "./http.js";
import { NodeWebSocket } from "./websocket.js";

export const environment: Environment = {
  transports: {
    ...transportsOver(NodeXHR, NodeWebSocket),
    webtransport: WebTransportTransport,
  },
  binaryType: "nodebuffer",
  generations,
  recognise: recogniseAny,
  implicitRoot: rootOfAny,
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

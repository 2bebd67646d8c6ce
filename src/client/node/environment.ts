/** Node.js, Bun and Deno: transports that take headers, agents and TLS options, a cookie jar, and `Buffer`. */
import type { Dialect, DialectFactory } from "../../dialects/dialect.js";
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
  generations: Object.fromEntries(
    Object.entries(generations).map(([name, make]) => [name, shared(make)]),
  ),
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

/** One for all connections that want nothing special of it: dialects keep nothing of a connection. */
function shared(make: DialectFactory): DialectFactory {
  let usual: Dialect | undefined;
  return (options = {}) =>
    options.parser || options.maxAttachments !== undefined
      ? make(options)
      : (usual ??= make(options));
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * The server as a request listener, for programs that make their HTTP server
 * themselves or call it from a framework.
 *
 * @example
 * const handler = io.handler();
 * createServer(handler).on("upgrade", handler.upgrade).listen(3000);
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { AttachOptions } from "../../server/options.js";
import { beside } from "./beside.js";
import { clientFiles } from "./client-requests.js";
import type { NodeEngine } from "./engine.js";
import { hangUp } from "./hang-up.js";

/** A listener of the event `request`, and a middleware of Express and Connect. */
export interface NodeHandler {
  /** Without `next`, requests that are nobody's are answered with 404. */
  (
    request: IncomingMessage,
    response: ServerResponse,
    next?: (error?: unknown) => void,
  ): void;
  /** The listener of the event `upgrade`. Connections that are not ours are closed. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Uint8Array): void;
}

/** What `io.handler()` hands to the runtime, to be filled. */
export class HandlerPlace {
  handler: NodeHandler | undefined = undefined;
}

export function makeHandler(
  engine: NodeEngine,
  options: AttachOptions & { serveClient: boolean },
): NodeHandler {
  engine.mountAt(options);
  const files = options.serveClient ? clientFiles(engine) : undefined;
  const others = beside(options);
  const handle = (
    request: IncomingMessage,
    response: ServerResponse,
    next?: (error?: unknown) => void,
  ) => {
    const nobody = () => {
      if (next) next();
      else
        response
          .writeHead(404, { "Content-Type": "text/plain; charset=utf-8" })
          .end("Not Found\n");
    };
    const engineOrOthers = () => {
      if (engine.owns(request)) engine.handleRequest(request, response);
      else if (others) others(request, response, nobody);
      else nobody();
    };
    if (files) files(request, response, engineOrOthers);
    else engineOrOthers();
  };
  return Object.assign(handle, {
    upgrade(request: IncomingMessage, socket: Duplex, head: Uint8Array) {
      if (engine.owns(request) && engine.transports.includes("websocket"))
        return engine.handleUpgrade(request, socket, head);
      socket.on("error", () => socket.destroy());
      hangUp(socket);
    },
  });
}

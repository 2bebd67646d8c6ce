/**
 * Puts an engine onto a Node server, or makes one for a port, with the client
 * files, files of the application and another application beside it.
 */
import { createServer, type Server as HttpServer } from "node:http";
import type { AttachOptions } from "../../server/options.js";
import type { Mounted } from "../../server/runtime.js";
import { beside } from "./beside.js";
import { clientFiles } from "./client-requests.js";
import type { NodeEngine } from "./engine.js";
import {
  answerFlashPolicy,
  flashPolicy,
  serveFlashPolicy,
} from "./flash-policy.js";
import { HandlerPlace, makeHandler } from "./handler.js";
import { takeRequests } from "./take-requests.js";

/**
 * @param target a server of `http`, `https` or `http2`, or a port
 * @throws {TypeError} it is neither
 */
export function mount(
  engine: NodeEngine,
  target: unknown,
  options: AttachOptions & { serveClient: boolean },
): Mounted {
  if (target instanceof HandlerPlace) {
    target.handler = makeHandler(engine, options);
    return { httpServer: undefined, close: () => Promise.resolve() };
  }
  const others = beside(options);
  const server = isServer(target) ? target : listen(target);
  if (others) takeRequests(server, others);
  engine.attach(server, options);
  if (options.serveClient) engine.takeRequests(server, clientFiles(engine));
  const policyServer = offerFlashPolicy(server, options.flashPolicy);
  return {
    httpServer: server,
    close: () =>
      new Promise((resolve, reject) => {
        policyServer?.close();
        // Also that it was not listening: the reference passes it on.
        server.close((error) => (error ? reject(error) : resolve()));
        engine.closeSilent();
      }),
  };
}

function offerFlashPolicy(
  server: HttpServer,
  options: AttachOptions["flashPolicy"],
): { close(): unknown } | undefined {
  if (options === false) return undefined;
  const policy = flashPolicy(options.rules);
  answerFlashPolicy(server, policy);
  return options.port === false
    ? undefined
    : serveFlashPolicy(policy, {
        port: options.port,
        failed: (message) => console.warn(`omnio: ${message}`),
      });
}

function isServer(target: unknown): target is HttpServer {
  return (
    typeof target === "object" &&
    target !== null &&
    "removeAllListeners" in target &&
    "listen" in target
  );
}

function listen(target: unknown): HttpServer {
  const port = typeof target === "string" ? Number(target) : target;
  if (typeof port !== "number" || !Number.isInteger(port) || port < 0) {
    throw new TypeError(
      "cannot attach to this: expected an HTTP server or a port number" +
        (typeof target === "function"
          ? ", not a function (an Express application is one: pass http.createServer(app))"
          : ""),
    );
  }
  const server = createServer((_request, response) => {
    response.writeHead(404).end();
  });
  server.listen(port);
  return server;
}

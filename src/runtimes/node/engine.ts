/**
 * The engine on Node's HTTP servers: `http`, `https` and `http2` with its
 * HTTP/1 fallback. Runs the application's middlewares over every request and
 * every upgrade before the engine sees them.
 */
import type {
  IncomingMessage,
  Server as HttpServer,
  ServerResponse,
} from "node:http";
import type { Duplex } from "node:stream";
import cors from "cors";
import type { HostedDialect } from "../../dialects/dialect.js";
import { BaseEngine } from "../../server/engine.js";
import { CODES, plainRefusal, refusal } from "../../server/gate.js";
import { attempt } from "../../server/middleware.js";
import type { AttachOptions, EngineOptions } from "../../server/options.js";
import type { Engine, Middleware } from "../../server/runtime.js";
import { hangUp } from "./hang-up.js";
import { NodeHttpCall } from "./http-call.js";
import { NodeOpening } from "./opening.js";
import { isOriginAllowed } from "./origin.js";
import { clock, defer, randomDigits, randomId } from "./platform.js";
import { asksOf, withQuery } from "./query.js";
import { takeRequests } from "./take-requests.js";
import { NodeUpgradeCall } from "./upgrade-call.js";
import { WebSockets } from "./websockets.js";

export class NodeEngine extends BaseEngine implements Engine {
  readonly #middlewares: Middleware[] = [];
  readonly #webSockets: WebSockets;
  readonly #threshold: number;
  #cors: Middleware | undefined = undefined;
  #mount = "/socket.io/";
  otherPaths: ((url: string) => string | undefined) | undefined = undefined;

  constructor(options: EngineOptions, dialects: readonly HostedDialect[]) {
    super(options, dialects, { clock, randomId, randomDigits, defer });
    this.#webSockets = new WebSockets(options);
    this.#threshold =
      options.httpCompression === false
        ? Infinity
        : options.httpCompression.threshold;
    if (options.cors !== false) this.use((this.#cors = cors(options.cors)));
  }

  /** The CORS rules alone, for answers that are not the engine's. */
  applyCors(
    request: IncomingMessage,
    response: ServerResponse,
    next: () => void,
  ): void {
    if (this.#cors === undefined) next();
    else this.#cors(request, response, next);
  }

  /** Adds a middleware that sees every HTTP request and every upgrade of this engine. */
  use(middleware: Middleware): this {
    this.#middlewares.push(middleware);
    return this;
  }

  /** Answers an HTTP request: to mount the engine by hand. */
  handleRequest(incoming: IncomingMessage, response: ServerResponse): void {
    const request = withQuery(incoming);
    const call = new NodeHttpCall(
      request,
      asksOf(request, this.#mountOf(request) ?? this.#mount, false),
      response,
      this.#threshold,
    );
    this.#admit(
      request,
      () => response,
      (failure) => {
        if (failure === undefined) return this.handleCall(call);
        this.emit("connection_error", { req: request, ...failure });
        call.answer(plainRefusal(failure));
      },
    );
  }

  /** Answers an HTTP upgrade request: to mount the engine by hand. */
  handleUpgrade(
    incoming: IncomingMessage,
    socket: Duplex,
    head: Uint8Array,
  ): void {
    this.#upgrade(incoming, socket, head, true);
  }

  #upgrade(
    incoming: IncomingMessage,
    socket: Duplex,
    head: Uint8Array,
    othersSeeIt: boolean,
  ): void {
    const seen =
      othersSeeIt || "_query" in incoming || this.#middlewares.length > 0;
    const request = withQuery(incoming);
    const call = new NodeUpgradeCall(
      request,
      asksOf(request, this.#mountOf(request) ?? this.#mount, true),
      socket,
      head,
      this.#webSockets,
      new NodeOpening(request, seen),
    );
    this.#admit(
      request,
      () => call.response,
      (failure) => {
        if (call.gone) return;
        if (failure === undefined) return this.handleStream(call, {});
        this.emit("connection_error", { req: request, ...failure });
        call.refuse(plainRefusal(failure));
      },
    );
  }

  /** Takes the requests below `path` from a server; its other listeners get the rest. */
  attach(server: HttpServer, options: Partial<AttachOptions> = {}): this {
    const mount = mountPath(options);
    this.#mount = mount;
    const ours = (request: IncomingMessage) =>
      this.#mountOf(request) !== undefined;
    server.on("close", () => this.close());
    server.on("listening", () => this.reopen());
    takeRequests(server, (request, response) => {
      if (!ours(request)) return false;
      this.handleRequest(request, response);
      return true;
    });
    if (!this.transports.includes("websocket")) return this;
    const { destroyUpgrade = true, destroyUpgradeTimeout = 1000 } = options;
    server.on("upgrade", (request, socket, head) => {
      if (ours(request)) {
        const others = server.listenerCount("upgrade") > 1;
        return this.#upgrade(request, socket, head, others);
      }
      // Without a listener the socket takes the process with it when it fails.
      socket.on("error", () => socket.destroy());
      if (destroyUpgrade) endUnlessAnswered(socket, destroyUpgradeTimeout);
    });
    return this;
  }

  #mountOf({ url = "" }: IncomingMessage): string | undefined {
    return url.startsWith(this.#mount) ? this.#mount : this.otherPaths?.(url);
  }

  // Runs the middlewares, then checks the origin where that is asked for.
  #admit(
    request: IncomingMessage,
    responseOf: () => ServerResponse,
    then: (failure?: ReturnType<typeof refusal>) => void,
  ): void {
    if (this.#middlewares.length === 0 && !this.opts.enforceOrigin)
      return then();
    const response = responseOf();
    const run = (index: number): void => {
      const middleware = this.#middlewares[index];
      if (middleware === undefined) {
        then(
          !this.opts.enforceOrigin || isOriginAllowed(request, response)
            ? undefined
            : refusal(CODES.FORBIDDEN, { name: "ORIGIN_NOT_ALLOWED" }),
        );
        return;
      }
      let called = false;
      const next = (error?: unknown) => {
        if (called) return;
        called = true;
        if (error === undefined || error === null) run(index + 1);
        else
          then(
            refusal(CODES.BAD_REQUEST, { name: "MIDDLEWARE_FAILURE", error }),
          );
      };
      attempt(
        () => middleware(request, response, next),
        (error) => next(error ?? new Error("a middleware failed")),
      );
    };
    run(0);
  }
}

/** The path whose requests are ours, with its slash at the end unless that is turned off. */
export function mountPath({
  path = "/socket.io",
  addTrailingSlash = true,
}: Partial<AttachOptions>): string {
  const bare = path.replace(/\/$/, "");
  return addTrailingSlash ? `${bare}/` : bare;
}

/** Node leaves an upgrade that nobody answers open for ever once somebody listens. */
function endUnlessAnswered(socket: Duplex, ms: number): void {
  clock.after(ms, () => {
    const answered =
      "bytesWritten" in socket && Number(socket.bytesWritten) > 0;
    if (socket.writable && !answered) hangUp(socket);
  });
}

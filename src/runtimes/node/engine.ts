/**
 * The engine on Node's HTTP servers: `http`, `https` and `http2` with its
 * HTTP/1 fallback. Runs the application's middlewares over every request and
 * every upgrade before the engine sees them.
 */
import type {
  IncomingMessage,
  RequestListener,
  Server as HttpServer,
  ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { RequestHead } from "../../carriers/request-head.js";
import type { HostedDialect } from "../../dialects/dialect.js";
import { BaseEngine } from "../../server/engine.js";
import { plainRefusal } from "../../server/gate.js";
import type { AttachOptions, EngineOptions } from "../../server/options.js";
import type { Engine, Middleware } from "../../server/runtime.js";
import { Admission } from "../admission.js";
import { isClientFile } from "../client-files.js";
import { isBelow, restBelow } from "../mount-path.js";
import { FrontDoor } from "./front-door.js";
import { hangUp } from "./hang-up.js";
import { NodeHttpCall } from "./http-call.js";
import type { KeptConnection } from "./kept-connection.js";
import { NodeOpening } from "./opening.js";
import { PlainCall } from "./plain-call.js";
import { clock, randomDigits, randomId } from "./platform.js";
import { defer } from "./turn.js";
import { asksOf, parseQuery, withQuery } from "./query.js";
import { takeRequests, type Taker } from "./take-requests.js";
import { isUnwatched } from "./unwatched.js";
import { NodeUpgradeCall } from "./upgrade-call.js";
import { WebSockets } from "./websockets.js";

type UpgradeListener = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
) => void;

const NOTHING = new Uint8Array(0);

export class NodeEngine extends BaseEngine implements Engine {
  readonly #admission: Admission;
  readonly #webSockets: WebSockets;
  readonly #threshold: number;
  #mount = "/socket.io/";
  #door: FrontDoor | undefined = undefined;
  /** Ours, among the server's. */
  #listener: RequestListener | undefined = undefined;
  otherPaths: ((url: string) => string | undefined) | undefined = undefined;

  constructor(options: EngineOptions, dialects: readonly HostedDialect[]) {
    super(options, dialects, { clock, randomId, randomDigits, defer });
    this.#webSockets = new WebSockets(options);
    this.#threshold =
      options.httpCompression === false
        ? Infinity
        : options.httpCompression.threshold;
    this.#admission = new Admission(options);
  }

  /** The CORS rules alone, for answers that are not the engine's. */
  applyCors(
    request: IncomingMessage,
    response: ServerResponse,
    next: () => void,
  ): void {
    this.#admission.applyCors(request, response, next);
  }

  /** Adds a middleware that sees every HTTP request and every upgrade of this engine. */
  use(middleware: Middleware): this {
    this.#admission.use(middleware);
    return this;
  }

  /** Closes what has said nothing, so that its server need not wait for it. */
  closeSilent(): void {
    this.#door?.closeSilent();
  }

  /** Answers an HTTP request: to mount the engine by hand. */
  handleRequest(incoming: IncomingMessage, response: ServerResponse): void {
    const request = withQuery(incoming);
    // Whoever tries again on a connection that HTTP keeps would keep the server
    // from its end for as long as it goes on.
    if (this.isClosed) response.shouldKeepAlive = false;
    const call = new NodeHttpCall(
      request,
      asksOf(request, this.#mountOf(request) ?? this.#mount, false),
      response,
      this.#threshold,
    );
    if (this.#admission.isOpen) return this.handleCall(call);
    this.#admission.admit(
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
    const seen = othersSeeIt || "_query" in incoming || this.#admission.asks;
    const request = withQuery(incoming);
    const call = new NodeUpgradeCall(
      request,
      new NodeOpening(request, seen),
      asksOf(
        request,
        this.#mountOf(request) ?? this.#mount,
        true,
        request.headers["user-agent"],
      ),
      socket,
      head,
      this.#webSockets,
    );
    this.#admission.admit(
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

  /**
   * Takes a WebSocket that Node has made no request of, if it is for us and
   * nobody else wants to see it.
   */
  #takeHead(head: RequestHead, socket: Socket): boolean {
    const mount = this.#mountOf(head);
    if (
      mount === undefined ||
      !this.#admission.isOpen ||
      this.#webSockets.byLibrary
    )
      return false;
    const { method, url, headers } = head;
    const _query = parseQuery(url);
    const call = new NodeUpgradeCall(
      head,
      NodeOpening.read(socket, head),
      asksOf({ method, url, _query }, mount, true, headers["user-agent"]),
      socket,
      NOTHING,
      this.#webSockets,
    );
    this.handleStream(call, {});
    return true;
  }

  /** Whether a request is ours, and nobody else wants to see it. */
  #wants(server: HttpServer, head: RequestHead): boolean {
    return (
      this.#mountOf(head) !== undefined &&
      // The client's files lie below the same path.
      !isClientFile(this.below(head) ?? "") &&
      this.#admission.isOpen &&
      !this.isClosed &&
      // Programs put a method of their own in its place.
      this.handleRequest === NodeEngine.prototype.handleRequest &&
      this.listenerCount("initial_headers") === 0 &&
      this.listenerCount("headers") === 0 &&
      this.#listener !== undefined &&
      isUnwatched(server, this.#listener)
    );
  }

  /** Takes a request that Node has not read. */
  #takeRequest(
    head: RequestHead,
    body: Buffer,
    connection: KeptConnection,
  ): void {
    const { method, url } = head;
    const asks = asksOf(
      { method, url, _query: parseQuery(url) },
      this.#mountOf(head) ?? this.#mount,
      false,
    );
    this.handleCall(
      new PlainCall(
        connection,
        head,
        body,
        asks,
        this.#threshold,
        this.#isLast,
      ),
    );
  }

  /** Whoever tries again on a connection that is kept would keep the server from its end. */
  readonly #isLast = (): boolean => this.isClosed;

  /** Puts a taker of requests before those that the server has. */
  takeRequests(server: HttpServer, take: Taker): void {
    this.#listener = takeRequests(server, take);
  }

  /** Says which requests are ours: those below `path`. */
  mountAt(options: Partial<AttachOptions>): void {
    this.#mount = mountPath(options);
  }

  /** Whether a request is for us. */
  owns(request: IncomingMessage): boolean {
    return this.#mountOf(request) !== undefined;
  }

  /** What a request's path says below `path`, without the query; `undefined`: it is not below it. */
  below({ url = "" }: Pick<IncomingMessage, "url">): string | undefined {
    if (!isBelow(url, this.#mount)) return undefined;
    const end = url.search(/[?#]/);
    return restBelow(end < 0 ? url : url.slice(0, end), this.#mount);
  }

  /** Takes the requests below `path` from a server; its other listeners get the rest. */
  attach(server: HttpServer, options: Partial<AttachOptions> = {}): this {
    this.mountAt(options);
    server.on("close", () => this.close());
    server.on("listening", () => this.reopen());
    this.takeRequests(server, (request, response, pass) => {
      if (this.owns(request)) this.handleRequest(request, response);
      else pass();
    });
    const upgrades = this.transports.includes("websocket")
      ? this.#listenForUpgrades(server, options)
      : undefined;
    this.#door = FrontDoor.at(server, {
      // Who has taken our listener away wants no upgrades to come to us.
      webSocket: (head, socket) =>
        upgrades !== undefined &&
        server.listenerCount("upgrade", upgrades) === 1 &&
        server.listenerCount("upgrade") === 1 &&
        this.#takeHead(head, socket),
      wants: (head) => this.#wants(server, head),
      request: (...request) => this.#takeRequest(...request),
    });
    return this;
  }

  #listenForUpgrades(
    server: HttpServer,
    options: Partial<AttachOptions>,
  ): UpgradeListener {
    const { destroyUpgrade = true, destroyUpgradeTimeout = 1000 } = options;
    const others = () => server.listenerCount("upgrade") > 1;
    const listener: UpgradeListener = (request, socket, head) => {
      if (this.owns(request))
        return this.#upgrade(request, socket, head, others());
      // Without a listener the socket takes the process with it when it fails.
      socket.on("error", () => socket.destroy());
      if (destroyUpgrade) endUnlessAnswered(socket, destroyUpgradeTimeout);
    };
    server.on("upgrade", listener);
    return listener;
  }

  #mountOf({ url = "" }: Pick<IncomingMessage, "url">): string | undefined {
    return isBelow(url, this.#mount) ? this.#mount : this.otherPaths?.(url);
  }
}

/** The path whose requests are ours, with its slash at the end unless that is turned off. */
function mountPath({
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

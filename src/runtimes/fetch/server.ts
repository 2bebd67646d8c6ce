/**
 * The server for any runtime that answers a `Request` with a `Response`. Clients
 * poll; where the runtime can make a WebSocket of a request, they use that, too.
 */
import type { ServerOptions } from "../../server/options.js";
import { BaseServer } from "../../server/server.js";
import type {
  Any,
  DefaultEventsMap,
  EventsMap,
} from "../../server/typed-events.js";
import { mountedSite } from "./mounted-site.js";
import { fetchRuntime } from "./runtime.js";
import { standardUpgrade, type WebSocketPair } from "./standard-socket.js";

/**
 * Answers requests. It is a function, and an object with itself as `fetch`, so
 * that it can be what a module exports.
 */
export interface FetchHandler {
  (request: Request, ...context: unknown[]): Promise<Response>;
  fetch(request: Request, ...context: unknown[]): Promise<Response>;
}

/** What a runtime can do beside answering. `context`: what it hands over beside the request. */
export interface FetchHost {
  /**
   * Makes a WebSocket of a request, as `Deno.upgradeWebSocket` does; throws if
   * the request is no handshake. @default none: clients stay with polling
   */
  upgradeWebSocket?(request: Request, ...context: unknown[]): WebSocketPair;
  /** Where a request comes from. @default "" */
  remoteAddress?(request: Request, ...context: unknown[]): string;
}

const runtime = fetchRuntime({ name: "servers of fetch", webSockets: false });

/**
 * @example
 * const io = new Server();
 * io.on("connection", (socket) => socket.emit("hello"));
 * export default io.handler();
 */
export class Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = Any,
> extends BaseServer<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  /** @throws {TypeError} an option cannot work */
  constructor(opts: ServerOptions = {}) {
    super(runtime, opts);
  }

  /**
   * The server as a function of requests.
   *
   * @throws {TypeError} an option cannot work
   */
  override handler(
    host: FetchHost = {},
    opts: ServerOptions = {},
  ): FetchHandler {
    const site = mountedSite(this, opts);
    site.engine.webSockets = host.upgradeWebSocket !== undefined;
    const upgrade = (request: Request, context: unknown[]) =>
      standardUpgrade(() => {
        const pair = host.upgradeWebSocket?.(request, ...context);
        if (pair === undefined) throw new Error("there is no WebSocket here");
        return pair;
      });
    const fetch = async (request: Request, ...context: unknown[]) => {
      const visit = {
        remoteAddress: host.remoteAddress?.(request, ...context) ?? "",
        upgrade: upgrade(request, context),
      };
      const answer = await site.answer(request, visit, context);
      if (answer === undefined) throw new Error("a request was not answered");
      return answer;
    };
    return Object.assign(fetch, { fetch });
  }
}

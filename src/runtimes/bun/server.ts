/** The server in Bun, on Bun's own HTTP and WebSocket server. */
import type { ServerOptions } from "../../server/options.js";
import { BaseServer } from "../../server/server.js";
import type {
  Any,
  DefaultEventsMap,
  EventsMap,
} from "../../server/typed-events.js";
import { mountedSite } from "../fetch/mounted-site.js";
import { fetchRuntime } from "../fetch/runtime.js";
import type { Site } from "../fetch/site.js";
import { bun, type BunServeOptions, type BunServer } from "./bun.js";
import {
  bunUpgrade,
  webSocketHandler,
  type BunSocketData,
} from "./websockets.js";

/** For `Bun.serve`, or as what a module exports. */
export type BunHandler = BunServeOptions<BunSocketData>;

const runtime = fetchRuntime({
  name: "Bun",
  webSockets: true,
  listen(site, port) {
    const server = bun().serve({ port, ...handlerOf(site) });
    return { httpServer: server, close: () => server.stop() };
  },
});

function handlerOf(site: Site): BunHandler {
  return {
    fetch(request, server) {
      // A poll is held for as long as there is nothing to say.
      server.timeout(request, 0);
      const visit = {
        remoteAddress: server.requestIP(request)?.address ?? "",
        upgrade: bunUpgrade(server, request),
      };
      return site.answer(request, visit, [server]);
    },
    websocket: webSocketHandler(site.engine),
  };
}

/**
 * Serves every generation of clients that its options let in, on one port.
 *
 * @example
 * const io = new Server(3000);
 * io.on("connection", (socket) => socket.emit("hello"));
 */
export class Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = Any,
> extends BaseServer<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  /** What `Bun.serve` returned, once listening. */
  declare httpServer: BunServer;

  /**
   * @param port to listen on; without one, call `listen` or `handler`
   * @throws {TypeError} an option cannot work
   */
  constructor(opts?: ServerOptions);
  constructor(port?: number | string, opts?: ServerOptions);
  constructor(port?: number | string | ServerOptions, opts?: ServerOptions) {
    super(runtime, port, opts);
  }

  /**
   * The server as options of `Bun.serve`: to listen with options of your own,
   * such as `routes` or `tls`.
   *
   * @example
   * const io = new Server();
   * export default { port: 3000, ...io.handler() };
   * @throws {TypeError} an option cannot work
   */
  override handler(opts: ServerOptions = {}): BunHandler {
    return handlerOf(mountedSite(this, opts));
  }
}

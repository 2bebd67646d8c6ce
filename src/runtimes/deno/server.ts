/** The server in Deno, on Deno's own HTTP and WebSocket server. */
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
import { standardUpgrade } from "../fetch/standard-socket.js";
import { deno, type DenoInfo, type DenoServer } from "./deno.js";

type Answer = (request: Request, info: DenoInfo) => Promise<Response>;

/** For `Deno.serve`, or, as it is also its own `fetch`, as what a module exports for `deno serve`. */
export type DenoHandler = Answer & { fetch: Answer };

const runtime = fetchRuntime({
  name: "Deno",
  webSockets: true,
  listen(site, port) {
    const server = deno().serve({ port, onListen() {} }, answerOf(site));
    return { httpServer: server, close: () => server.shutdown() };
  },
});

function answerOf(site: Site): Answer {
  return async (request, info) => {
    const visit = {
      remoteAddress: info.remoteAddr.hostname ?? "",
      upgrade: standardUpgrade(() =>
        // The heartbeat is Engine.IO's.
        deno().upgradeWebSocket(request, { idleTimeout: 0 }),
      ),
    };
    const answer = await site.answer(request, visit, [info]);
    if (answer === undefined) throw new Error("a request was not answered");
    return answer;
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
  /** What `Deno.serve` returned, once listening. */
  declare httpServer: DenoServer;

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
   * The server as a function of requests: `Deno.serve(io.handler())`.
   *
   * @throws {TypeError} an option cannot work
   */
  override handler(opts: ServerOptions = {}): DenoHandler {
    const fetch = answerOf(mountedSite(this, opts));
    return Object.assign(
      (request: Request, info: DenoInfo) => fetch(request, info),
      { fetch },
    );
  }
}

/**
 * The server on Node: the public `Server`.
 */
import { BaseServer, type TServerInstance } from "../../server/server.js";
import type { ServerOptions } from "../../server/options.js";
import type {
  Any,
  DefaultEventsMap,
  EventsMap,
} from "../../server/typed-events.js";
import { HandlerPlace, type NodeHandler } from "./handler.js";
import { nodeRuntime } from "./runtime.js";

/**
 * Serves every generation of clients that its options let in, on one port.
 *
 * @example
 * const io = new Server(3000, { allowEIO3: true });
 * io.on("connection", (socket) => {
 *   socket.on("hello", (name, answer) => answer(`hello ${name}`));
 * });
 */
export class Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = Any,
> extends BaseServer<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  /** The native server, once attached. */
  declare httpServer: TServerInstance;

  /**
   * @param srv a server of `http`, `https` or `http2`, or a port; without one, call `attach` or `listen`
   * @throws {TypeError} an option cannot work
   */
  constructor(opts?: ServerOptions);
  constructor(srv?: TServerInstance | number | string, opts?: ServerOptions);
  constructor(
    srv?: TServerInstance | number | string | ServerOptions,
    opts?: ServerOptions,
  ) {
    super(nodeRuntime, srv, opts);
  }

  /**
   * The server as a request listener, with a listener for upgrades as its
   * `upgrade`: for HTTP servers that the program makes itself.
   *
   * @throws {TypeError} an option cannot work
   */
  override handler(opts: ServerOptions = {}): NodeHandler {
    const place = new HandlerPlace();
    this._mount(place, opts);
    if (place.handler === undefined) throw new Error("nothing was mounted");
    return place.handler;
  }
}

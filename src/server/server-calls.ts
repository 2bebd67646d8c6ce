/**
 * What a server has beyond the calls of its namespaces: handler classes, and
 * tasks that run beside the handlers.
 */
import { Calls } from "./calls.js";
import { ConnectionHandler } from "./handlers/connection-handler.js";
import type { Fitting } from "./handlers/handler-types.js";
import type { NamespaceHandler } from "./handlers/namespace-handler.js";
import {
  Resources,
  type ConnectionHandlerClass,
} from "./handlers/resources.js";
import type { CatchAllHandler, Handler } from "./handlers/target.js";
import { HandlerTable } from "./handlers/table.js";
import { instrument, type InstrumentOptions } from "./instrument.js";
import type { ServerReservedEventsMap, Namespace } from "./namespace.js";
import type { HandlerErrorContext } from "./options.js";
import type { Runtime } from "./runtime.js";
import type { EventsMap } from "./typed-events.js";

export abstract class ServerCalls<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> extends Calls<
  ListenEvents,
  EmitEvents,
  ServerSideEvents,
  ServerReservedEventsMap<
    ListenEvents,
    EmitEvents,
    ServerSideEvents,
    SocketData
  >,
  SocketData
> {
  abstract readonly _runtime: Runtime;
  abstract readonly _nsps: ReadonlyMap<
    string,
    Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
  >;
  /** The handlers for all namespaces. */
  readonly _everywhere = new HandlerTable();
  /** Paths beside the server's own that lead to it. */
  _resources: Resources | undefined = undefined;

  abstract of(
    name: string | RegExp,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  abstract close(): Promise<void>;
  abstract _report(error: unknown, context: HandlerErrorContext): void;

  /**
   * Makes the methods of an object the handlers of its namespace's events.
   * Functions given to `handle` come first.
   *
   * @throws {TypeError} a method that no event can reach, or a second class for the namespace
   */
  register<
    H extends NamespaceHandler<
      ListenEvents,
      EmitEvents,
      ServerSideEvents,
      SocketData
    >,
  >(handler: H & Fitting<H>): this {
    if (typeof handler?._join !== "function")
      throw new TypeError(
        'register: expected an object of a class that extends NamespaceHandler, such as new Chat("/chat")',
      );
    if (handler._name === "*")
      this._everywhere.register(handler._join(undefined), "*");
    else {
      const nsp = this.of(handler._name);
      nsp._handlers.register(handler._join(nsp), nsp.name);
    }
    return this;
  }

  /**
   * Makes an object of this class for every client of the root namespace: its
   * `onMessage` gets what the client sends. The other handlers come first.
   *
   * @param options - `path`: also listen on this path, with captured parts
   *   (`/echo/:room`, or a regular expression with named groups), for this
   *   class. @default the server's own path, for this class
   * @throws {TypeError} the class or the path cannot work
   */
  serve(
    handler: ConnectionHandlerClass,
    { path }: { path?: string | RegExp } = {},
  ): this {
    const resources = (this._resources ??= new Resources());
    resources.add(handler, ConnectionHandler.prototype, path);
    this._namespace("/")._handlers.serve(resources);
    return this;
  }

  /**
   * Runs a function beside what is going on now, and resolves to what it
   * returns. If it fails, `onHandlerError` is told, whether or not anybody waits.
   */
  startBackgroundTask<Args extends unknown[], Result>(
    task: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result> {
    const result = new Promise<void>((resolve) =>
      this._runtime.defer(resolve),
    ).then(() => task(...args));
    result.catch((error: unknown) =>
      this._report(error, {
        event: task.name || "background task",
        namespace: "",
        socketId: "",
      }),
    );
    return result;
  }

  /**
   * Lets the page of Socket.IO's Admin UI look at this server, and act on it.
   * Needs the package `@socket.io/admin-ui`; call it before clients come.
   *
   * @throws {TypeError} `auth` is not given
   * @throws {Error} the package is not installed, or refuses an option
   */
  instrument(options: InstrumentOptions): this {
    instrument(this._runtime, this, options);
    return this;
  }

  /** Resolves after so many seconds. */
  sleep(seconds = 0): Promise<void> {
    return new Promise((resolve) =>
      this._runtime.clock.after(seconds * 1000, resolve),
    );
  }

  /** The same as `close()`. */
  shutdown(): Promise<void> {
    return this.close();
  }

  _namespace(
    name = "/",
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const nsp = this._nsps.get(name.startsWith("/") ? name : `/${name}`);
    if (nsp === undefined)
      throw new Error(
        `there is no namespace "${name}": known are ${[...this._nsps.keys()].map((known) => `"${known}"`).join(", ")}; io.of("${name}") makes it`,
      );
    return nsp;
  }

  protected override declare(
    event: string,
    handler: Handler | CatchAllHandler,
    namespace = "/",
  ): void {
    const table =
      namespace === "*" ? this._everywhere : this.of(namespace)._handlers;
    table.handle(event, handler);
  }
}

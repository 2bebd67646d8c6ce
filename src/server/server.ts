/**
 * The public server, whatever runtime it lives in: namespaces by name, and the
 * engines that bring their clients. Most of its methods are those of the root
 * namespace.
 */
import { EventEmitter } from "node:events";
import type { Server as HttpServer } from "node:http";
import type { Http2SecureServer, Http2Server } from "node:http2";
import type { Server as HttpsServer } from "node:https";
import type { HostedDialect, RawPacket } from "../dialects/dialect.js";
import { host } from "../dialects/host.js";
import { stringify } from "../dialects/json.js";
import {
  Adapter,
  type AdapterConstructor,
  type AdapterInstance,
} from "./adapter.js";
import { BroadcastOperator, type Operator } from "./broadcast-operator.js";
import { Client } from "./client.js";
import { Patience } from "./patience.js";
import type { Connection } from "./connection.js";
import { LastEncoded } from "./encoded.js";
import { makeEncoder } from "./encoder.js";
import { Downgrade } from "./downgrade.js";
import { bindForeignEngine, type ForeignEngine } from "./foreign-engine.js";
import {
  logOptions,
  serverLogs,
  watchEngine,
  watchNamespaces,
  type ServerLogs,
} from "./logging.js";
import type { Namespace } from "./namespace.js";
import {
  NamespaceTable,
  type ParentNspNameMatchFn,
} from "./namespace-table.js";
import type { HandlerErrorContext, ServerOptions } from "./options.js";
import {
  checkPath,
  hasEngineOptions,
  resolveOptions,
  type ServerSettings,
} from "./resolve-options.js";
import { liveOptions } from "./live-options.js";
import { fail, patienceIfAny } from "./option-checks.js";
import type { Engine, Mounted, Runtime } from "./runtime.js";
import { ServerCalls } from "./server-calls.js";
import { SessionAwareAdapter } from "./session-adapter.js";
import type { Socket } from "./socket.js";
import { EventRates } from "./socket-limits.js";
import type { ExtendedError } from "./socket-types.js";
import type {
  AllButLast,
  Any,
  DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventNamesWithoutAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
} from "./typed-events.js";

/** What a server can be attached to in Node.js. */
export type TServerInstance =
  HttpServer | HttpsServer | Http2SecureServer | Http2Server;

export class BaseServer<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = Any,
> extends ServerCalls<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  /** The root namespace, `/`. */
  readonly sockets: Namespace<
    ListenEvents,
    EmitEvents,
    ServerSideEvents,
    SocketData
  >;
  /** The native server, once attached: what it is, the runtime's own `Server` says. */
  declare httpServer: Any;
  /** The options as they were given. */
  readonly opts: ServerOptions;

  // What follows is not for applications. Adapters and tools use some of it.
  /** Encodes packets in the official raw shape. */
  readonly encoder: { encode(packet: RawPacket): Any[] };
  readonly _namespaces: NamespaceTable<
    ListenEvents,
    EmitEvents,
    ServerSideEvents,
    SocketData
  >;
  readonly _runtime: Runtime;
  readonly _settings: ServerSettings;
  /** Of all generations that we know, let in or not. */
  readonly _dialects: readonly HostedDialect[];
  readonly _encoded = new LastEncoded();
  /** Only if there is a limit. */
  readonly _eventRates: EventRates | undefined;
  _connectDeadline: Patience;
  #path: string;
  #serveClient: boolean;
  #adapter: AdapterConstructor;
  #engine: Engine | undefined = undefined;
  /** All that clients may come through, the public engine among them. */
  readonly #engines = new Set<{ close(): unknown }>();
  readonly #mounted = new Map<Engine, Mounted>();
  /** What the last `close()` closed: the next says that it is closed. */
  #closed: readonly Mounted[] = [];
  readonly _logs: ServerLogs | undefined;

  /**
   * @param srv - a native server or a port to attach to; may be left out
   * @throws {TypeError} an option cannot work
   */
  constructor(
    runtime: Runtime,
    srv?: TServerInstance | number | string | ServerOptions,
    opts?: ServerOptions,
  ) {
    super();
    const target = isOptions(srv) ? undefined : srv;
    this.opts = isOptions(srv) ? srv : (opts ?? {});
    const { attach, server, engine } = resolveOptions(this.opts);
    if (server.recovery.enabled)
      // Adapters read the durations here.
      this.opts = {
        ...this.opts,
        connectionStateRecovery: {
          ...server.recovery.bounds,
          skipMiddlewares: server.recovery.skipMiddlewares,
        },
      };
    this._runtime = runtime;
    this._settings = server;
    const { eventsPerSecond } = server.limits;
    if (eventsPerSecond.rate < Infinity)
      this._eventRates = new EventRates(eventsPerSecond, runtime.clock);
    this._connectDeadline = new Patience(runtime.clock, server.connectTimeout);
    this.#path = attach.path;
    this.#serveClient = server.serveClient;
    this.#adapter =
      server.adapter ??
      (server.recovery.enabled ? SessionAwareAdapter : Adapter);
    const { base64, bytes } = runtime;
    const { maxAttachments } = engine;
    const { parser, anyRevision } = server;
    const shared = {
      maxAttachments,
      base64,
      stringify,
      ...(parser !== undefined && { parser }),
      ...(bytes !== undefined && { bytes }),
    };
    const downgrade = new Downgrade(server.downgrade, (error, context) =>
      this._report(error, context),
    );
    this._dialects = host({
      ...shared,
      text: server.eio3Text,
      anyRevision,
      ...server.legacy,
      downgrade: (event, dialect) => downgrade.other(event, dialect),
    });
    this.encoder = makeEncoder(parser, maxAttachments);
    this._namespaces = new NamespaceTable(this);
    this.sockets = this.of("/");
    this._logs = serverLogs(this.opts);
    if (this._logs !== undefined) watchNamespaces(this.sockets, this._logs);
    if (target !== undefined && target !== null) this.attach(target);
  }

  get _opts(): ServerOptions {
    return this.opts;
  }
  get _nsps(): Map<
    string,
    Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
  > {
    return this._namespaces.all;
  }

  /**
   * The engine: connections before they are sockets. It is made when somebody
   * first asks for it, or when the server is attached.
   */
  get engine(): Engine {
    return this.#engine ?? this.#useEngine(this.#makeEngine(this.opts));
  }

  /** The same as `engine`. */
  get eio(): Engine {
    return this.engine;
  }
  /** Whether the client bundles are served. */
  serveClient(v: boolean): this;
  serveClient(): boolean;
  serveClient(v?: boolean): this | boolean;
  serveClient(v?: boolean): this | boolean {
    if (v === undefined) return this.#serveClient;
    this.#serveClient = Boolean(v);
    return this;
  }

  /** The path that is listened on. */
  path(v: string): this;
  path(): string;
  path(v?: string): this | string;
  path(v?: string): this | string {
    if (v === undefined) return this.#path;
    this.#path = checkPath(v);
    return this;
  }

  /** How long a client may take to join a namespace, in ms. */
  connectTimeout(v: number): this;
  connectTimeout(): number;
  connectTimeout(v?: number): this | number;
  connectTimeout(v?: number): this | number {
    if (v === undefined) return this._connectDeadline.patience;
    this._connectDeadline = new Patience(
      this._runtime.clock,
      patienceIfAny({ connectTimeout: v }, "connectTimeout", 45_000),
    );
    return this;
  }

  /** The adapter. A new one replaces those of all namespaces, which are closed. */
  adapter(): AdapterConstructor | undefined;
  adapter(v: AdapterConstructor): this;
  adapter(v?: AdapterConstructor): this | AdapterConstructor | undefined {
    if (v === undefined) return this.#adapter;
    if (typeof v !== "function") fail("adapter", v, "a class or a function");
    this.#adapter = v;
    for (const nsp of this._nsps.values()) nsp._replaceAdapter();
    return this;
  }

  /** The same as `attach()`. */
  listen(
    srv: TServerInstance | number | string,
    opts: ServerOptions = {},
  ): this {
    return this.attach(srv, opts);
  }

  /**
   * Attaches to a native server, or to a new one that listens on a port. Options
   * given here are overruled by those given to the constructor.
   *
   * @throws {TypeError} `srv` is no server and no port, or an option cannot work
   */
  attach(
    srv: TServerInstance | number | string,
    opts: ServerOptions = {},
  ): this {
    if (typeof srv === "function")
      throw new TypeError(
        "cannot attach to a function (an Express application is one): pass the HTTP server, as made by http.createServer(app)",
      );
    this._mount(toPort(srv), opts);
    return this;
  }

  /**
   * Takes clients of another engine: anything that emits `connection` with
   * sockets like those of Engine.IO.
   */
  bind(engine: Engine | ForeignEngine): this {
    if ("accept" in engine) this.#useEngine(engine);
    else {
      this.#engines.add(engine);
      this.#engine = engine as ForeignEngine & Engine;
      bindForeignEngine(
        engine,
        this._dialects,
        resolveOptions(this.opts).engine,
        (connection) => this.#welcome(connection),
      );
    }
    return this;
  }

  /**
   * A namespace: the one of this name, or a parent for all names that a regular
   * expression or a function agrees to.
   *
   * @throws {Error} the regular expression has the flag `g` or `y`, so that it remembers where it was
   */
  of(
    name: string | RegExp | ParentNspNameMatchFn,
    fn?: (
      socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    ) => void,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const nsp = this._namespaces.of(name);
    if (fn !== undefined) nsp.on("connect", fn);
    return nsp;
  }

  /** The server as a listener of requests, as each runtime's `Server` says. @throws {Error} it has none */
  handler(..._options: never[]): Any {
    throw new Error("handler() needs the Server of a runtime");
  }

  /** Disconnects everybody and closes the adapters, the engines and the native servers. */
  async close(fn?: (err?: Error) => void): Promise<void> {
    await Promise.allSettled(
      [...this._nsps.values()].map(async (nsp) => {
        for (const socket of [...nsp.sockets.values()])
          socket._onclose("server shutting down");
        await nsp.adapter.close();
      }),
    );
    for (const engine of this.#engines) engine.close();
    let error: Error | undefined;
    if (this.#mounted.size > 0) this.#closed = [...this.#mounted.values()];
    for (const mounted of this.#closed)
      try {
        await mounted.close();
      } catch (reason) {
        error = reason instanceof Error ? reason : new Error(String(reason));
      }
    this.#mounted.clear();
    fn?.(error);
  }

  /** Adds a middleware to the root namespace. */
  use(
    fn: (
      socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
      next: (err?: ExtendedError) => void,
    ) => void,
  ): this {
    this.sockets.use(fn);
    return this;
  }

  /** Emits to all sockets of the root namespace. */
  override emit<Ev extends EventNamesWithoutAck<EmitEvents>>(
    ev: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): boolean {
    return this.sockets.emit(ev, ...args);
  }

  /** Emits the event `message` to all sockets of the root namespace. */
  send(...args: EventParams<EmitEvents, "message">): this {
    this.sockets.send(...args);
    return this;
  }

  /** The same as `send()`. */
  write(...args: EventParams<EmitEvents, "message">): this {
    return this.send(...args);
  }

  /** Emits to the other servers of the cluster. */
  serverSideEmit<Ev extends EventNames<ServerSideEvents>>(
    ev: Ev,
    ...args: EventParams<
      DecorateAcknowledgementsWithTimeoutAndMultipleResponses<ServerSideEvents>,
      Ev
    >
  ): boolean {
    return this.sockets.serverSideEmit(ev, ...args);
  }

  /** Emits to the other servers of the cluster and resolves to their answers. */
  serverSideEmitWithAck<Ev extends EventNamesWithAck<ServerSideEvents>>(
    ev: Ev,
    ...args: AllButLast<EventParams<ServerSideEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<ServerSideEvents, Ev>>>[]> {
    return this.sockets.serverSideEmitWithAck(ev, ...args);
  }

  /** Puts an engine onto whatever the runtime can mount it on. */
  _mount(target: unknown, opts: ServerOptions): void {
    const merged = { ...opts, ...this.opts };
    logOptions(opts, this._logs);
    const engine = this.#engineToMount(opts, merged);
    const { attach } = resolveOptions({ path: this.#path, ...merged });
    const mounted = this._runtime.mount(engine, target, {
      ...attach,
      serveClient: this.#serveClient,
    });
    this.#mounted.set(engine, mounted);
    this.httpServer = mounted.httpServer;
  }

  _makeAdapter(nsp: Namespace<Any, Any, Any, Any>): AdapterInstance {
    const make = this.#adapter;
    return isConstructor(make) ? new make(nsp) : make(nsp);
  }

  /** A handler of the application threw or rejected. */
  _report(error: unknown, context: HandlerErrorContext): void {
    try {
      this._settings.onHandlerError(error, context);
    } catch (uncaught) {
      // Whoever throws there wants it to be uncaught, but not in the middle of our work.
      this._runtime.defer(() => {
        throw uncaught;
      });
    }
  }

  protected override everybody(): Operator<EmitEvents, SocketData> {
    return new BroadcastOperator(this.sockets.adapter);
  }

  #makeEngine(options: ServerOptions): Engine {
    const { engine, server } = resolveOptions(options);
    const welcome = this._dialects.filter(({ generations }) =>
      generations.some((name) => server.generations.has(name)),
    );
    return this._runtime.createEngine(liveOptions(engine), welcome);
  }

  #useEngine(engine: Engine): Engine {
    engine.accept = (connection) => this.#welcome(connection);
    engine.otherPaths = (url) => this._resources?.prefixOf(url);
    if (this._logs !== undefined) watchEngine(engine, this._logs);
    this.#engines.add(engine);
    this.#engine = engine;
    return engine;
  }

  /** The engine that has been asked for but is not attached yet, or a new one. */
  #engineToMount(given: ServerOptions, merged: ServerOptions): Engine {
    const engine = this.#engine;
    if (
      engine === undefined ||
      this.#mounted.has(engine) ||
      !("accept" in engine)
    )
      return this.#useEngine(this.#makeEngine(merged));
    if (hasEngineOptions(given))
      throw new TypeError(
        "attach() can no longer take options of the engine, as io.engine is already in use: pass them to the constructor",
      );
    return engine;
  }

  #welcome(connection: Connection): void {
    new Client(this, connection);
  }
}

type AnyMethod = (...args: unknown[]) => unknown;

// Listeners of the server are those of its root namespace.
for (const name of [
  "addListener",
  "eventNames",
  "getMaxListeners",
  "listenerCount",
  "listeners",
  "off",
  "on",
  "once",
  "prependListener",
  "prependOnceListener",
  "rawListeners",
  "removeAllListeners",
  "removeListener",
  "setMaxListeners",
] as const) {
  Object.defineProperty(BaseServer.prototype, name, {
    configurable: true,
    writable: true,
    value(this: BaseServer, ...args: unknown[]): unknown {
      const method = Reflect.get(EventEmitter.prototype, name) as AnyMethod;
      const result = method.apply(this.sockets, args);
      return result === this.sockets ? this : result;
    },
  });
}

function isOptions(value: unknown): value is ServerOptions {
  return typeof value === "object" && value !== null && !("listen" in value);
}

function toPort<T>(target: T): T | number {
  return typeof target === "string" && target.trim() !== ""
    ? Number(target)
    : target;
}

/** Arrow functions are not. */
function isConstructor(
  make: AdapterConstructor,
): make is new (nsp: Any) => AdapterInstance {
  return "prototype" in make && typeof make.prototype === "object";
}

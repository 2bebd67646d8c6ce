/**
 * A namespace: sockets that belong together, with middlewares, rooms and
 * broadcasts of their own.
 */
import { EventEmitter } from "node:events";
import type { SlowConsumer } from "../dialects/outgoing.js";
import {
  hasOffset,
  type AdapterInstance,
  type Session,
  type SocketId,
} from "./adapter.js";
import { BroadcastOperator, type Operator } from "./broadcast-operator.js";
import { Calls } from "./calls.js";
import type { Client } from "./client.js";
import type { AnswerCheck } from "./emission.js";
import { HandlerTable } from "./handlers/table.js";
import type { CatchAllHandler, Handler } from "./handlers/target.js";
import type { Counters } from "./limits.js";
import { makeTableLater } from "./listener-table.js";
import { localEmit } from "./local-emit.js";
import { attempt, runMiddlewares, type Middleware } from "./middleware.js";
import type { BaseServer } from "./server.js";
import { Socket } from "./socket.js";
import { assertNotReserved, type ExtendedError } from "./socket-types.js";
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

export interface NamespaceReservedEventsMap<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> {
  connect: (
    socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
  ) => void;
  connection: (
    socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
  ) => void;
}

export interface ServerReservedEventsMap<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> extends NamespaceReservedEventsMap<
  ListenEvents,
  EmitEvents,
  ServerSideEvents,
  SocketData
> {
  new_namespace: (
    namespace: Namespace<
      ListenEvents,
      EmitEvents,
      ServerSideEvents,
      SocketData
    >,
  ) => void;
}

/** What `serverSideEmit` does not take, as these have another meaning here. */
export const RESERVED_EVENTS: ReadonlySet<string | symbol> = new Set([
  "connect",
  "connection",
  "new_namespace",
]);

/** What the client learns of a middleware that threw, which is nothing. */
const MIDDLEWARE_FAILED = "internal error";

/** How a client's wish to join ended. */
export interface Joining<Joined> {
  /** The socket is with the middlewares. */
  entered(socket: Joined): void;
  connected(socket: Joined): void;
  refused(error: ExtendedError): void;
}

export class Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = Any,
> extends Calls<
  ListenEvents,
  EmitEvents,
  ServerSideEvents,
  NamespaceReservedEventsMap<
    ListenEvents,
    EmitEvents,
    ServerSideEvents,
    SocketData
  >,
  SocketData
> {
  readonly name: string;
  readonly server: BaseServer<
    ListenEvents,
    EmitEvents,
    ServerSideEvents,
    SocketData
  >;
  /** The connected sockets by id. */
  readonly sockets = new Map<
    SocketId,
    Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
  >();
  adapter: AdapterInstance;
  /**
   * omnio: what becomes of this namespace's events if too much waits for a
   * client. May be changed at any time. @default the server's option of that name
   */
  slowConsumer: SlowConsumer;

  /**
   * The next id for an acknowledgement: one counter, so that a broadcast has
   * one id. Not from 0: python-socketio leaves that out of its answers in
   * MessagePack.
   */
  _ids = 1;
  /** The handlers that are declared once, for all sockets. */
  readonly _handlers: HandlerTable;
  /** Set by a contract: makes of what takes an answer what checks it before. */
  _checkAnswer: AnswerCheck | undefined = undefined;
  /** Called when the last socket has left. */
  _emptied: (() => void) | undefined = undefined;
  readonly _fns: Middleware<
    Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
  >[] = [];
  #entering:
    | Map<
        SocketId,
        Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
      >
    | undefined = undefined;

  constructor(
    server: BaseServer<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    name: string,
    outer: HandlerTable = server._everywhere,
  ) {
    super({ captureRejections: true });
    makeTableLater(this);
    this.server = server;
    this.name = name;
    this.slowConsumer = server._settings.slowConsumer;
    this._handlers = new HandlerTable(outer);
    this.adapter = this._makeAdapter();
    this._initAdapter();
  }

  /**
   * Adds a middleware: it runs for every socket that wants to join, and lets it
   * in with `next()` or refuses it with `next(error)`. The client gets the
   * error's message and `data`. One that throws or rejects refuses, too; then
   * the client is told nothing of the error.
   */
  use(
    fn: (
      socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
      next: (err?: ExtendedError) => void,
    ) => void,
  ): this {
    this._fns.push(fn);
    return this;
  }

  /**
   * Emits to all sockets of the namespace.
   *
   * @throws {Error} the name is reserved
   * @throws {RangeError} more binary attachments than `maxAttachments`; nothing is sent
   */
  override emit<Ev extends EventNamesWithoutAck<EmitEvents>>(
    ev: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): boolean {
    return new BroadcastOperator<EmitEvents, SocketData>(this.adapter).emit(
      ev,
      ...args,
    );
  }

  /** Emits the event `message` to all sockets. */
  send(...args: EventParams<EmitEvents, "message">): this {
    new BroadcastOperator<EmitEvents, SocketData>(this.adapter).emit(
      "message",
      ...args,
    );
    return this;
  }

  /** The same as `send()`. */
  write(...args: EventParams<EmitEvents, "message">): this {
    return this.send(...args);
  }

  /**
   * Emits to this namespace on the other servers of the cluster. A callback as
   * last argument gets `(error, answers)`.
   * @throws {Error} the name is reserved
   */
  serverSideEmit<Ev extends EventNames<ServerSideEvents>>(
    ev: Ev,
    ...args: EventParams<
      DecorateAcknowledgementsWithTimeoutAndMultipleResponses<ServerSideEvents>,
      Ev
    >
  ): boolean {
    assertNotReserved(ev, RESERVED_EVENTS);
    this.adapter.serverSideEmit([ev, ...args]);
    return true;
  }

  /**
   * Emits to this namespace on the other servers of the cluster and resolves to
   * their answers: to none, where there is no other server.
   */
  serverSideEmitWithAck<Ev extends EventNamesWithAck<ServerSideEvents>>(
    ev: Ev,
    ...args: AllButLast<EventParams<ServerSideEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<ServerSideEvents, Ev>>>[]> {
    return new Promise((resolve, reject) => {
      assertNotReserved(ev, RESERVED_EVENTS);
      const ack = (
        error: Error | null,
        responses: FirstNonErrorArg<Last<EventParams<ServerSideEvents, Ev>>>[],
      ) =>
        error
          ? reject(Object.assign(error, { responses }))
          : resolve(responses);
      this.adapter.serverSideEmit([ev, ...args, ack]);
    });
  }

  // What follows is not for applications. Adapters use some of it.

  /** Sockets still with the middlewares. */
  get _preConnectSockets(): Map<
    SocketId,
    Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
  > {
    return (this.#entering ??= new Map());
  }

  /** Called by adapters with what another server has emitted. */
  _onServerSideEmit(args: [string, ...Any[]]): void {
    this._attempt(args[0], () => {
      localEmit.apply(this, args);
    });
  }

  override _namespace(
    name = this.name,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    return name === this.name ? this : this.server._namespace(name);
  }

  /** A socket that is in, or about to be. */
  _find(
    id: SocketId,
  ):
    Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData> | undefined {
    return this.sockets.get(id) ?? this.#entering?.get(id);
  }

  _initAdapter(): void {
    this._attempt("adapter.init", () => this.adapter.init());
  }

  /** Replaces the adapter by one that the server's present choice makes. */
  _replaceAdapter(): void {
    const old = this.adapter;
    this.adapter = this._makeAdapter();
    // Whoever is in keeps its rooms.
    for (const [id, rooms] of old.sids) void this.adapter.addAll(id, rooms);
    this._attempt("adapter.close", () => old.close());
    this._initAdapter();
  }

  /** Runs code of the application or of an adapter, which may throw or reject. */
  _attempt(event: string, task: () => unknown, socketId = ""): void {
    attempt(task, (error) => this.#report(error, event, socketId));
  }

  _closeAdapter(): void {
    this._attempt("adapter.close", () => this.adapter.close());
  }

  protected _makeAdapter(): AdapterInstance {
    return this.server._makeAdapter(this);
  }

  _add(
    client: Client,
    auth: Record<string, unknown>,
    joining: Joining<
      Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
    >,
  ): void {
    const restored = this.#restore(client, auth);
    if (restored === null) this.#admit(client, auth, joining, undefined);
    else
      void restored
        .catch((error: unknown) => {
          this.#notRestored(error);
          return null;
        })
        .then((session) =>
          this.#admit(client, auth, joining, session ?? undefined),
        );
  }

  _remove(
    socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
  ): void {
    // A session that is given back while its first socket lives has the same id.
    const { id } = socket;
    if (this.sockets.get(id) === socket) this.sockets.delete(id);
    else if (this.#entering?.get(id) === socket) this.#entering.delete(id);
    else return;
    if (this.sockets.size === 0 && (this.#entering?.size ?? 0) === 0)
      this._emptied?.();
  }

  override [EventEmitter.captureRejectionSymbol](
    error: unknown,
    event: unknown,
    ...args: unknown[]
  ): void {
    const [socket] = args;
    this.#report(
      error,
      String(event),
      socket instanceof Socket ? socket.id : "",
    );
  }

  protected override declare(
    event: string,
    handler: Handler | CatchAllHandler,
    namespace = this.name,
  ): void {
    if (namespace !== this.name)
      throw new TypeError(
        `handle("${event}"): this is namespace "${this.name}": use io.handle() for "${namespace}"`,
      );
    this._handlers.handle(event, handler);
  }

  protected override everybody(): Operator<EmitEvents, SocketData> {
    return new BroadcastOperator(this.adapter);
  }

  #restore(
    client: Client,
    { pid, offset }: Record<string, unknown>,
  ): Promise<Session | null> | null {
    const { adapter, server } = this;
    if (
      typeof pid !== "string" ||
      !server._settings.recovery.enabled ||
      !client.conn.dialect.link.recovery
    )
      return null;
    if (typeof offset === "string")
      return (async () => adapter.restoreSession(pid, offset))();
    // A client of the reference that got nothing yet has no offset. Adapters
    // that know where it began need none.
    return offset === undefined && hasOffset(adapter)
      ? (async () => adapter.restoreSession(pid, ""))()
      : null;
  }

  /** Clients can make this happen with any offset, so it is no matter for the console. */
  #notRestored(error: unknown): void {
    const { engine, _logs } = this.server;
    const { counters }: { counters?: Counters } = engine;
    if (counters !== undefined) counters.failedRecoveries++;
    _logs?.server?.warn(
      `${this.name}: a session was not restored: ${error instanceof Error ? error.message : String(error)}`,
    );
  }

  #admit(
    client: Client,
    auth: Record<string, unknown>,
    joining: Joining<
      Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
    >,
    session: Session | undefined,
  ): void {
    if (!client._open) return;
    const socket = new Socket<
      ListenEvents,
      EmitEvents,
      ServerSideEvents,
      SocketData
    >(this, client, auth, session);
    const skip =
      session !== undefined && this.server._settings.recovery.skipMiddlewares;
    const gates = this._handlers.gates;
    const fns = skip ? gates : [...this._fns, ...gates];
    if (fns.length === 0) return this.#connect(socket, joining);
    this._preConnectSockets.set(socket.id, socket);
    joining.entered(socket);
    runMiddlewares(fns, socket, (outcome) =>
      // What a middleware does behind `next()` comes before `connection`.
      this.server._runtime.defer(() => {
        const thrown = !outcome.passed && outcome.thrown;
        if (thrown) this.#report(outcome.error, "connect", socket.id, true);
        if (!client._open) {
          socket._cleanup();
        } else if (outcome.passed) {
          this.#connect(socket, joining);
        } else {
          socket._cleanup();
          joining.refused(
            thrown ? new Error(MIDDLEWARE_FAILED) : outcome.error,
          );
        }
      }),
    );
  }

  #connect(
    socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    joining: Joining<
      Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
    >,
  ): void {
    this.#entering?.delete(socket.id);
    this.sockets.set(socket.id, socket);
    // The client's table comes first: handlers may disconnect the socket.
    joining.connected(socket);
    socket._onconnect();
    this._attempt(
      "connect",
      () => this.emitReserved("connect", socket),
      socket.id,
    );
    this._attempt(
      "connection",
      () => this.emitReserved("connection", socket),
      socket.id,
    );
  }

  #report(
    error: unknown,
    event: string,
    socketId: string,
    middleware?: boolean,
  ): void {
    const context = { event, namespace: this.name, socketId };
    this.server._report(
      error,
      middleware ? { ...context, middleware } : context,
    );
  }
}

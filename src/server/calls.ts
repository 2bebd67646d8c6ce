/**
 * Calls from anywhere in a program, with no socket at hand but its id: what a
 * server and its namespaces have in common with servers in Python. A server
 * means its root namespace unless `namespace` names another.
 */
import { answerOf, valuesOf, type Args } from "../contract/args.js";
import type { Room, SocketId } from "./adapter.js";
import { Broadcasting } from "./broadcasting.js";
import { BroadcastOperator } from "./broadcast-operator.js";
import {
  assertRoom,
  callOptions,
  inNamespace,
  receivers,
  type CallOptions,
  type EmitToOptions,
  type InNamespace,
} from "./call-options.js";
import type {
  AnyEventHandler,
  ConnectHandler,
  DisconnectHandler,
  EventHandler,
} from "./handlers/handler-types.js";
import type { CatchAllHandler, Handler } from "./handlers/target.js";
import type { Namespace } from "./namespace.js";
import type { Socket } from "./socket.js";
import {
  assertNotReserved,
  type Event,
  type Handshake,
} from "./socket-types.js";
import type {
  AllButLast,
  Any,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
} from "./typed-events.js";

type WithoutAck<Params extends Any[]> = 0 extends 1 & Last<Params>
  ? Params
  : Last<Params> extends (...answer: Any[]) => unknown
    ? AllButLast<Params>
    : Params;

/** The data of an event: nothing, its one argument, or `args(...)` for several. */
type Payload<Params extends unknown[]> = number extends Params["length"]
  ? unknown
  : Params extends []
    ? undefined
    : Params extends [infer One]
      ? One
      : Args<Params>;

export abstract class Calls<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  ReservedEvents extends EventsMap,
  SocketData,
> extends Broadcasting<
  EmitEvents,
  ServerSideEvents,
  ReservedEvents,
  SocketData
> {
  /** @throws {Error} there is none of that name */
  abstract _namespace(
    name: string | undefined,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;

  /** Adds to the handlers of a namespace, which is made if need be; `*` means all of them. */
  protected abstract declare(
    event: string,
    handler: Handler | CatchAllHandler,
    namespace: string | undefined,
  ): void;

  /**
   * Declares the handler of an event once, for all sockets of the namespace.
   * What it returns, or resolves to, answers a client that asked: nothing for
   * `undefined`, several values for an array or `args(...)`. A handler with a
   * parameter for the callback may call that instead. `AckError`s go to the
   * client, other errors to `onHandlerError`.
   *
   * A listener of the socket itself (`socket.on`) comes first; then there is
   * one handler for an event, the last that was given for its name, or else for
   * `*`. `connect` decides whether a client is let in.
   *
   * @param options - `namespace` may be `"*"`: for every namespace that there is
   * @throws {TypeError} no client can send the event, or the handler is no function
   */
  handle(
    event: "connect",
    handler: ConnectHandler<
      Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
    >,
    options?: InNamespace,
  ): this;
  handle(
    event: "disconnect",
    handler: DisconnectHandler<
      Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
    >,
    options?: InNamespace,
  ): this;
  handle(
    event: "*",
    handler: AnyEventHandler<
      Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
    >,
    options?: InNamespace,
  ): this;
  handle<Ev extends EventNames<ListenEvents> & string>(
    event: Ev,
    handler: EventHandler<
      ListenEvents,
      Ev,
      Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
    >,
    options?: InNamespace,
  ): this;
  handle(
    event: string,
    handler: Handler | CatchAllHandler,
    options?: InNamespace,
  ): this {
    this.declare(event, handler, inNamespace(`handle("${event}")`, options));
    return this;
  }

  /**
   * Emits to those who are named in the options. `emit` itself could not take
   * them: an object behind the data is an argument like others there.
   *
   * @param data - one argument; `args(...)` for several, `undefined` for none
   * @throws {TypeError} a callback, but not exactly one recipient
   * @throws {Error} there is no such namespace, or the event's name is reserved
   */
  emitTo<Ev extends EventNames<EmitEvents> & string>(
    event: Ev,
    data?: Payload<WithoutAck<EventParams<EmitEvents, Ev>>>,
    options?: EmitToOptions,
  ): void {
    this.#emit(`emitTo("${event}")`, event, data, options);
  }

  /** Emits the event `message` to those who are named in the options. */
  sendTo(data: unknown, options?: EmitToOptions): void {
    this.#emit("sendTo()", "message", data, options);
  }

  /**
   * Asks one socket. Resolves to its answer: `undefined` for an empty one, a
   * list if there are several values.
   *
   * Rejects if the socket does not answer in time, leaves, or is not there.
   */
  call<Ev extends EventNamesWithAck<EmitEvents> & string>(
    event: Ev,
    data: Payload<WithoutAck<EventParams<EmitEvents, Ev>>>,
    options: CallOptions,
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>>;
  async call(
    event: string,
    data: unknown,
    options: CallOptions,
  ): Promise<unknown> {
    const { to, timeout, namespace } = callOptions(`call("${event}")`, options);
    const nsp = this._namespace(namespace);
    const found = nsp._find(to);
    if (found === undefined) await onOtherServers(nsp, to);
    return new Promise((resolve, reject) =>
      ask(nsp, to, toEvent(event, data), timeout, (error, answer) => {
        if (error === null) resolve(answerOf(answer));
        else
          reject(
            new Error(
              `call("${event}"): socket "${to}" has not answered within ${timeout} ms: ${error.message}`,
              { cause: error },
            ),
          );
      }),
    );
  }

  /**
   * Lets a socket join a room.
   * @throws {Error} it is not there
   */
  async enterRoom(
    id: SocketId,
    room: Room,
    options?: InNamespace,
  ): Promise<void> {
    assertRoom("enterRoom()", room);
    const nsp = this._namespace(inNamespace("enterRoom()", options));
    const socket = nsp._find(id);
    if (socket !== undefined) return socket.join(room);
    await onOtherServers(nsp, id);
    nsp.in(id).socketsJoin(room);
  }

  /**
   * Lets a socket leave a room.
   * @throws {Error} it is not there
   */
  async leaveRoom(
    id: SocketId,
    room: Room,
    options?: InNamespace,
  ): Promise<void> {
    assertRoom("leaveRoom()", room);
    const nsp = this._namespace(inNamespace("leaveRoom()", options));
    const socket = nsp._find(id);
    if (socket !== undefined) return socket.leave(room);
    await onOtherServers(nsp, id);
    nsp.in(id).socketsLeave(room);
  }

  /** Lets everybody leave a room, on all servers of the cluster. */
  closeRoom(room: Room, options?: InNamespace): void {
    assertRoom("closeRoom()", room);
    this._namespace(inNamespace("closeRoom()", options))
      .in(room)
      .socketsLeave(room);
  }

  /**
   * The rooms of a socket, its own id among them.
   * @throws {Error} it is not on this server
   */
  rooms(id: SocketId, options?: InNamespace): Room[] {
    return [...this.#local("rooms()", id, options).rooms];
  }

  /**
   * What the application keeps with a socket. It is the socket's `data`: each
   * namespace has its own, it goes with the socket, and comes back with a
   * recovered session.
   * @throws {Error} the socket is not on this server
   */
  getSession(id: SocketId, options?: InNamespace): SocketData {
    return this.#local("getSession()", id, options).data;
  }

  /**
   * Replaces what the application keeps with a socket.
   * @throws {Error} the socket is not on this server
   */
  saveSession(id: SocketId, session: SocketData, options?: InNamespace): void {
    this.#local("saveSession()", id, options).data = session;
  }

  /**
   * Gives a socket's session to a function, saves it when that has come to its
   * end, and resolves to what it returned.
   * @throws {Error} the socket is not on this server
   */
  async session<Result>(
    id: SocketId,
    use: (session: SocketData) => Result | Promise<Result>,
    options?: InNamespace,
  ): Promise<Result> {
    const socket = this.#local("session()", id, options);
    const session = socket.data;
    try {
      return await use(session);
    } finally {
      socket.data = session;
    }
  }

  /** Disconnects a socket from the namespace; its connection stays. Nothing happens if it has gone already. */
  disconnect(id: SocketId, options?: InNamespace): void {
    const nsp = this._namespace(inNamespace("disconnect()", options));
    const socket = nsp._find(id);
    if (socket !== undefined) socket.disconnect();
    else nsp.in(id).disconnectSockets();
  }

  /**
   * The name of the transport that a socket uses now.
   * @throws {Error} the socket is not on this server
   */
  transport(id: SocketId, options?: InNamespace): string {
    return this.#local("transport()", id, options).conn.transport.name;
  }

  /**
   * What a socket's client told when it connected: headers, query, address.
   * @throws {Error} the socket is not on this server
   */
  environ(id: SocketId, options?: InNamespace): Handshake {
    return this.#local("environ()", id, options).handshake;
  }

  #emit(
    call: string,
    event: string,
    data: unknown,
    options: EmitToOptions | undefined,
  ): void {
    assertNotReserved(event);
    const { to, skip, callback, namespace } = receivers(call, options);
    const nsp: AnyNamespace = this._namespace(namespace);
    const packet = toEvent(event, data);
    if (callback !== undefined) {
      const [one] = to;
      const several =
        one === undefined ||
        to.length > 1 ||
        (nsp.adapter.rooms.get(one)?.size ?? 0) > 1;
      if (several || skip.length > 0)
        throw new TypeError(
          `${call}: a callback takes one answer, so there has to be one recipient: pass the id of a socket as \`to\`, no room and no list`,
        );
      return ask(nsp, one, packet, undefined, (error, answer) => {
        if (error === null) callback(...answer);
      });
    }
    // Who is about to be let in is in no room yet that broadcasts would find.
    const [entering] = to.length === 1 ? to : [];
    const waiting =
      entering === undefined ? undefined : nsp._preConnectSockets.get(entering);
    if (waiting !== undefined) waiting.emit(...packet);
    else
      new BroadcastOperator<Any, unknown>(
        nsp.adapter,
        new Set(to),
        new Set(skip),
      ).emit(...packet);
  }

  #local(
    call: string,
    id: SocketId,
    options: InNamespace | undefined,
  ): Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const nsp = this._namespace(inNamespace(call, options));
    const socket = nsp._find(id);
    if (socket === undefined) throw notThere(nsp, id);
    return socket;
  }
}

function toEvent(event: string, data: unknown): Event {
  return [event, ...valuesOf(data)];
}

type AnyNamespace = Namespace<Any, Any, Any, Any>;

/** Asks a socket, which may be on another server. */
function ask(
  nsp: AnyNamespace,
  id: SocketId,
  packet: Event,
  timeout: number | undefined,
  answered: (error: Error | null, answer: unknown[]) => void,
): void {
  const socket = nsp._find(id);
  if (socket === undefined) {
    const flags =
      timeout === undefined
        ? { expectSingleResponse: true }
        : { expectSingleResponse: true, timeout };
    new BroadcastOperator<Any, Any>(
      nsp.adapter,
      new Set([id]),
      new Set(),
      flags,
    ).emit(...packet, (error: Error | null, answer: unknown) =>
      answered(error, [answer]),
    );
  } else if (timeout === undefined)
    socket.emit(...packet, (...answer: unknown[]) => answered(null, answer));
  else
    socket
      .timeout(timeout)
      .emit(...packet, (error: Error | null, ...answer: unknown[]) =>
        answered(error, answer),
      );
}

/** @throws {Error} there are none */
async function onOtherServers(nsp: AnyNamespace, id: SocketId): Promise<void> {
  if ((await nsp.adapter.serverCount()) <= 1) throw notThere(nsp, id);
}

function notThere({ name }: AnyNamespace, id: SocketId): Error {
  return new Error(
    `socket "${id}" is not connected to namespace "${name}": it has left, or has never been there`,
  );
}

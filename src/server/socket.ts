/**
 * A client in a namespace, as the application sees it: the public `Socket`.
 */
import { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { HostedDialect } from "../dialects/dialect.js";
import { Outgoing, type SlowConsumer } from "../dialects/outgoing.js";
import type {
  AckPacket,
  ConnectPacket,
  EventPacket,
  Packet,
} from "../dialects/packet.js";
import { PendingAcks } from "../hub/acks.js";
import { RECOVERABLE } from "../session/reasons.js";
import type { BroadcastFlags, Room, Session, SocketId } from "./adapter.js";
import {
  BroadcastOperator,
  list,
  type Operator,
} from "./broadcast-operator.js";
import { CatchAllEmitter } from "./catch-all.js";
import type { Client } from "./client.js";
import type { Connection } from "./connection.js";
import {
  disconnected,
  emitTo,
  emitWithTimeout,
  type Receiver,
} from "./emission.js";
import { makeHandshake, sinceStart } from "./handshake.js";
import { KeptSession } from "./kept-session.js";
import { localEmit } from "./local-emit.js";
import { attempt, runMiddlewares, type Middleware } from "./middleware.js";
import type { Namespace } from "./namespace.js";
import type { BaseServer } from "./server.js";
import { addPluginMembers } from "./plugin-members.js";
import { checkRooms } from "./socket-limits.js";
import {
  assertNotReserved,
  type DisconnectReason,
  type Event,
  type Handshake,
  type SocketReservedEventsMap,
} from "./socket-types.js";
import {
  isFunction,
  type AllButLast,
  type Any,
  type DecorateAcknowledgements,
  type DefaultEventsMap,
  type EventNames,
  type EventNamesWithAck,
  type EventParams,
  type EventsMap,
  type FirstNonErrorArg,
  type Last,
} from "./typed-events.js";

const NO_FLAGS: BroadcastFlags = {};

export class Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = Any,
>
  extends CatchAllEmitter<ListenEvents, EmitEvents, SocketReservedEventsMap>
  implements Receiver
{
  readonly nsp: Namespace<
    ListenEvents,
    EmitEvents,
    ServerSideEvents,
    SocketData
  >;
  readonly client: Client;
  /** Public: other clients may know it. Not the id of the connection, where the generation allows. */
  readonly id: SocketId;
  /** The client has got its session back: id, rooms, data and what it missed. */
  readonly recovered: boolean;
  connected = false;

  #data: SocketData | undefined;
  #kept: KeptSession | undefined = undefined;
  readonly #issuedAt = sinceStart();
  readonly #auth: Record<string, unknown>;
  #handshake: Handshake | undefined = undefined;
  #flags: BroadcastFlags | undefined = undefined;
  #acks: PendingAcks | undefined = undefined;
  #middlewares: Middleware<Event>[] | undefined = undefined;
  _gone = false;
  #closing = false;

  constructor(
    nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    client: Client,
    auth: Record<string, unknown>,
    session?: Session,
  ) {
    super();
    this.nsp = nsp;
    this.client = client;
    this.#auth = auth;
    this.recovered = session !== undefined;
    this.id = session?.sid ?? client._socketId(nsp.name);
    const { _runtime, _settings } = nsp.server;
    if (session !== undefined)
      this.#kept = new KeptSession(session.pid, session.missedPackets);
    else if (_settings.recovery.enabled && this.dialect.link.recovery)
      this.#kept = new KeptSession(_runtime.randomId());
    this.#data = session?.data as SocketData | undefined;
    for (const room of session?.rooms ?? []) void this.join(room);
  }

  /** Anything the application wants to keep with the socket. */
  get data(): SocketData {
    if (this.#data === undefined) this.#data = {} as SocketData;
    return this.#data;
  }

  set data(data: SocketData) {
    this.#data = data;
  }

  /** What the client told when it connected. */
  get handshake(): Handshake {
    return (this.#handshake ??= makeHandshake(
      this.conn,
      this.#auth,
      this.#issuedAt,
    ));
  }

  /**
   * Emits an event to this client. With a callback as last argument the client
   * is asked for an answer. The callback is never called if the client leaves
   * without one; after `timeout()` it is, with an error.
   *
   * @returns whether to go on: with `false` so much waits for the client that
   *   the next should not come before the event `drain`
   * @throws {Error} the name is reserved
   * @throws {RangeError} more binary attachments than `maxAttachments`, or answers
   *   to wait for than `limits.pendingAcks`; nothing is sent
   */
  override emit<Ev extends EventNames<EmitEvents>>(
    ev: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): boolean {
    assertNotReserved(ev);
    const data: Event = [ev as string, ...args];
    const flags = this.#takeFlags();
    const ack: unknown = data.at(-1);
    if (!isFunction(ack)) {
      emitTo(this, data, flags);
      return !this.conn.isHigh;
    }
    data.pop();
    const answer = (...answer: unknown[]) =>
      this.#guard(String(ev), () => ack.apply(this, answer));
    if (flags.timeout === undefined) emitTo(this, data, flags, answer);
    else emitWithTimeout(this, data, flags, flags.timeout, answer);
    return !this.conn.isHigh;
  }

  /**
   * Emits an event and resolves to the client's answer. Rejects when the client
   * leaves without one, or `timeout()` is over.
   */
  emitWithAck<Ev extends EventNamesWithAck<EmitEvents>>(
    ev: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>> {
    assertNotReserved(ev);
    const data: Event = [ev as string, ...args];
    const flags = this.#takeFlags();
    type Answer = FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>;
    return new Promise((resolve, reject) => {
      if (flags.timeout === undefined)
        emitTo(
          this,
          data,
          flags,
          (answer) => resolve(answer as Answer),
          (error = disconnected()) => reject(error),
        );
      else
        emitWithTimeout(this, data, flags, flags.timeout, (error, answer) =>
          error === null ? resolve(answer as Answer) : reject(error),
        );
    });
  }

  /** Means the sockets in these rooms, but not this one. */
  to(room: Room | Room[]): Operator<EmitEvents, SocketData> {
    return this.broadcast.to(room);
  }

  /** The same as `to()`. */
  in(room: Room | Room[]): Operator<EmitEvents, SocketData> {
    return this.broadcast.in(room);
  }

  /** Leaves out the sockets in these rooms, and this one. */
  except(room: Room | Room[]): Operator<EmitEvents, SocketData> {
    return this.broadcast.except(room);
  }

  /** Emits the event `message`. */
  send(...args: EventParams<EmitEvents, "message">): this {
    this.emit("message", ...args);
    return this;
  }

  /** Emits the event `message`. */
  write(...args: EventParams<EmitEvents, "message">): this {
    this.emit("message", ...args);
    return this;
  }

  /**
   * Joins one or more rooms. With an adapter for a cluster this may be a promise.
   * @throws {RangeError} more rooms than `limits.roomsPerSocket`
   */
  join(rooms: Room | Room[]): Promise<void> | void {
    if (this._gone) return;
    checkRooms(this, list(rooms));
    return this.nsp.adapter.addAll(this.id, new Set(list(rooms)));
  }

  /** Leaves a room. */
  leave(room: Room): Promise<void> | void {
    return this.nsp.adapter.del(this.id, room);
  }

  /**
   * Disconnects the client from this namespace.
   * @param close - from all namespaces, and the connection ends. @default false
   */
  disconnect(close = false): this {
    if (!this.connected) return this;
    if (close || this.client._endsWith(this.nsp.name))
      this.client._disconnect();
    else {
      this.#send({ type: "leave", nsp: this.nsp.name });
      this._onclose("server namespace disconnect");
    }
    return this;
  }

  /** Whether to compress the next event, where the connection can. @default true */
  compress(compress: boolean): this {
    this.flags.compress = compress;
    return this;
  }

  /** The next event may be lost if the client is not ready to take it. */
  get volatile(): this {
    this.flags.volatile = true;
    return this;
  }

  /** What becomes of the next event if too much waits for the client. @default the namespace's `slowConsumer` */
  whenSlow(policy: SlowConsumer): this {
    this.flags.whenSlow = policy;
    return this;
  }

  /** Means all other sockets of the namespace. */
  get broadcast(): Operator<EmitEvents, SocketData> {
    return new BroadcastOperator(
      this.nsp.adapter,
      new Set(),
      new Set([this.id]),
      this.#takeFlags(),
    );
  }

  /** Means all other sockets of the namespace on this server. */
  get local(): Operator<EmitEvents, SocketData> {
    return this.broadcast.local;
  }
  /** How long the next event's answer may take, in ms. */
  timeout(
    timeout: number,
  ): Socket<
    ListenEvents,
    DecorateAcknowledgements<EmitEvents>,
    ServerSideEvents,
    SocketData
  > {
    this.flags.timeout = timeout;
    return this;
  }

  /** Adds a middleware for the client's events. An error passed to `next` becomes the event `error`. */
  use(fn: (event: Event, next: (err?: Error) => void) => void): this {
    (this.#middlewares ??= []).push(fn);
    return this;
  }

  /** Bytes that wait for the client: in its queue, and before the kernel. Text counts by characters as long as it is in the queue. */
  get bufferedAmount(): number {
    return this.conn.bufferedAmount;
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** The request that opened the connection. */
  get request(): IncomingMessage {
    return this.client.request;
  }

  /** The connection: the socket of Engine.IO. */
  get conn(): Connection {
    return this.client.conn;
  }

  /**
   * What the client speaks: `name`, such as `"eio3"`; `generations`, such as
   * `["2.x", "1.x"]`, as it does not tell which of them it is; and what it `can`.
   */
  get dialect(): HostedDialect {
    return this.client.conn.dialect;
  }

  /** Where the socket is. */
  get rooms(): Set<Room> {
    return this.nsp.adapter.socketRooms(this.id) ?? new Set();
  }

  // What follows is not for applications. Adapters use some of it.
  /** Adapters know a socket of this server by it. */
  get server(): BaseServer<
    ListenEvents,
    EmitEvents,
    ServerSideEvents,
    SocketData
  > {
    return this.nsp.server;
  }

  get acks(): PendingAcks {
    return (this.#acks ??= new PendingAcks());
  }

  get flags(): BroadcastFlags {
    return (this.#flags ??= {});
  }

  notifyOutgoingListeners({ data }: { data: Any[] }): void {
    for (const listener of this.anyOutgoingListeners ?? [])
      this.#guard(String(data[0]), () => listener.apply(this, data));
  }

  deliver(outgoing: Outgoing, event: EventPacket): void {
    if (event.offset !== undefined) this.#kept?.sent(event.offset);
    if (this.anyOutgoingListeners !== undefined)
      this.notifyOutgoingListeners({ data: event.args });
    this.client._deliver(outgoing);
  }

  get _kept(): boolean {
    return this.#kept !== undefined;
  }
  get _lostAt(): number | undefined {
    return this.#kept?.lostAt;
  }

  _forgetAck(id: number): void {
    this.#acks?.delete(id);
  }

  /** Tells the client that it is in, after what it missed. */
  _onconnect(): void {
    this.connected = true;
    void this.join(this.id);
    const { name, adapter } = this.nsp;
    for (const args of this.#kept?.takeMissed() ?? [])
      this.#send({ type: "event", nsp: name, args: args as Event });
    const packet: ConnectPacket = { type: "connect", nsp: name, sid: this.id };
    this.#kept?.announce(packet, adapter);
    this.#send(packet);
  }

  _onevent({ args, id }: EventPacket): void {
    if (id !== undefined) args.push(this._answer(id));
    for (const listener of this.anyListeners ?? [])
      this.#guard(args[0], () => listener.apply(this, args));
    const middlewares = this.#middlewares;
    if (middlewares === undefined) return this.#dispatch(args);
    runMiddlewares(middlewares, args, (outcome) =>
      // What a middleware does behind `next()` comes before the listeners.
      this.nsp.server._runtime.defer(() => {
        if (outcome.passed) this.#dispatch(args);
        else if (outcome.thrown) this.#report(outcome.error, args[0], true);
        else this._onerror(outcome.error);
      }),
    );
  }

  /** The client says too much: the event is dropped, and an answer tells it so. */
  _refuseEvent({ id }: EventPacket, answer: unknown): void {
    if (id !== undefined)
      this.#send({ type: "ack", nsp: this.nsp.name, id, args: [answer] });
  }

  _ondrain(): void {
    this.#guard("drain", () => this.emitReserved("drain"));
  }

  _onack({ id, args }: AckPacket): void {
    this.#acks?.settle(id, args);
  }

  /** Listeners of `error` are told; without any, it is of no consequence. */
  _onerror(error: Error): void {
    if (this.listenerCount("error") > 0)
      this.#guard("error", () => this.emitReserved("error", error));
  }

  _onclose(reason: DisconnectReason, description?: unknown): void {
    if (!this.connected || this.#closing) return;
    this.#closing = true;
    this.#guard("disconnecting", () =>
      this.emitReserved("disconnecting", reason, description),
    );
    if (RECOVERABLE.has(reason)) this.#kept?.persist(this);
    this._cleanup();
    this.client._remove(this);
    this.connected = false;
    this.#guard("disconnect", () =>
      this.emitReserved("disconnect", reason, description),
    );
    this.nsp._handlers.left(this, reason, description);
    this.#acks?.abandon();
  }

  /** Leaves everything, also when it has never been connected. */
  _cleanup(): void {
    this._gone = true;
    this.nsp.adapter.delAll(this.id);
    this.nsp._remove(this);
  }

  /** A promise that a listener has returned was rejected. */
  override [EventEmitter.captureRejectionSymbol](
    error: unknown,
    event: unknown,
  ): void {
    this.#report(error, String(event));
  }

  #takeFlags(): BroadcastFlags {
    const flags = this.#flags;
    this.#flags = undefined;
    return flags ?? NO_FLAGS;
  }

  /** What a listener that takes a callback gets for it. Answers once. */
  _answer(id: number): (...args: unknown[]) => void {
    let sent = false;
    return (...args) => {
      if (sent) return;
      this.#send({ type: "ack", nsp: this.nsp.name, id, args });
      sent = true;
    };
  }

  #send(packet: Packet): void {
    if (!this._gone)
      this.client._deliver(new Outgoing(this.dialect.encode(packet)));
  }

  #dispatch(args: Event): void {
    // `error` is for errors of ours. A client that emits an event of that name
    // is heard by middlewares and catch-all listeners only.
    if (!this.connected || args[0] === "error") return;
    try {
      if (!localEmit.apply(this, args)) this.nsp._handlers.event(this, args);
    } catch (error) {
      this.#report(error, args[0]);
    }
  }

  /** Runs code of the application, which may throw or reject. */
  #guard(event: string, task: () => unknown): void {
    attempt(task, (error) => this.#report(error, event));
  }

  #report(error: unknown, event: string, middleware = false): void {
    const { name: namespace, server } = this.nsp;
    const at = { event, namespace, socketId: this.id };
    server._report(error, middleware ? { ...at, middleware } : at);
  }
}

addPluginMembers(Socket.prototype);

/**
 * The adapter of a namespace: who is in which room, and how packets reach them.
 * Its public face is that of `socket.io-adapter`, packets in the official raw
 * shape included, since adapters for clusters extend it and tools read it.
 */
import { EventEmitter } from "node:events";
import type { EventPacket } from "../dialects/packet.js";
import { Broadcast } from "../hub/broadcast.js";
import { RoomTable } from "../hub/rooms.js";
import type { HostedDialect } from "../dialects/dialect.js";
import type { SlowConsumer } from "../dialects/outgoing.js";
import type { PendingAcks } from "../hub/acks.js";
import type { Peer } from "../hub/ports.js";
import type { Connection } from "./connection.js";
import { makeTableLater } from "./listener-table.js";
import type { ServerSettings } from "./resolve-options.js";
import type { Runtime } from "./runtime.js";
import { mayExpect } from "./socket-limits.js";
import { isFunction, type Any } from "./typed-events.js";

/** A socket's public id. It is also the name of a room with nobody else in it. */
export type SocketId = string;
/** What a client shows to get its session back: a secret. */
export type PrivateSessionId = string;
export type Room = string;

/** A packet as adapters see it. `type` 2 is an event, `data` its name and arguments. */
export interface AdapterPacket {
  type: number;
  data: Any[];
  nsp?: string;
  id?: number;
}

export interface BroadcastFlags {
  volatile?: boolean;
  compress?: boolean;
  local?: boolean;
  broadcast?: boolean;
  binary?: boolean;
  /** ms */
  timeout?: number;
  /** omnio: what is done for those who do not keep up. @default the namespace's `slowConsumer` */
  whenSlow?: SlowConsumer;
  /** The acknowledgement takes one answer, not a list. */
  expectSingleResponse?: boolean;
}

export interface BroadcastOptions {
  /** Who gets it; none: everybody. */
  rooms: Set<Room>;
  except?: Set<Room>;
  flags?: BroadcastFlags;
}

/** What is kept of a socket that lost its connection. */
export interface SessionToPersist {
  sid: SocketId;
  pid: PrivateSessionId;
  rooms: Room[];
  data: unknown;
  /** omnio: the log's position when the socket connected. */
  firstOffset?: string;
  /** omnio: the offset of the last packet that the socket was sent. */
  lastOffset?: string;
}

/** What comes back: `missedPackets` are the arguments of events, the offset at their end. */
export type Session = SessionToPersist & { missedPackets: unknown[][] };

/** Anything that does an adapter's work. Instances of `socket.io-adapter`'s classes fit. */
export interface AdapterInstance extends EventEmitter {
  readonly nsp: Any;
  rooms: Map<Room, Set<SocketId>>;
  sids: Map<SocketId, Set<Room>>;
  init(): Promise<void> | void;
  close(): Promise<void> | void;
  serverCount(): Promise<number>;
  addAll(id: SocketId, rooms: Set<Room>): Promise<void> | void;
  del(id: SocketId, room: Room): Promise<void> | void;
  delAll(id: SocketId): void;
  broadcast(packet: Any, opts: BroadcastOptions): void;
  broadcastWithAck(
    packet: Any,
    opts: BroadcastOptions,
    clientCountCallback: (clientCount: number) => void,
    ack: (...args: Any[]) => void,
    gone?: () => void,
  ): void;
  sockets(rooms: Set<Room>): Promise<Set<SocketId>>;
  socketRooms(id: SocketId): Set<Room> | undefined;
  fetchSockets(opts: BroadcastOptions): Promise<Any[]>;
  addSockets(opts: BroadcastOptions, rooms: Room[]): void;
  delSockets(opts: BroadcastOptions, rooms: Room[]): void;
  disconnectSockets(opts: BroadcastOptions, close: boolean): void;
  serverSideEmit(packet: Any[]): void;
  persistSession(session: SessionToPersist): void;
  restoreSession(
    pid: PrivateSessionId,
    offset: string,
  ): Promise<Session | null> | Session | null;
}

/** The option `adapter`: a class, or a function that makes an adapter for a namespace. */
export type AdapterConstructor =
  (new (nsp: Any) => AdapterInstance) | ((nsp: Any) => AdapterInstance);

/** What an adapter needs of a socket. */
export interface AdapterSocket extends Peer {
  readonly acks: PendingAcks;
  readonly conn: Connection;
  readonly nsp: AdapterNamespace & { readonly adapter: AdapterInstance };
  join(rooms: Room[]): Promise<void> | void;
  leave(room: Room): Promise<void> | void;
  disconnect(close: boolean): unknown;
}

/** What an adapter needs of its namespace. */
export interface AdapterNamespace {
  readonly name: string;
  readonly slowConsumer: SlowConsumer;
  readonly sockets: ReadonlyMap<SocketId, AdapterSocket>;
  readonly server: {
    readonly _runtime: Runtime;
    readonly _settings: ServerSettings;
    readonly _dialects: readonly HostedDialect[];
  };
  _ids: number;
  /** Runs code of the application. */
  _attempt(event: string, task: () => unknown): void;
}

/** Whether the adapter can tell where a socket that connects now begins to miss packets. */
export function hasOffset(
  adapter: object,
): adapter is { readonly offset: string } {
  return "offset" in adapter && typeof adapter.offset === "string";
}

/** In memory, for one server. */
export class Adapter extends EventEmitter implements AdapterInstance {
  /** The namespace. Untyped, as in `socket.io-adapter`, for those who extend this class. */
  readonly nsp: Any;
  protected readonly namespace: AdapterNamespace;
  #made: RoomTable | undefined = undefined;

  constructor(nsp: AdapterNamespace) {
    super();
    makeTableLater(this);
    this.nsp = nsp;
    this.namespace = nsp;
  }

  /** Most of many namespaces have nobody in them, and then it is most of a namespace. */
  get #table(): RoomTable {
    return (this.#made ??= new RoomTable({
      created: (room) => this.emit("create-room", room),
      joined: (room, id) => this.emit("join-room", room, id),
      left: (room, id) => this.emit("leave-room", room, id),
      deleted: (room) => this.emit("delete-room", room),
    }));
  }

  /** Rooms and the ids of the sockets in them. */
  get rooms(): Map<Room, Set<SocketId>> {
    return this.#table.rooms;
  }

  /** Ids of sockets and the rooms that they are in. */
  get sids(): Map<SocketId, Set<Room>> {
    return this.#table.sids;
  }

  /** Called once. To be overridden. */
  init(): Promise<void> | void {}

  /** Called when the server closes, or the adapter is replaced. To be overridden. */
  close(): Promise<void> | void {}

  /** How many servers there are. */
  serverCount(): Promise<number> {
    return Promise.resolve(1);
  }

  /** Lets a socket join rooms. */
  addAll(id: SocketId, rooms: Set<Room>): Promise<void> | void {
    for (const room of rooms) this.#table.add(id, room);
  }

  /** Lets a socket leave a room. */
  del(id: SocketId, room: Room): Promise<void> | void {
    this.#table.del(id, room);
  }

  /** Lets a socket leave all of its rooms. */
  delAll(id: SocketId): void {
    this.#table.delAll(id);
  }

  /** Sends a packet to everybody who fits. */
  broadcast(packet: AdapterPacket, opts: BroadcastOptions): void {
    const broadcast = this.encodeFor(this.toEvent(packet), opts);
    this.forEach(opts, (socket) => broadcast.to(socket));
  }

  /**
   * Sends a packet to everybody who fits and asks each for an answer.
   *
   * @param clientCountCallback - called once with the number of receivers
   * @param ack - called with each answer
   * @param gone - omnio: called for each receiver that leaves without an answer
   */
  broadcastWithAck(
    packet: AdapterPacket,
    opts: BroadcastOptions,
    clientCountCallback: (clientCount: number) => void,
    ack: (...args: Any[]) => void,
    gone?: () => void,
  ): void {
    const id = this.namespace._ids++;
    packet.id = id;
    const broadcast = this.encodeFor(this.toEvent(packet), opts);
    let count = 0;
    this.forEach(opts, (socket) => {
      count++;
      if (!mayExpect(socket)) return gone?.();
      socket.acks.expect(id, ack, gone);
      broadcast.to(socket);
    });
    clientCountCallback(count);
  }

  /** The ids of everybody in one of the rooms, or of everybody. */
  sockets(rooms: Set<Room>): Promise<Set<SocketId>> {
    const ids = new Set<SocketId>();
    this.forEach({ rooms }, (socket) => ids.add(socket.id));
    return Promise.resolve(ids);
  }

  /** The rooms of a socket. */
  socketRooms(id: SocketId): Set<Room> | undefined {
    return this.#table.roomsOf(id);
  }

  /** The sockets that fit. */
  fetchSockets(opts: BroadcastOptions): Promise<Any[]> {
    const sockets: AdapterSocket[] = [];
    this.forEach(opts, (socket) => sockets.push(socket));
    return Promise.resolve(sockets);
  }

  /** Lets the sockets that fit join rooms. */
  addSockets(opts: BroadcastOptions, rooms: Room[]): void {
    this.forEach(opts, (socket) =>
      // One that may join no more rooms does not keep the others from joining.
      this.namespace._attempt("socketsJoin", () => socket.join(rooms)),
    );
  }

  /** Lets the sockets that fit leave rooms. */
  delSockets(opts: BroadcastOptions, rooms: Room[]): void {
    this.forEach(opts, (socket) => {
      for (const room of rooms) void socket.leave(room);
    });
  }

  /** Disconnects the sockets that fit, with `close` their connections too. */
  disconnectSockets(opts: BroadcastOptions, close: boolean): void {
    this.forEach(opts, (socket) => void socket.disconnect(close));
  }

  /** Sends a packet to the other servers: here are none, so a callback gets no answers. */
  serverSideEmit(packet: Any[]): void {
    const ack: unknown = packet.at(-1);
    if (isFunction(ack))
      this.namespace.server._runtime.defer(() =>
        this.namespace._attempt(String(packet[0]), () => ack(null, [])),
      );
  }

  /** Keeps a session for later. To be overridden. */
  persistSession(session: SessionToPersist): void;
  persistSession(): void {}

  /** Gives a session back, once. To be overridden. */
  restoreSession(
    pid: PrivateSessionId,
    offset: string,
  ): Promise<Session | null> | Session | null;
  restoreSession(): null {
    return null;
  }

  /** A raw packet as an event of this namespace. */
  protected toEvent(packet: AdapterPacket): EventPacket {
    const nsp = this.namespace.name;
    packet.nsp = nsp;
    const event: EventPacket = {
      type: "event",
      nsp,
      args: packet.data as [string, ...unknown[]],
    };
    if (packet.id !== undefined) event.id = packet.id;
    return event;
  }

  /** The event in the words of each dialect, made once for all receivers. */
  protected encodeFor(event: EventPacket, opts: BroadcastOptions): Broadcast {
    return new Broadcast(event, {
      volatile: opts.flags?.volatile === true,
      compress: opts.flags?.compress !== false,
      whenSlow: opts.flags?.whenSlow ?? this.namespace.slowConsumer,
      shared: this.#table.mayBeSeveral(opts.rooms, this.namespace.sockets.size),
    });
  }

  /** Visits the sockets that fit, each once. */
  protected forEach(
    { rooms, except }: BroadcastOptions,
    visit: (socket: AdapterSocket) => void,
  ): void {
    const { sockets } = this.namespace;
    if (rooms.size === 0 && (except === undefined || except.size === 0)) {
      for (const socket of sockets.values()) visit(socket);
      return;
    }
    this.#table.select(rooms, except, sockets.keys(), (id) => {
      const socket = sockets.get(id);
      if (socket !== undefined) visit(socket);
    });
  }
}

/**
 * A namespace as the application sees it: events out and in, with buffers for
 * the times without a connection. Sockets of one manager share its connection.
 */
import type { AckPacket, EventPacket, Packet } from "../dialects/packet.js";
import { RESERVED_EVENTS } from "../dialects/raw.js";
import { Acks } from "./acks.js";
import {
  Emitter,
  type Data,
  type DefaultEventsMap,
  type EventNames,
  type EventParams,
  type EventsMap,
} from "./emitter.js";
import { isolate } from "./isolate.js";
import type { BaseManager } from "./manager.js";
import { readOffset } from "./offsets.js";
import type { SocketOptions } from "./options.js";
import { Retries, type Callback, type Flags } from "./retries.js";
import type {
  AllButLast,
  DecorateAcknowledgements,
  DisconnectDescription,
  ClientDisconnectReason as Reason,
  FirstArg,
  Last,
  SocketReservedEvents,
} from "./socket-types.js";

type Connect = Extract<Packet, { type: "connect" }>;

/** An event that has come; the field names are those of socket.io-parser. */
interface ReceivedEvent {
  type: 2;
  nsp: string;
  data: [string, ...unknown[]];
  id?: number | undefined;
}

/** An event that waits for the connection. */
export interface BufferedPacket extends ReceivedEvent {
  options: { compress: boolean };
}

type AnyListener = (...args: Data[]) => void;

export class Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> extends Emitter<ListenEvents, EmitEvents, SocketReservedEvents> {
  /** Known to both ends; `undefined` while not connected. */
  id: string | undefined;
  connected = false;
  /** Whether it is connected, or will be without further ado. */
  active = false;
  /** The server restored what was missed while away; those events came before `connect`. */
  recovered = false;
  /** Sent at each connection. */
  auth: SocketOptions["auth"];
  /** Events that came before the server's word that the socket is connected. */
  receiveBuffer: (readonly Data[])[] = [];
  /** Events that wait for the connection. */
  sendBuffer: BufferedPacket[] = [];

  private readonly _opts: SocketOptions;
  private _acks: Acks | undefined;
  private readonly _retries: Retries | undefined;
  private _flags: Flags = {};
  private _anyIn: AnyListener[] = [];
  private _anyOut: AnyListener[] = [];
  private _pid: string | undefined;
  private _offset: string | undefined;

  constructor(
    /** The manager whose connection it uses. */
    readonly io: BaseManager<ListenEvents, EmitEvents>,
    readonly nsp: string,
    opts: SocketOptions = {},
  ) {
    super();
    this._opts = opts;
    this.auth = opts.auth || undefined;
    if (opts.retries) {
      this._retries = new Retries(
        opts.retries,
        () => this.connected,
        (args, flags, ack) => {
          this._flags = flags;
          this._emitEvent([...args, ack]);
        },
      );
    }
    if (io._autoConnect) this.open();
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** Connects, now or as soon as the manager is; also after a disconnection by either end. */
  connect(): this {
    if (this.connected) return this;
    const { nsp } = this;
    // Another one may have come in its place after it had left.
    const other = this.io.nsps[nsp];
    if (other !== this) {
      if (other?.active) Object.assign(this, { io: this.io._another() });
      this.io.nsps[nsp] = this;
    }
    const { io } = this;
    this.active = true;
    if (!io._reconnecting) io.open();
    if (io._readyState === "open") this._join();
    return this;
  }

  /** The same as {@link connect}. */
  open(): this {
    return this.connect();
  }

  /** Leaves the namespace; the connection ends with its last socket. It does not come back by itself. */
  disconnect(): this {
    if (this.connected) this.io._packet({ type: "leave", nsp: this.nsp });
    this._leave();
    if (this.connected) this._closed("io client disconnect");
    return this;
  }

  /** The same as {@link disconnect}. */
  close(): this {
    return this.disconnect();
  }

  /** Emits the event `message`. */
  send(...args: unknown[]): this {
    return this._emitEvent(["message", ...args]);
  }

  /**
   * Sends an event. A function as last argument gets the server's answer; after
   * `timeout()` or with the option `ackTimeout`, it takes an error first.
   * @throws {Error} the name is reserved
   * @throws {RangeError} the arguments cannot be encoded
   */
  override emit<Ev extends EventNames<EmitEvents>>(
    ev: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): this;
  override emit(ev: unknown, ...args: unknown[]): this {
    return this._emitEvent([ev, ...args]);
  }

  /**
   * Sends an event and waits for the server's answer.
   * @returns rejected when the time of `timeout()` is up or the socket disconnects
   */
  emitWithAck<Ev extends EventNames<EmitEvents>>(
    ev: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstArg<Last<EventParams<EmitEvents, Ev>>>>;
  emitWithAck(ev: unknown, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const ack = (error: Error | null, answer: unknown) =>
        error ? reject(error) : resolve(answer);
      this._emitEvent([ev, ...args, ack], true);
    });
  }

  /** Whether the next event may be compressed. */
  compress(compress: boolean): this {
    this._flags.compress = compress;
    return this;
  }

  /** The next event is dropped if it cannot be sent at once. */
  get volatile(): this {
    this._flags.volatile = true;
    return this;
  }

  /** The acknowledgement of the next event gets an error after so many ms without an answer. */
  timeout(
    timeout: number,
  ): Socket<ListenEvents, DecorateAcknowledgements<EmitEvents>>;
  timeout(timeout: number): unknown {
    this._flags.timeout = timeout;
    return this;
  }

  /** Calls the listener for every event, with its name first. */
  onAny(listener: AnyListener): this {
    this._anyIn.push(listener);
    return this;
  }

  /** As {@link onAny}, before the other listeners. */
  prependAny(listener: AnyListener): this {
    this._anyIn.unshift(listener);
    return this;
  }

  /** Removes one listener for every event, or all. */
  offAny(listener?: AnyListener): this {
    remove(this._anyIn, listener);
    return this;
  }

  /** The listeners for every event; the array may be changed. */
  listenersAny(): AnyListener[] {
    return this._anyIn;
  }

  /** Calls the listener for every event that is sent, with its name first; not for acknowledgements. */
  onAnyOutgoing(listener: AnyListener): this {
    this._anyOut.push(listener);
    return this;
  }

  /** As {@link onAnyOutgoing}, before the other listeners. */
  prependAnyOutgoing(listener: AnyListener): this {
    this._anyOut.unshift(listener);
    return this;
  }

  /** Removes one listener for sent events, or all. */
  offAnyOutgoing(listener?: AnyListener): this {
    remove(this._anyOut, listener);
    return this;
  }

  /** The listeners for sent events; the array may be changed. */
  listenersAnyOutgoing(): AnyListener[] {
    return this._anyOut;
  }

  /** @internal */
  _receive(packet: Packet): void {
    switch (packet.type) {
      case "connect":
        return this._connected(packet);
      case "event":
        return this.onevent({
          type: 2,
          nsp: this.nsp,
          data: packet.args,
          id: packet.id,
        });
      case "ack":
        return this._acks?.settle(packet.id, packet.args);
      case "leave":
        this._leave();
        return this._closed("io server disconnect");
      case "refuse":
        this._leave();
        this.emitReserved(
          "connect_error",
          Object.assign(new Error(packet.message), { data: packet.data }),
        );
    }
  }

  private _emitEvent(all: unknown[], withError = false): this {
    const [name] = all;
    if (RESERVED_EVENTS.has(name))
      throw new Error(`"${String(name)}" is a reserved event name`);
    const { _retries, _flags: flags, io } = this;
    this._flags = {};
    const last = all.at(-1);
    const ack =
      typeof last === "function" ? (all.pop() as Callback) : undefined;
    if (_retries && !flags.fromQueue && !flags.volatile) {
      _retries.add(all, flags, ack);
      _retries.drain();
      return this;
    }
    const packet: BufferedPacket = {
      type: 2,
      nsp: this.nsp,
      data: all as [string, ...unknown[]],
      options: { compress: flags.compress !== false },
    };
    if (ack) {
      this._acks ??= new Acks(io._timers);
      packet.id = this._acks.add(
        ack.bind(this),
        withError,
        flags.timeout ?? this._opts.ackTimeout,
        (id) => {
          this.sendBuffer = this.sendBuffer.filter(
            (waiting) => waiting.id !== id,
          );
        },
      );
    }
    const { engine } = io;
    if (this.connected && !engine?._hasPingExpired()) {
      if (!flags.volatile || engine?.transport?.writable) this._send(packet);
    } else if (!flags.volatile) this._keep(packet);
    return this;
  }

  private _send({ nsp, data, id, options }: BufferedPacket): void {
    for (const listener of this._anyOut.slice()) listener.apply(this, data);
    const packet: EventPacket = { type: "event", nsp, args: data, id };
    this.io._packet(packet, options.compress);
  }

  private _keep(packet: BufferedPacket): void {
    const { sendBuffer, io } = this;
    if (sendBuffer.push(packet) > (io.opts.maxOfflinePackets ?? 10_000)) {
      const id = sendBuffer.shift()?.id;
      if (id !== undefined)
        this._acks?.fail(id, "too many packets are waiting");
    }
  }

  /** @internal */
  _join(): void {
    const { auth, io, nsp } = this;
    const join = (data?: object) => {
      const { _pid: pid, _offset: offset } = this;
      io._join({
        type: "connect",
        nsp,
        auth: pid ? { pid, offset, ...data } : data,
      });
    };
    if (typeof auth === "function") auth(join);
    else join(auth);
  }

  private _connected({ sid, pid, offset }: Connect): void {
    if (!sid) {
      this.emitReserved(
        "connect_error",
        new Error("the server is older than Socket.IO 3"),
      );
      return;
    }
    this.id = sid;
    this.recovered = !!pid && this._pid === pid;
    this._pid = pid;
    if (offset !== undefined || !this.recovered) this._offset = offset;
    this.connected = true;
    const { receiveBuffer, sendBuffer } = this;
    this.receiveBuffer = [];
    this.sendBuffer = [];
    for (const args of receiveBuffer) isolate(() => this._deliver(args));
    for (const packet of sendBuffer) isolate(() => this._send(packet));
    this._retries?.drain(true);
    this.emitReserved("connect");
  }

  /**
   * Plugins put themselves in the place of this method, and of `ack`.
   *
   * @internal
   */
  onevent({ data, id }: ReceivedEvent): void {
    let args: readonly unknown[] = data;
    if (id != null) {
      data.push(this.ack(id));
    } else if (this._pid) {
      const seen = readOffset(data, this._offset);
      this._offset = seen.offset;
      args = seen.args;
    }
    if (this.connected) this._deliver(args);
    else this.receiveBuffer.push(args);
  }

  /** @internal */
  _deliver(args: readonly unknown[]): void {
    for (const listener of this._anyIn.slice())
      Reflect.apply(listener, this, args);
    this._call(args[0], args.slice(1));
  }

  /** @internal */
  ack(id: number): Callback {
    let sent = false;
    return (...args) => {
      if (sent) return;
      sent = true;
      const packet: AckPacket = { type: "ack", nsp: this.nsp, id, args };
      this.io._packet(packet);
    };
  }

  private _leave(): void {
    this.active = false;
    this.io._left(this.nsp);
  }

  /** @internal */
  _failed(error: Error): void {
    if (!this.connected) this.emitReserved("connect_error", error);
  }

  /** @internal */
  _closed(reason: string, description?: DisconnectDescription): void {
    const waiting = new Set(this.sendBuffer.map(({ id }) => id));
    this.connected = false;
    this.id = undefined;
    this.emitReserved("disconnect", reason as Reason, description);
    this._acks?.failAll("socket has been disconnected", (id) =>
      waiting.has(id),
    );
  }
}

export declare namespace Socket {
  type DisconnectReason = Reason;
}

function remove(
  listeners: AnyListener[],
  listener: AnyListener | undefined,
): void {
  if (!listener) listeners.length = 0;
  else if (listeners.includes(listener))
    listeners.splice(listeners.indexOf(listener), 1);
}

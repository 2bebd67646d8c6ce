/**
 * Keeps a connection to one server for any number of namespaces: opens it,
 * notices its end, and comes back.
 */
import type { Dialect, Parser, RawPacket } from "../dialects/dialect.js";
import type { Packet } from "../dialects/packet.js";
import { Backoff } from "./backoff.js";
import { withBlobsRead } from "./blobs.js";
import { Emitter, type DefaultEventsMap, type EventsMap } from "./emitter.js";
import { Engine, type EngineListener } from "./engine.js";
import type { Environment } from "./environment.js";
import type { Root } from "./implicit-root.js";
import { isolate } from "./isolate.js";
import type { ManagerOptions, SocketOptions } from "./options.js";
import { Socket } from "./socket.js";
import type { DisconnectDescription } from "./socket-types.js";
import { timersFor, type Timer, type Timers } from "./timers.js";

export interface ManagerReservedEvents {
  open: () => void;
  error: (err: Error) => void;
  ping: () => void;
  packet: (packet: RawPacket) => void;
  close: (reason: string, description?: DisconnectDescription) => void;
  reconnect_failed: () => void;
  reconnect_attempt: (attempt: number) => void;
  reconnect_error: (err: Error) => void;
  reconnect: (attempt: number) => void;
}

/** What can be read and changed while it runs. Times in ms. */
export interface Settings {
  reconnectionDelay: number;
  reconnectionDelayMax: number;
  randomizationFactor: number;
  reconnectionAttempts: number;
  timeout: number | boolean;
}

type Connect = Extract<Packet, { type: "connect" }>;

/** In the order of their numbers. */
const RAW_TYPES = ["connect", "leave", "event", "ack", "refuse"];

export abstract class BaseManager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
>
  extends Emitter<
    Record<never, never>,
    Record<never, never>,
    ManagerReservedEvents
  >
  implements EngineListener
{
  /** The current connection; a new one after each reconnection. As in the reference, not there before the first. */
  engine!: Engine;
  /** Read anew at each reconnection. */
  readonly opts: Partial<ManagerOptions>;
  /** Read anew at each connection. */
  uri: string | undefined;
  /** @internal */
  readonly nsps: Record<string, Socket<ListenEvents, EmitEvents>> = {};

  readonly _autoConnect: boolean;
  readonly _timers: Timers;
  _readyState: "opening" | "open" | "closed" = "closed";
  _reconnecting = false;

  private readonly _settings: Settings;
  private readonly _backoff: Backoff;
  private readonly _dialects: Dialect[];
  private _reconnection: boolean;
  private _skipReconnect: boolean | undefined;
  private _cleanups: (() => void)[] = [];
  /** Who waits for the connection that is being opened. */
  private _waiting: ((err?: Error) => void) | undefined;
  private _sending: Promise<void> | undefined;
  private _root: Root | undefined;

  constructor(opts: Partial<ManagerOptions>);
  constructor(uri?: string, opts?: Partial<ManagerOptions>);
  constructor(
    uri?: string | Partial<ManagerOptions>,
    opts?: Partial<ManagerOptions>,
  );
  constructor(
    uri?: string | Partial<ManagerOptions>,
    opts: Partial<ManagerOptions> = {},
  ) {
    super();
    if (typeof uri === "object") {
      opts = uri;
      uri = undefined;
    }
    this.uri = uri;
    this.opts = opts;
    opts.path ||= "/socket.io";
    this._reconnection = opts.reconnection !== false;
    this._settings = {
      reconnectionDelay: opts.reconnectionDelay || 1000,
      reconnectionDelayMax: opts.reconnectionDelayMax || 5000,
      randomizationFactor: opts.randomizationFactor ?? 0.5,
      reconnectionAttempts: opts.reconnectionAttempts || Infinity,
      timeout: opts.timeout ?? 20_000,
    };
    this._backoff = new Backoff(this._settings);
    this._timers = timersFor(opts);
    this._dialects = this._chooseDialects();
    this._autoConnect = opts.autoConnect !== false;
    if (this._autoConnect) this.open();
  }

  /** @internal */
  abstract _environment(): Environment;

  /** Whether to come back by itself. */
  reconnection(): boolean;
  reconnection(v: boolean): this;
  reconnection(v?: boolean): this | boolean;
  reconnection(v?: boolean): this | boolean {
    if (v === undefined) return this._reconnection;
    this._reconnection = v;
    if (!v) this._skipReconnect = true;
    return this;
  }

  /** How many attempts are made before `reconnect_failed`. */
  reconnectionAttempts(): number;
  reconnectionAttempts(v: number): this;
  reconnectionAttempts(v?: number): this | number;
  reconnectionAttempts(v?: number): this | number {
    return this._setting("reconnectionAttempts", v);
  }

  /** The delay before the first attempt, in ms. */
  reconnectionDelay(): number;
  reconnectionDelay(v: number): this;
  reconnectionDelay(v?: number): this | number;
  reconnectionDelay(v?: number): this | number {
    return this._setting("reconnectionDelay", v);
  }

  /** How far delays are spread, 0 to 1. */
  randomizationFactor(): number;
  randomizationFactor(v: number): this;
  randomizationFactor(v?: number): this | number;
  randomizationFactor(v?: number): this | number {
    return this._setting("randomizationFactor", v);
  }

  /** The limit of the delays, in ms. */
  reconnectionDelayMax(): number;
  reconnectionDelayMax(v: number): this;
  reconnectionDelayMax(v?: number): this | number;
  reconnectionDelayMax(v?: number): this | number {
    return this._setting("reconnectionDelayMax", v);
  }

  /** How long an attempt to connect may take, in ms; `false`: no limit. */
  timeout(): number | boolean;
  timeout(v: number | boolean): this;
  timeout(v?: number | boolean): this | number | boolean;
  timeout(v?: number | boolean): this | number | boolean {
    return this._setting("timeout", v);
  }

  /** Opens the connection. `fn` is called once, with an error if it fails; then nothing is tried again. */
  open(fn?: (err?: Error) => void): this {
    if (this._readyState !== "closed") return this;
    this._skipReconnect = false;
    const engine = new Engine(
      this.uri,
      this.opts,
      this._environment(),
      this._dialects,
      // What the server spoke last time.
      this.engine?.dialect,
      this._timers,
    );
    engine._listener = this;
    this._readyState = "opening";
    this.engine = engine;
    this._waiting = fn;
    const { timeout } = this._settings;
    if (timeout !== false) {
      this._later(timeout as number, () => {
        this._unopened(new Error("timeout"));
        engine.close();
      });
    }
    return this;
  }

  /** The same as {@link open}. */
  connect(fn?: (err?: Error) => void): this {
    return this.open(fn);
  }

  /** The socket of a namespace, made at the first call. */
  socket(
    nsp: string,
    opts?: Partial<SocketOptions>,
  ): Socket<ListenEvents, EmitEvents> {
    const socket = this.nsps[nsp];
    if (!socket) return (this.nsps[nsp] = new Socket(this, nsp, opts));
    if (this._autoConnect && !socket.active) socket.connect();
    return socket;
  }

  /** Closes the connection of all sockets, for good. */
  disconnect(): void {
    this._close();
  }

  _close(): void {
    this._skipReconnect = true;
    this._reconnecting = false;
    this._closed("forced close");
  }

  /** One like it, with a connection of its own. @internal */
  _another(): this {
    const Manager = this.constructor as new (...args: unknown[]) => this;
    return new Manager(this.uri, { ...this.opts, autoConnect: false });
  }

  /** Whether none of its sockets is connected or about to be. @internal */
  get _idle(): boolean {
    return !Object.values(this.nsps).some(({ active }) => active);
  }

  /** A socket left; the connection is kept for those that are left. @internal */
  _left(nsp: string): void {
    this._root?.left(nsp);
    if (this._idle) this._close();
  }

  /** Asks for a namespace, unless the server puts us into it unasked. @internal */
  _join(packet: Connect): void {
    const joined = () => this._received({ type: "connect", nsp: "/" });
    if (this._root?.asks(packet.nsp, joined) !== false) this._packet(packet);
  }

  /** @internal */
  _packet(packet: Packet, compress?: boolean): void {
    const { engine } = this;
    const ready = withBlobsRead(packet);
    if (!this._sending && !ready) return engine?._send(packet, compress);
    // Packets that come later wait, so that the order holds.
    const sending = Promise.all([ready ?? packet, this._sending]).then(
      ([read]) => {
        if (this._sending === sending) this._sending = undefined;
        isolate(() => engine?._send(read, compress));
      },
    );
    this._sending = sending;
  }

  _chooseDialects(): Dialect[] {
    const { generations, dialectOptions } = this._environment();
    const { protocol, parser, maxAttachments } = this.opts;
    const names = Object.keys(generations);
    return (protocol ? [protocol] : names).map((name) => {
      if (!names.includes(name)) {
        throw new Error(`no protocol "${name}"; there is ${names.join(", ")}`);
      }
      return generations[name]({
        ...dialectOptions,
        parser: parser as Parser | undefined,
        maxAttachments,
      });
    });
  }

  /** @internal */
  _setting<Key extends keyof Settings>(
    key: Key,
    value: Settings[Key] | undefined,
  ): this | Settings[Key] {
    if (value === undefined) return this._settings[key];
    this._settings[key] = value;
    return this;
  }

  /** @internal */
  _engineOpened(engine: Engine): void {
    const { _waiting } = this;
    this._cleanup();
    this._readyState = "open";
    this._root = this._environment().implicitRoot?.(engine, this._dialects);
    this._each((socket) => socket._join());
    this.emitReserved("open");
    _waiting?.();
  }

  /** @internal */
  _engineFailed(error: Error): void {
    if (this._readyState === "open") this._failed(error);
    else this._unopened(error);
  }

  /** @internal */
  _engineClosed(reason: string, description?: unknown): void {
    if (this._readyState === "open") this._closed(reason, description);
    else this._unopened(new Error("closed before it was open"));
  }

  private _unopened(error: Error): void {
    const { _waiting } = this;
    this._letGo();
    this._failed(error);
    if (_waiting) _waiting(error);
    else if (
      !this._reconnecting &&
      this._reconnection &&
      !this._backoff.attempts
    )
      this._reconnect();
  }

  /** @internal */
  _received(raw: Packet): void {
    const packet = this._root ? this._root.read(raw) : raw;
    if (!packet) return;
    if (this.hasListeners("packet")) this.emitReserved("packet", toRaw(packet));
    const socket = this.nsps[packet.nsp];
    if (socket?.active) socket._receive(packet);
  }

  /** @internal */
  _closed(reason: string, description?: unknown): void {
    this._letGo();
    this.engine?.close();
    this._backoff.reset();
    this._sending = undefined;
    const details = description as DisconnectDescription;
    this._each((socket) => socket._closed(reason, details));
    this.emitReserved("close", reason, details);
    if (this._reconnection) this._reconnect();
  }

  private _reconnect(): void {
    if (this._reconnecting || this._skipReconnect) return;
    const { _backoff } = this;
    if (_backoff.attempts >= this._settings.reconnectionAttempts) {
      _backoff.reset();
      this.emitReserved("reconnect_failed");
      return;
    }
    this._reconnecting = true;
    this._later(_backoff.duration(), () => {
      if (this._skipReconnect) return;
      this.emitReserved("reconnect_attempt", _backoff.attempts);
      // A listener may have closed it.
      if (this._skipReconnect) return;
      this.open((error) => {
        this._reconnecting = false;
        if (error) {
          this._reconnect();
          this.emitReserved("reconnect_error", error);
        } else {
          const attempt = _backoff.attempts;
          _backoff.reset();
          this.emitReserved("reconnect", attempt);
        }
      });
    });
  }

  private _failed(error: Error): void {
    this._each((socket) => socket._failed(error));
    this.emitReserved("error", error);
  }

  /** Sockets hear of things before the application. */
  private _each(
    tell: (socket: Socket<ListenEvents, EmitEvents>) => void,
  ): void {
    for (const socket of Object.values(this.nsps))
      if (socket.active) tell(socket);
  }

  private _letGo(): void {
    this._cleanup();
    this._readyState = "closed";
    if (this.engine) this.engine._listener = undefined;
  }

  private _cleanup(): void {
    for (const clean of this._cleanups.splice(0)) clean();
  }

  private _later(ms: number, task: () => void): void {
    const timer: Timer = this._timers.set(task, ms);
    this._cleanups.push(() => this._timers.clear(timer));
  }
}

function toRaw(packet: Packet): RawPacket {
  const { type, nsp } = packet;
  const raw: RawPacket = { type: RAW_TYPES.indexOf(type), nsp };
  if ("args" in packet) raw.data = packet.args;
  else if (type === "refuse")
    raw.data = { message: packet.message, data: packet.data };
  else if ("auth" in packet) raw.data = packet.auth;
  if ("id" in packet) raw.id = packet.id;
  return raw;
}

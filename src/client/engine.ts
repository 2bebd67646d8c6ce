/**
 * One connection to a server: handshake, heartbeat, upgrade and end, over one
 * transport at a time. It is the public `manager.engine`, with the names and
 * events that users of engine.io-client know; when it is closed it stays so,
 * and the manager makes another one.
 */
import type { Decoder, Dialect, Line } from "../dialects/dialect.js";
import {
  ProtocolError,
  type Hello,
  type Packet,
  type Signal,
  type Unit,
} from "../dialects/packet.js";
import { batchFor, type Outbound } from "./batch.js";
import { Emitter } from "./emitter.js";
import { endpoint, type Endpoint } from "./endpoint.js";
import type { CookieJar, Environment } from "./environment.js";
import { isolate } from "./isolate.js";
import type { EngineOptions } from "./options.js";
import { listenToPage } from "./page.js";
import type { Recognition } from "./recognition.js";
import type { Timer, Timers } from "./timers.js";
import type { CloseDetails, Transport, TransportUser } from "./transport.js";
import { probe } from "./upgrade.js";

/** What an Engine.IO packet is to users. */
export interface EnginePacket {
  type: string;
  data?: Unit;
  options?: { compress?: boolean };
}

export interface EngineEvents {
  open: () => void;
  handshake: (hello: Hello) => void;
  packet: (packet: EnginePacket) => void;
  packetCreate: (packet: EnginePacket) => void;
  data: (data: Unit) => void;
  message: (data: Unit) => void;
  drain: () => void;
  flush: () => void;
  heartbeat: () => void;
  ping: () => void;
  pong: () => void;
  error: (error: Error) => void;
  upgrading: (transport: Transport) => void;
  upgrade: (transport: Transport) => void;
  upgradeError: (error: Error) => void;
  close: (reason: string, description?: CloseDetails | Error) => void;
}

/** Who made the engine, and is told before anybody else. */
export interface EngineListener {
  /** @internal */
  _received(packet: Packet): void;
  /** @internal */
  _closed(reason: string, description: unknown): void;
  /** @internal */
  _call(event: "ping", args: []): unknown;
  /** @internal */
  _engineOpened(engine: Engine): void;
  /** @internal */
  _engineFailed(error: Error): void;
  /** @internal */
  _engineClosed(reason: string, description?: CloseDetails | Error): void;
}

/** A client believes its server. */
const LIMITS = {
  maxPayload: Infinity,
  maxAttachments: Infinity,
  lenient: true,
};

/** WebTransport gets a head start on other upgrades, in ms. */
const HEAD_START = 200;

/** Whether the last connection of this program reached WebSocket (`rememberUpgrade`). */
let websocketWorked = false;

export class Engine
  extends Emitter<Record<never, never>, Record<never, never>, EngineEvents>
  implements TransportUser
{
  /** The session's id: a secret between the two ends. */
  id: string | undefined;
  transport!: Transport;
  readyState: "opening" | "open" | "closing" | "closed" = "opening";
  /** What waits to be sent or is on its way. */
  writeBuffer: Outbound[] = [];
  /** The generation of the server; known when it is open. */
  dialect: Dialect | undefined;
  upgrading = false;
  /** Node: `"arraybuffer"` to get binary as `ArrayBuffer`, not `Buffer`. */
  binaryType: Environment["binaryType"];
  readonly opts: EngineOptions;

  /** Nobody, once it was told all that it wants to know. @internal */
  _listener: EngineListener | undefined;
  /** @internal */
  readonly _endpoint: Endpoint;
  private readonly _jar: CookieJar | undefined;
  private readonly _guess: Dialect;
  private _recognition: Recognition | undefined;
  private readonly _stopListening: (() => void) | undefined;
  private _decoder: Decoder | undefined;
  private _hello: Hello | undefined;
  private _sending = 0;
  private _deadline = Infinity;
  private _deadlineTimer: Timer | undefined;
  private _pingTimer: Timer | undefined;

  constructor(
    uri: string | undefined,
    opts: EngineOptions,
    environment: Environment,
    dialects: readonly Dialect[],
    /** What the server spoke last time. */
    known: Dialect | undefined,
    /** @internal */
    readonly _timers: Timers,
  ) {
    super();
    this._endpoint = endpoint(uri, opts, environment);
    this.opts = this._endpoint.opts;
    this.binaryType = environment.binaryType;
    this._jar = opts.withCredentials
      ? environment.createCookieJar?.()
      : undefined;
    this._guess = known ?? dialects[0];
    this._recognition = environment.recognise?.(this, dialects, known);
    if (!this._recognition) this._recognised(this._guess, []);
    this._stopListening = listenToPage(this, this._endpoint.host);
    if (this._endpoint.transports.length) this._open();
    else
      this._timers.set(
        () => this._failed(new Error("No transports available")),
        0,
      );
  }

  /** Sends a bare message, below the packets of Socket.IO. `done` is called when it is handed to the transport. */
  send(data: Unit, options?: { compress?: boolean }, done?: () => void): this {
    if (this.dialect) this._write([this.dialect.wrap(data)], options?.compress);
    // In which words, is known then.
    else this.once("open", () => this.send(data, options));
    if (done) this.once("flush", done);
    return this;
  }

  /** The same as {@link send}. */
  write(data: Unit, options?: { compress?: boolean }, done?: () => void): this {
    return this.send(data, options, done);
  }

  /** Closes after what was written, and after an upgrade that is under way. */
  close(): this {
    if (this.readyState !== "opening" && this.readyState !== "open")
      return this;
    this.readyState = "closing";
    const close = () => this._close("forced close");
    const afterUpgrade = () => {
      if (this.upgrading)
        this.once("upgrade", close).once("upgradeError", close);
      else close();
    };
    if (this.writeBuffer.length) this.once("drain", afterUpgrade);
    else afterUpgrade();
    return this;
  }

  /** @internal */
  _send(item: Packet | Signal, compress?: boolean): void {
    if (this.dialect) this._write(this.dialect.encode(item), compress);
  }

  /**
   * Whether the server is overdue although no timer has said so, as after the
   * machine was asleep. If so, the connection ends.
   * @internal
   */
  _hasPingExpired(): boolean {
    const expired = Date.now() > this._deadline;
    if (expired) queueMicrotask(() => this._close("ping timeout"));
    return expired;
  }

  /** @internal */
  _recognised(dialect: Dialect | undefined, frames: Unit[], line?: Line): void {
    if (!dialect) return this._failed(new Error("server error"));
    this.dialect = dialect;
    this._recognition = undefined;
    const decoder = (this._decoder = dialect.decoder(LIMITS));
    decoder.listen?.({
      packet: (packet) => isolate(() => this._listener?._received(packet)),
      failed: (error) => this._listener?._closed("parse error", error),
    });
    if (line) for (const frame of frames) this._receive(frame, line);
  }

  /** @internal */
  _use(transport: Transport): void {
    this.transport?._forgotten();
    this.transport = transport;
    transport._user = this;
  }

  /** @internal */
  _flush(): void {
    const { transport, writeBuffer, dialect } = this;
    if (
      !dialect ||
      this.readyState === "closed" ||
      !transport.writable ||
      this.upgrading
    )
      return;
    const { line } = transport;
    const batch = batchFor(writeBuffer, line, this._hello?.maxPayload);
    if (!batch.length) return;
    this._sending = batch.length;
    transport.send(
      dialect.frame(
        batch.map(({ unit }) => unit),
        line,
      ),
      batch,
    );
    this.emitReserved("flush");
  }

  /** @internal */
  _close(reason: string, description?: CloseDetails | Error): void {
    if (this.readyState === "closed") return;
    const { transport, _timers } = this;
    _timers.clear(this._deadlineTimer);
    _timers.clear(this._pingTimer);
    this._recognition?.stop();
    this._stopListening?.();
    transport?._forgotten().close();
    this.readyState = "closed";
    this._decoder?.destroy?.();
    this.id = undefined;
    this._listener?._engineClosed(reason, description);
    this.emitReserved("close", reason, description);
    this.writeBuffer = [];
    this._sending = 0;
  }

  private _open(): void {
    const { transports } = this._endpoint;
    const remembered =
      this.opts.rememberUpgrade &&
      websocketWorked &&
      transports.includes("websocket");
    this._use(this._createTransport(remembered ? "websocket" : transports[0]));
    this.transport.open();
  }

  /** @internal */
  _createTransport(name: string): Transport {
    const { opts, implementations, base } = this._endpoint;
    const query: Endpoint["opts"]["query"] = {
      ...opts.query,
      EIO: (this.dialect ?? this._guess).protocol,
      transport: name,
    };
    if (this.id) query.sid = this.id;
    return new implementations[name]({
      ...opts,
      base,
      query,
      cookieJar: this._jar,
      timers: this._timers,
      farewell: (line) =>
        this.dialect?.frame(this.dialect.encode({ type: "close" }), line)[0],
      ...(opts.transportOptions?.[name] as object | undefined),
    });
  }

  /** @internal */
  _receive(frame: Unit, line: Line): void {
    if (!this.dialect) return this._recognition?.push(frame, line);
    try {
      for (const unit of this.dialect.unframe(frame, line))
        this._unit(unit, this.dialect);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (error.layer === "packet")
        this._listener?._closed("parse error", error);
      else this._failed(new Error("server error", { cause: error }));
    }
  }

  private _unit(unit: Unit, dialect: Dialect): void {
    if (this.readyState === "closed") return;
    if (this._callbacks) {
      const told = dialect.describe(unit);
      this.emitReserved("packet", told);
      this.emitReserved("heartbeat");
      if (told.type === "message") {
        this.emitReserved("data", told.data ?? "");
        this.emitReserved("message", told.data ?? "");
      }
    }
    const item = this._decoder?.push(unit);
    switch (item?.type) {
      case "open":
        this._shake(item.hello);
        break;
      case "ping":
      case "pong":
        this._alive();
        if (item.type === "ping") {
          this._send({ ...item, type: "pong" });
          this._listener?._call("ping", []);
          this.emitReserved("ping");
        }
        this.emitReserved("pong");
        break;
      case "close":
        this.transport._closed({
          description: "transport closed by the server",
        });
        break;
      case undefined:
      case "upgrade":
      case "noop":
      case "receipt":
        break;
      default:
        isolate(() => this._listener?._received(item as Packet));
    }
  }

  private _shake(hello: Hello): void {
    const { transport } = this;
    if (transport.readyState === "opening") transport._opened();
    this.emitReserved("handshake", hello);
    this.id = transport.query.sid = hello.sid;
    this._hello = hello;
    this._alive();
    this.readyState = "open";
    websocketWorked = transport.name === "websocket";
    this._listener?._engineOpened(this);
    this.emitReserved("open");
    this._flush();
    const upgrades = hello.upgrades.filter((name) =>
      this._endpoint.transports.includes(name),
    );
    const { upgrade = true } = this.opts;
    for (const name of upgrades) {
      if (this.readyState !== "open" || !upgrade) break;
      websocketWorked = false;
      const wait = name !== "webtransport" && upgrades.includes("webtransport");
      const next = this._createTransport(name);
      probe(this, next, wait ? HEAD_START : 0, () => {
        websocketWorked = name === "websocket";
      });
    }
  }

  /**
   * The server is there: until when it has to show so again, and when we ask, if that is our part.
   * @internal
   */
  _alive(): void {
    const { _timers, _hello, dialect } = this;
    if (!_hello) return;
    const patience = _hello.pingInterval + _hello.pingTimeout;
    this._deadline = Date.now() + patience;
    _timers.clear(this._deadlineTimer);
    _timers.clear(this._pingTimer);
    this._deadlineTimer = _timers.set(
      () => this._close("ping timeout"),
      patience,
    );
    if (dialect?.link.beat.from === "client") {
      this._pingTimer = _timers.set(
        () => this._send({ type: "ping" }),
        _hello.pingInterval,
      );
    }
  }

  private _write(units: readonly Unit[], compress = true): void {
    const { dialect, readyState } = this;
    if (!dialect || readyState === "closing" || readyState === "closed") return;
    for (const unit of units) {
      if (this.hasListeners("packetCreate")) {
        this.emitReserved("packetCreate", {
          ...dialect.describe(unit),
          options: { compress },
        });
      }
      this.writeBuffer.push({ unit, compress });
    }
    this._flush();
  }

  /** @internal */
  _drained(): void {
    this.writeBuffer.splice(0, this._sending);
    this._sending = 0;
    if (this.writeBuffer.length) this._flush();
    else this.emitReserved("drain");
  }

  /** @internal */
  _failed(error: Error): void {
    const { transports } = this._endpoint;
    websocketWorked = false;
    if (
      this.opts.tryAllTransports &&
      transports.length > 1 &&
      this.readyState === "opening"
    ) {
      transports.shift();
      this._open();
      return;
    }
    this._listener?._engineFailed(error);
    this.emitReserved("error", error);
    this._close("transport error", error);
  }
}

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
import { Heartbeat } from "../session/heartbeat.js";
import { batchFor, type Outbound } from "./batch.js";
import { Emitter, type Data } from "./emitter.js";
import type { CookieJar, Environment } from "./environment.js";
import type { EngineOptions } from "./options.js";
import { listenToPage } from "./page.js";
import type { Recognition } from "./recognition.js";
import { timersFor, type Timer, type Timers } from "./timers.js";
import type {
  CloseDetails,
  Transport,
  TransportConstructor,
} from "./transport.js";
import { probe } from "./upgrade.js";
import { decodeQuery, pageLocation, parseAddress } from "./url.js";

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

/** What the manager wants to know before anybody else. */
export interface EngineListener {
  packet(packet: Packet): void;
  malformed(error: unknown): void;
}

/** A client believes its server. */
const LIMITS = { maxPayload: Infinity, maxAttachments: Infinity };

/** Whether the last connection of this program reached WebSocket (`rememberUpgrade`). */
let websocketWorked = false;

export class Engine extends Emitter<
  Record<never, never>,
  Record<never, never>,
  EngineEvents
> {
  /** The session's id: a secret between the two ends. */
  id: string | undefined;
  transport!: Transport;
  readyState: "opening" | "open" | "closing" | "closed" = "opening";
  /** What waits to be sent or is on its way. */
  writeBuffer: Outbound[] = [];
  /** The generation of the server; known when it is open. */
  dialect: Dialect | undefined;
  readonly opts: EngineOptions;
  readonly hostname: string;
  readonly secure: boolean;
  readonly port: string | number;
  readonly transports: string[];
  upgrading = false;

  readonly _timers: Timers;
  private readonly _implementations: Readonly<
    Record<string, TransportConstructor>
  >;
  private readonly _jar: CookieJar | undefined;
  private readonly _recognition: Recognition | undefined;
  private readonly _guess: Dialect;
  private _heartbeat: Heartbeat | undefined;
  private _heartbeatTimer: Timer | undefined;
  private _decoder: Decoder | undefined;
  private _maxPayload: number | undefined;
  private _sending = 0;
  private readonly _stopListening: () => void;

  constructor(
    uri: string | undefined,
    opts: EngineOptions,
    environment: Environment,
    dialects: readonly [Dialect, ...Dialect[]],
    /** What the server spoke last time. */
    known: Dialect | undefined,
    private readonly _listener: EngineListener,
  ) {
    super();
    const page = pageLocation();
    const address = uri === undefined ? undefined : parseAddress(uri, page);
    this.opts = { ...opts };
    if (address?.query) this.opts.query = address.query as Data;
    if (typeof this.opts.query === "string")
      this.opts.query = decodeQuery(this.opts.query);
    this.opts.path =
      (opts.path ?? "/socket.io").replace(/\/$/, "") +
      (opts.addTrailingSlash === false ? "" : "/");
    this.secure = address?.secure ?? opts.secure ?? page?.protocol === "https:";
    this.hostname =
      address?.hostname ??
      opts.hostname ??
      opts.host ??
      page?.hostname ??
      "localhost";
    const named = opts.hostname ?? opts.host;
    this.port =
      address?.port ??
      opts.port ??
      ((!named && page?.port) || (this.secure ? "443" : "80"));

    const { transports, transportImplementations } = opts;
    if (transports && transportImplementations) {
      throw new Error(
        "the options `transports` and `transportImplementations` exclude each other; give one of them",
      );
    }
    const implementations: Record<string, TransportConstructor> = {
      ...environment.transports,
    };
    this.transports = (
      transportImplementations ??
      transports ??
      Object.keys(implementations)
    ).map((t) => {
      if (typeof t !== "string") {
        implementations[t.prototype.name] = t;
        return t.prototype.name;
      }
      if (!implementations[t])
        throw new Error(
          `there is no transport "${t}"; there are ${Object.keys(implementations).join(", ")}`,
        );
      return t;
    });
    this._implementations = implementations;
    this._jar = opts.withCredentials
      ? environment.createCookieJar?.()
      : undefined;
    this._timers = timersFor(opts);
    this._recognition = environment.recognise?.(
      dialects,
      known,
      this._timers,
      (dialect, frames, line) => {
        if (!dialect) return this._failed(new Error("server error"));
        this._speak(dialect);
        for (const frame of frames) this._receive(frame, line);
      },
    );
    this._guess = known ?? dialects[0];
    if (!this._recognition) this._speak(this._guess);
    this._stopListening = listenToPage(this);
    if (this.transports.length) this._open();
    else
      this._timers.set(
        () => this._failed(new Error("No transports available")),
        0,
      );
  }

  /** Sends a bare message, below the packets of Socket.IO. `done` is called when it is handed to the transport. */
  send(
    data: Unit,
    options: { compress?: boolean } = {},
    done?: () => void,
  ): this {
    if (this.dialect) this._write([this.dialect.wrap(data)], options.compress);
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
    const close = () => {
      if (this.upgrading) {
        const settled = () => {
          this.off("upgrade", settled);
          this.off("upgradeError", settled);
          this._close("forced close");
        };
        this.once("upgrade", settled);
        this.once("upgradeError", settled);
      } else this._close("forced close");
    };
    if (this.writeBuffer.length) this.once("drain", close);
    else close();
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
    const expired =
      this._heartbeat !== undefined && Date.now() > this._heartbeat.at;
    if (expired) queueMicrotask(() => this._close("ping timeout"));
    return expired;
  }

  /** @internal */
  _createTransport(name: string): Transport {
    const { transportOptions = {}, query } = this.opts;
    const { protocol } = this.dialect ?? this._guess;
    return new this._implementations[name]({
      path: "/socket.io/",
      ...this.opts,
      hostname: this.hostname,
      secure: this.secure,
      port: this.port,
      query: {
        ...query,
        EIO: protocol,
        transport: name,
        ...(this.id && { sid: this.id }),
      },
      cookieJar: this._jar,
      timers: this._timers,
      farewell: (line) =>
        this.dialect?.frame(this.dialect.encode({ type: "close" }), line)[0],
      ...transportOptions[name],
    });
  }

  /** @internal */
  _use(transport: Transport): void {
    this.transport?.off();
    this.transport = transport;
    transport
      .on("frame", (frame, line) => this._receive(frame, line))
      .on("drain", () => this._drained())
      .on("error", (error) => this._failed(error))
      .on("close", (details) => this._close("transport close", details));
  }

  /** @internal */
  _emit<Ev extends keyof EngineEvents>(
    ev: Ev,
    ...args: Parameters<EngineEvents[Ev]>
  ): void {
    this.emitReserved(ev, ...args);
  }

  /** @internal */
  _flush(): void {
    const { transport, writeBuffer, dialect } = this;
    if (
      !dialect ||
      this.readyState === "closed" ||
      !transport.writable ||
      this.upgrading ||
      !writeBuffer.length
    )
      return;
    const batch = transport.line.batch
      ? batchFor(writeBuffer, this._maxPayload)
      : writeBuffer.slice();
    this._sending = batch.length;
    transport.send(
      dialect.frame(
        batch.map(({ unit }) => unit),
        transport.line,
      ),
      batch,
    );
    this.emitReserved("flush");
  }

  private _open(): void {
    const remembered =
      this.opts.rememberUpgrade &&
      websocketWorked &&
      this.transports.includes("websocket");
    const transport = this._createTransport(
      remembered ? "websocket" : this.transports[0],
    );
    this._use(transport);
    transport.open();
  }

  private _speak(dialect: Dialect): void {
    this.dialect = dialect;
    this._decoder = dialect.decoder(LIMITS);
  }

  private _receive(frame: Unit, line: Line): void {
    if (!this.dialect) return this._recognition?.push(frame, line);
    try {
      for (const unit of this.dialect.unframe(frame, line)) this._unit(unit);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (error.layer === "packet") this._listener.malformed(error);
      else
        this._failed(
          Object.assign(new Error("server error"), { cause: error }),
        );
    }
  }

  private _unit(unit: Unit): void {
    const { dialect, _decoder } = this;
    if (!dialect || !_decoder || this.readyState === "closed") return;
    const told = dialect.describe(unit);
    this.emitReserved("packet", told);
    this.emitReserved("heartbeat");
    if (told.type === "message") {
      this.emitReserved("data", told.data ?? "");
      this.emitReserved("message", told.data ?? "");
    }
    const item = _decoder.push(unit);
    if (!item) return;
    switch (item.type) {
      case "upgrade":
      case "noop":
      case "receipt":
        break;
      case "open":
        this._shake(item.hello, dialect);
        break;
      case "ping":
        this._send({ ...item, type: "pong" });
        this._heartbeat?.ping(Date.now());
        this._beat("ping");
        this.emitReserved("pong");
        break;
      case "pong":
        this._heartbeat?.pong(Date.now());
        this._beat("pong");
        break;
      case "close":
        this.transport._closed({
          description: "transport closed by the server",
        });
        break;
      default:
        this._listener.packet(item);
    }
  }

  private _shake(hello: Hello, { link }: Dialect): void {
    const { transport } = this;
    if (transport.readyState === "opening") transport._opened();
    this.emitReserved("handshake", hello);
    this.id = transport.query.sid = hello.sid;
    this._maxPayload = hello.maxPayload;
    this._heartbeat = new Heartbeat(
      link.beat.from === "client",
      hello,
      Date.now(),
    );
    this._watch();
    this.readyState = "open";
    websocketWorked = transport.name === "websocket";
    this.emitReserved("open");
    this._flush();
    const upgrades = hello.upgrades.filter((name) =>
      this.transports.includes(name),
    );
    for (const name of upgrades) {
      if (this.readyState !== "open" || this.opts.upgrade === false) break;
      websocketWorked = false;
      // WebTransport gets a head start where both are offered.
      const delay =
        name !== "webtransport" && upgrades.includes("webtransport") ? 200 : 0;
      probe(this, this._createTransport(name), delay, () => {
        websocketWorked = name === "websocket";
      });
    }
  }

  private _beat(event: "ping" | "pong"): void {
    this._watch();
    this.emitReserved(event);
  }

  /** One timer for whatever the heartbeat wants next. */
  private _watch(): void {
    const { _heartbeat, _timers } = this;
    if (!_heartbeat) return;
    _timers.clear(this._heartbeatTimer);
    this._heartbeatTimer = _timers.set(() => {
      if (_heartbeat.due(Date.now()) === "dead")
        return this._close("ping timeout");
      this._send({ type: "ping" });
      this._watch();
    }, _heartbeat.at - Date.now());
  }

  private _write(units: readonly Unit[], compress = true): void {
    if (this.readyState === "closing" || this.readyState === "closed") return;
    for (const unit of units) {
      if (this.dialect && this.hasListeners("packetCreate")) {
        this.emitReserved("packetCreate", {
          ...this.dialect.describe(unit),
          options: { compress },
        });
      }
      this.writeBuffer.push({ unit, compress });
    }
    this._flush();
  }

  private _drained(): void {
    this.writeBuffer.splice(0, this._sending);
    this._sending = 0;
    if (this.writeBuffer.length) this._flush();
    else this.emitReserved("drain");
  }

  private _failed(error: Error): void {
    websocketWorked = false;
    if (
      this.opts.tryAllTransports &&
      this.transports.length > 1 &&
      this.readyState === "opening"
    ) {
      this.transports.shift();
      this._open();
      return;
    }
    this.emitReserved("error", error);
    this._close("transport error", error);
  }

  /** @internal */
  _close(reason: string, description?: CloseDetails | Error): void {
    if (this.readyState === "closed") return;
    this._timers.clear(this._heartbeatTimer);
    this._recognition?.stop();
    this._stopListening();
    this.transport?.off("close");
    this.transport?.close();
    this.transport?.off();
    this.readyState = "closed";
    this.id = undefined;
    this.emitReserved("close", reason, description);
    this.writeBuffer = [];
    this._sending = 0;
  }
}

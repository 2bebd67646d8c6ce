/**
 * The engine: connections before they are sockets. It asks the gate, opens
 * sessions, hands requests to them, and drives their time. Users know it as
 * `io.engine`. What is particular to a runtime's HTTP server comes in as calls
 * (`http.ts`).
 */
import { EventEmitter } from "node:events";
import { serialize } from "cookie";
import type { HostedDialect, Knock } from "../dialects/dialect.js";
import { dialects as knownDialects } from "../dialects/index.js";
import { Outgoing } from "../dialects/outgoing.js";
import type { Hello, Unit } from "../dialects/packet.js";
import type { Clock } from "../hub/ports.js";
import type { Carrier } from "../session/carrier.js";
import { Decoders } from "../session/decoders.js";
import type { Beat } from "../session/heartbeat.js";
import { SessionKind } from "../session/kind.js";
import { Admissions } from "./admissions.js";
import { Conn, type ConnEngine } from "./conn.js";
import type { Connection, Opening, OpeningRequest } from "./connection.js";
import {
  CODES,
  judge,
  refusal,
  refusalAnswer,
  type House,
  type Meeting,
  type Refusal,
} from "./gate.js";
import type { HttpCall, ResponseHeaders, UpgradeCall } from "./http.js";
import { makeCounters } from "./limits.js";
import { attempt } from "./middleware.js";
import { Misnamed } from "./misnamed.js";
import type { EngineOptions } from "./options.js";
import { carry, leave, poll, post } from "./polling-requests.js";
import { Pulse } from "./pulse.js";

/** How long the last packets of an ended session wait for a poll, in ms (engine.io: 30 s). */
const LINGER = 30_000;

/** Turns a request away; `words` of the application's go to the client. */
type Refuse = (why: Refusal, words?: string) => void;

/** What the engine needs of its runtime. */
export interface EnginePorts {
  readonly clock: Clock;
  randomId(): string;
  /** As hard to guess, in decimal digits. */
  randomDigits(): string;
  readonly defer: (task: () => void) => void;
}

export class BaseEngine
  extends EventEmitter
  implements ConnEngine, House<Conn>
{
  readonly opts: EngineOptions;
  /** The live connections by session id. Made without a prototype, as ids come from the network. */
  readonly clients: Record<string, Conn> = Object.create(null) as Record<
    string,
    Conn
  >;
  clientsCount = 0;
  accept: ((connection: Connection) => void) | undefined = undefined;
  observed = false;
  /** Asked only when no welcome door has opened, so it may hold those again. */
  readonly unwelcome: readonly HostedDialect[] = knownDialects.map((make) =>
    make(),
  );
  readonly pulse: Pulse;
  /** What has had to be done about clients that ask for too much or do not keep up. */
  readonly counters = makeCounters();
  readonly #admissions: Admissions<Conn>;
  readonly #misnamed: Misnamed;
  #closed = false;
  readonly #kindOf: (dialect: HostedDialect) => SessionKind;

  constructor(
    options: EngineOptions,
    readonly dialects: readonly HostedDialect[],
    private readonly ports: EnginePorts,
  ) {
    super();
    this.opts = options;
    this.#admissions = new Admissions(options.limits, (limit, conn) =>
      conn.limited({ limit, max: options.limits[limit] as number }),
    );
    this.#misnamed = new Misnamed(dialects);
    // Read when they are needed, as `io.engine.opts` may be changed at any time.
    const decoders = new Decoders({
      get maxPayload() {
        return options.maxHttpBufferSize;
      },
      maxAttachments: options.maxAttachments,
    });
    const times = {
      get pingInterval() {
        return options.pingInterval;
      },
      get pingTimeout() {
        return options.pingTimeout;
      },
      get upgradeTimeout() {
        return options.upgradeTimeout;
      },
      linger: LINGER,
    };
    const kinds = new Map<HostedDialect, SessionKind>();
    this.#kindOf = (dialect) => {
      const kind =
        kinds.get(dialect) ??
        new SessionKind(dialect, decoders, times, options);
      kinds.set(dialect, kind);
      return kind;
    };
    this.pulse = new Pulse(ports.clock, ports.defer);
  }

  get transports(): readonly string[] {
    return this.opts.transports;
  }

  find(sid: string): Conn | undefined {
    return this.clients[sid];
  }

  /** Makes a session id. Overwrite it for ids of your own: they are secrets, and must be unique. */
  generateId(_request: unknown): string | Promise<string> {
    return this.ports.randomId();
  }

  /** Between `close()` and `reopen()`. */
  protected get isClosed(): boolean {
    return this.#closed;
  }

  /** Ends every connection, and lets no new ones in until `reopen()`. */
  close(): this {
    this.#closed = true;
    for (const conn of Object.values(this.clients)) conn.close(true);
    return this;
  }

  /** Lets connections in again: the server listens anew. */
  reopen(): void {
    this.#closed = false;
  }

  /** Answers a request that has passed the middlewares. */
  handleCall(call: HttpCall): void {
    const verdict = judge(call.asks, originOf(call), this);
    // Nearly all requests are of sessions, so what only others need comes later.
    if (verdict.kind === "guest")
      return this.#serve(call, verdict.guest, verdict.knock, verdict);
    const met = verdict.kind === "refuse" ? verdict.met : verdict;
    const refuse: Refuse = (why, words) => this.#refuse(call, met, why, words);
    switch (verdict.kind) {
      case "refuse":
        return refuse(verdict.refusal);
      case "greet":
        this.#greet(verdict.dialect, call, refuse, (conn) => {
          const headers = this.#announce(call, true, this.#cookie(conn));
          this.#welcome(conn, verdict.knock, call, headers);
        });
    }
  }

  /** Answers a request for a stream that has passed the middlewares. `headers`: what those set. */
  handleStream(call: UpgradeCall, headers: ResponseHeaders): void {
    const verdict = judge(call.asks, originOf(call), this);
    const met = verdict.kind === "refuse" ? verdict.met : verdict;
    const refuse: Refuse = (why, words) => {
      this.#report(call.request, why);
      const unit = met?.dialect.door.refuseStream?.(why.code, met.knock);
      const answer = refusalAnswer(why, met, words);
      if (met !== undefined && unit !== undefined)
        sayAndClose(call, met, headers, unit);
      else if (answer === undefined) call.drop();
      else call.refuse(answer);
    };
    switch (verdict.kind) {
      case "refuse":
        return refuse(verdict.refusal);
      case "guest":
        return this.#upgrade(call, headers, verdict.guest, verdict.knock);
      case "greet":
        this.#greet(verdict.dialect, call, refuse, (conn) => {
          this.#announce(call, true, headers);
          this.#stream(call, headers, conn, verdict.knock, (carrier) =>
            this.#open(conn, carrier, verdict.knock),
          );
        });
    }
  }

  gone(conn: Conn): void {
    this.pulse.forget(conn.session);
    if (this.clients[conn.id] !== conn) return;
    delete this.clients[conn.id];
    this.clientsCount--;
    this.#admissions.gone(conn);
  }

  misnamed(conn: Conn, said: Beat, carrier: Carrier | undefined): boolean {
    return this.#misnamed.recognise(conn, said, carrier);
  }

  joined(conn: Conn): void {
    this.#admissions.joined(conn);
  }

  #refuse(
    call: HttpCall,
    met: Meeting | undefined,
    why: Refusal,
    words?: string,
  ): void {
    this.#report(call.request, why);
    const answer = refusalAnswer(why, met, words);
    if (answer === undefined) call.drop();
    else call.answer(answer);
  }

  // The rest of a handshake: what needs the application or an id.
  #greet(
    dialect: HostedDialect,
    call: HttpCall | UpgradeCall,
    refuse: Refuse,
    then: (conn: Conn) => void,
  ): void {
    // HTTP keeps connections alive that are in use, so requests go on coming for a while.
    if (this.#closed)
      return refuse(refusal(CODES.BAD_REQUEST, { name: "SERVER_CLOSED" }));
    this.#ask(call, (error, allowed) => {
      if (this.#admissions.isFull(call.remoteAddress))
        return this.#turnAway(call, refuse);
      if (!allowed)
        return refuse(
          refusal(CODES.FORBIDDEN, { message: error }),
          error ?? undefined,
        );
      this.#newId(
        dialect,
        call,
        (id) => {
          if (this.#admissions.isFull(call.remoteAddress))
            this.#turnAway(call, refuse);
          else then(this.#conn(id, dialect, call));
        },
        (error) =>
          refuse(
            refusal(CODES.BAD_REQUEST, { name: "ID_GENERATION_ERROR", error }),
          ),
      );
    });
  }

  #turnAway({ remoteAddress }: HttpCall | UpgradeCall, refuse: Refuse): void {
    const limit = "connectionsPerAddress";
    this.counters.limited[limit]++;
    const max = this.opts.limits[limit];
    this.emit("limit", { limit, max, address: remoteAddress });
    const message = `too many connections from your address: ${max} at most`;
    refuse(
      refusal(CODES.FORBIDDEN, { name: "TOO_MANY_CONNECTIONS", message }),
      message,
    );
  }

  #ask(
    call: HttpCall | UpgradeCall,
    decide: (error: string | null | undefined, allowed: boolean) => void,
  ): void {
    const { allowRequest } = this.opts;
    if (allowRequest === undefined) return decide(undefined, true);
    let decided = false;
    const once = (error: string | null | undefined, allowed: boolean) => {
      if (decided) return;
      decided = true;
      decide(error, allowed);
    };
    attempt(
      () => allowRequest(call.request, once),
      () => once("allowRequest failed", false),
    );
  }

  #newId(
    dialect: HostedDialect,
    call: HttpCall | UpgradeCall,
    then: (id: string) => void,
    failed: (error: unknown) => void,
  ): void {
    const use = (id: string) => {
      // Taking over somebody's session is worse than not opening one.
      if (this.clients[id] === undefined) then(id);
      else failed(new Error("generateId() returned an id that is in use"));
    };
    let id: string | Promise<string>;
    try {
      id =
        dialect.link.sid === "digits"
          ? this.ports.randomDigits()
          : this.#ownId(call);
    } catch (error) {
      return failed(error);
    }
    if (typeof id === "string") use(id);
    else id.then(use, failed);
  }

  /** The request is for those who make ids of their own. */
  #ownId(call: HttpCall | UpgradeCall): string | Promise<string> {
    return this.generateId === BaseEngine.prototype.generateId
      ? this.ports.randomId()
      : this.generateId(call.request);
  }

  #conn(
    id: string,
    dialect: HostedDialect,
    call: HttpCall | UpgradeCall,
  ): Conn {
    const { remoteAddress, secure } = call;
    const kind = this.#kindOf(dialect);
    const opening = openingOf(call);
    return new Conn({ id, kind, opening, remoteAddress, secure }, this);
  }

  // A client that comes by HTTP: with a poll, with a stream, or to be greeted apart.
  #welcome(
    conn: Conn,
    knock: Knock,
    call: HttpCall,
    headers: ResponseHeaders,
  ): void {
    const { door } = conn.dialect;
    if (knock.apart && door.greet !== undefined) {
      const hello = this.#open(conn, undefined, knock);
      call.answer(door.greet(hello, this.transports, knock), headers);
    } else {
      this.#open(conn, carry(conn, knock, call, headers), knock);
    }
  }

  #open(conn: Conn, carrier: Carrier | undefined, knock: Knock): Hello {
    this.clients[conn.id] = conn;
    this.clientsCount++;
    this.#admissions.opened(conn);
    const upgrades =
      this.opts.allowUpgrades &&
      carrier?.once === true &&
      conn.dialect.link.change === "probe"
        ? this.transports.filter((name) => name === "websocket")
        : [];
    const hello = {
      sid: conn.id,
      upgrades,
      pingInterval: this.opts.pingInterval,
      pingTimeout: this.opts.pingTimeout,
      maxPayload: this.opts.maxHttpBufferSize,
    };
    // Who was greeted apart is not there before it comes back with a carrier.
    if (carrier === undefined) conn.arriving = () => this.#introduce(conn);
    conn.open(this.#misnamed.greeting(conn, hello, knock), carrier);
    if (carrier !== undefined) this.#introduce(conn);
    return hello;
  }

  #introduce(conn: Conn): void {
    const { initialPacket } = this.opts;
    if (initialPacket !== undefined) conn.send(initialPacket);
    this.accept?.(conn);
    this.emit("connection", conn);
  }

  // A request of a session that is not on a WebSocket.
  #serve(call: HttpCall, conn: Conn, knock: Knock, met: Meeting): void {
    const { method } = call.asks;
    if (knock.leave) leave(conn, knock, call);
    else if (method === "GET")
      poll(conn, knock, call, this.#announce(call, false));
    else if (method === "POST")
      post(
        conn,
        knock,
        call,
        this.#announce(call, false),
        {
          bytes: this.opts.maxHttpBufferSize,
          chunks: this.opts.maxBufferedChunks,
          time: this.opts.httpRequestBodyTimeout,
        },
        this.ports.clock,
      );
    else this.#refuse(call, met, refusal(CODES.BAD_REQUEST, { method }));
  }

  #upgrade(
    call: UpgradeCall,
    headers: ResponseHeaders,
    conn: Conn,
    knock: Knock,
  ): void {
    this.#announce(call, false, headers);
    this.#stream(call, headers, conn, knock, (carrier) =>
      conn.session.attach(carrier, this.pulse.now()),
    );
  }

  #stream(
    call: UpgradeCall,
    headers: ResponseHeaders,
    conn: Conn,
    knock: Knock,
    then: (carrier: Carrier) => void,
  ): void {
    call.accept(conn.dialect, knock.line, headers, conn, (opened) => {
      if (opened !== undefined) then(opened);
      else
        this.#report(
          call.request,
          refusal(CODES.BAD_REQUEST, { name: "TRANSPORT_HANDSHAKE_ERROR" }),
        );
    });
  }

  override on(...args: Parameters<EventEmitter["on"]>): this {
    if (args[0] === "flush" || args[0] === "drain") this.observed = true;
    return super.on(...args);
  }

  /** Lets the application add headers to an answer. */
  #announce(
    call: HttpCall | UpgradeCall,
    initial: boolean,
    headers: ResponseHeaders = {},
  ): ResponseHeaders {
    if (initial && this.listenerCount("initial_headers") > 0)
      this.emit("initial_headers", headers, call.request);
    if (this.listenerCount("headers") > 0)
      this.emit("headers", headers, call.request);
    return headers;
  }

  #cookie(conn: Conn): ResponseHeaders {
    const { cookie } = this.opts;
    if (cookie === false) return {};
    return { "Set-Cookie": [serialize(cookie.name, conn.id, cookie)] };
  }

  #report(request: OpeningRequest, why: Refusal): void {
    this.emit("connection_error", { req: request, ...why });
  }
}

/** Asks for the request only where nothing else knows: it may have to be made. */
function originOf(call: HttpCall | UpgradeCall): string | undefined {
  const { opening } = call;
  return opening === undefined ? call.request.headers.origin : opening.origin;
}

function openingOf(call: HttpCall | UpgradeCall): Opening {
  const { opening } = call;
  if (opening !== undefined) return opening;
  const { request } = call;
  return { request, origin: request.headers.origin };
}

/** Some generations learn only from a stream itself why it is not for them. */
function sayAndClose(
  call: UpgradeCall,
  { dialect, knock }: Meeting,
  headers: ResponseHeaders,
  unit: Unit,
): void {
  const nobody = { frame: () => {}, closed: () => {}, error: () => {} };
  call.accept(dialect, knock.line, headers, nobody, (carrier) => {
    carrier?.write([new Outgoing([unit])]);
    carrier?.close();
  });
}

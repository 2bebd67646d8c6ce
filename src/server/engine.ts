/**
 * The engine: connections before they are sockets. It asks the gate, opens
 * sessions, hands requests to them, and drives their time. Users know it as
 * `io.engine`. What is particular to a runtime's HTTP server comes in as calls
 * (`http.ts`).
 */
import { EventEmitter } from "node:events";
import { serialize } from "cookie";
import { PollCarrier, POST_OK } from "../carriers/polling.js";
import type { Dialect, Knock } from "../dialects/dialect.js";
import { dialects as knownDialects } from "../dialects/index.js";
import { jsonpPayload } from "../dialects/jsonp.js";
import type { Clock } from "../hub/ports.js";
import type { Carrier } from "../session/carrier.js";
import { Deadlines } from "../session/deadlines.js";
import { Conn, type ConnEngine } from "./conn.js";
import type { Connection, OpeningRequest } from "./connection.js";
import {
  CODES,
  judge,
  refusal,
  refusalAnswer,
  type House,
  type Refusal,
} from "./gate.js";
import type {
  HttpCall,
  ResponseHeaders,
  StreamListener,
  UpgradeCall,
} from "./http.js";
import type { EngineOptions } from "./options.js";

/** How long the last packets of an ended session wait for a poll, in ms (engine.io: 30 s). */
const LINGER = 30_000;

/** Turns a request away; `words` of the application's go to the client. */
type Refuse = (why: Refusal, words?: string) => void;

/** What the engine needs of its runtime. */
export interface EnginePorts {
  readonly clock: Clock;
  randomId(): string;
  defer(task: () => void): void;
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
  readonly unwelcome: readonly Dialect[] = knownDialects.map((make) => make());
  readonly #deadlines = new Deadlines();
  #dirty: Conn[] = [];
  #alarm = Infinity;
  #cancelAlarm: (() => void) | undefined = undefined;

  constructor(
    options: EngineOptions,
    readonly dialects: readonly Dialect[],
    private readonly ports: EnginePorts,
  ) {
    super();
    this.opts = options;
  }

  get transports(): readonly string[] {
    return this.opts.transports;
  }

  find(sid: string): Conn | undefined {
    return this.clients[sid];
  }

  now(): number {
    return this.ports.clock.now();
  }

  /** Makes a session id. Overwrite it for ids of your own: they are secrets, and must be unique. */
  generateId(_request: unknown): string | Promise<string> {
    return this.ports.randomId();
  }

  /** Ends every connection. */
  close(): this {
    for (const conn of Object.values(this.clients)) conn.close(true);
    this.#cancelAlarm?.();
    this.#alarm = Infinity;
    return this;
  }

  /** Answers a request that has passed the middlewares. */
  handleCall(call: HttpCall): void {
    const verdict = judge(call.asks, call.request.headers.origin, this);
    const refuse: Refuse = (why, words) => {
      this.#report(call.request, why);
      call.answer(refusalAnswer(why, words));
    };
    switch (verdict.kind) {
      case "refuse":
        return refuse(verdict.refusal);
      case "guest":
        return this.#serve(verdict.guest, verdict.knock, call, refuse);
      case "greet":
        this.#greet(verdict.dialect, call, refuse, (conn) => {
          const headers = this.#announce(call, true, this.#cookie(conn));
          this.#open(conn, this.#poll(conn, verdict.knock, call, headers));
        });
    }
  }

  /** Answers a request for a stream that has passed the middlewares. `headers`: what those set. */
  handleStream(call: UpgradeCall, headers: ResponseHeaders): void {
    const verdict = judge(call.asks, call.request.headers.origin, this);
    const refuse: Refuse = (why, words) => {
      this.#report(call.request, why);
      call.refuse(refusalAnswer(why, words));
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
            this.#open(conn, carrier),
          );
        });
    }
  }

  dirty(conn: Conn): void {
    if (this.#dirty.push(conn) === 1) this.ports.defer(() => this.#flush());
  }

  hurry(conn: Conn): void {
    this.#deadlines.watch(conn.session);
    this.#arm();
  }

  gone(conn: Conn): void {
    if (this.clients[conn.id] !== conn) return;
    delete this.clients[conn.id];
    this.clientsCount--;
  }

  // The rest of a handshake: what needs the application or an id.
  #greet(
    dialect: Dialect,
    call: HttpCall | UpgradeCall,
    refuse: Refuse,
    then: (conn: Conn) => void,
  ): void {
    this.#ask(call, (error, allowed) => {
      if (!allowed)
        return refuse(
          refusal(CODES.FORBIDDEN, { message: error }),
          error ?? undefined,
        );
      this.#newId(
        call,
        (id) => then(this.#conn(id, dialect, call)),
        (cause) =>
          refuse(
            refusal(CODES.BAD_REQUEST, {
              name: "ID_GENERATION_ERROR",
              error: cause,
            }),
          ),
      );
    });
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
    try {
      allowRequest(call.request, once);
    } catch {
      once("allowRequest failed", false);
    }
  }

  #newId(
    call: HttpCall | UpgradeCall,
    then: (id: string) => void,
    failed: (error: unknown) => void,
  ): void {
    let id: string | Promise<string>;
    try {
      id = this.generateId(call.request);
    } catch (error) {
      return failed(error);
    }
    if (typeof id === "string") then(id);
    else id.then(then, failed);
  }

  #conn(id: string, dialect: Dialect, call: HttpCall | UpgradeCall): Conn {
    const { maxHttpBufferSize, pingInterval, pingTimeout, upgradeTimeout } =
      this.opts;
    const { request, remoteAddress, secure } = call;
    return new Conn(
      { id, dialect, request, remoteAddress, secure },
      {
        maxPayload: maxHttpBufferSize,
        maxAttachments: this.opts.maxAttachments,
      },
      { pingInterval, pingTimeout, upgradeTimeout, linger: LINGER },
      this,
    );
  }

  #open(conn: Conn, carrier: Carrier): void {
    this.clients[conn.id] = conn;
    this.clientsCount++;
    const upgrades =
      this.opts.allowUpgrades &&
      carrier.once &&
      conn.dialect.link.change === "probe"
        ? this.transports.filter((name) => name === "websocket")
        : [];
    conn.open(
      {
        sid: conn.id,
        upgrades,
        pingInterval: this.opts.pingInterval,
        pingTimeout: this.opts.pingTimeout,
        maxPayload: this.opts.maxHttpBufferSize,
      },
      carrier,
    );
    const { initialPacket } = this.opts;
    if (initialPacket !== undefined) conn.send(initialPacket);
    this.accept?.(conn);
    this.emit("connection", conn);
  }

  // A request of a session that polls.
  #serve(conn: Conn, knock: Knock, call: HttpCall, refuse: Refuse): void {
    if (call.asks.method === "GET") {
      if (conn.session.attached) {
        this.#overlap(conn, call);
      } else {
        const carrier = this.#poll(
          conn,
          knock,
          call,
          this.#announce(call, false),
        );
        conn.session.attach(carrier, this.now());
      }
    } else if (call.asks.method === "POST") {
      if (conn.posting !== undefined) this.#overlap(conn, call);
      else this.#post(conn, knock, call);
    } else {
      refuse(refusal(CODES.BAD_REQUEST, { method: call.asks.method }));
    }
  }

  #poll(
    conn: Conn,
    knock: Knock,
    call: HttpCall,
    headers: ResponseHeaders,
  ): Carrier {
    const carrier = new PollCarrier(
      conn.dialect,
      knock.line,
      knock.jsonp,
      (answer) => call.answer(answer, headers),
    );
    call.onAbort(() =>
      conn.session.detach(
        carrier,
        "transport error",
        this.now(),
        new Error("the poll was cut off"),
      ),
    );
    return carrier;
  }

  #post(conn: Conn, knock: Knock, call: HttpCall): void {
    const fail = (status: number, description: string) => {
      call.answer({ status, headers: {}, body: "", compress: false });
      conn.session.end("transport error", this.now(), {
        description: new Error(description),
        discard: true,
      });
    };
    const bytes = call.request.headers["content-type"] === OCTETS;
    if (bytes && !conn.dialect.link.binaryPosts)
      return fail(400, "invalid content type of a POST");
    conn.posting = call.body(this.opts.maxHttpBufferSize, (body) => {
      conn.posting = undefined;
      if (body === "too large")
        return fail(413, "POST above maxHttpBufferSize");
      if (body === "aborted")
        return conn.session.end("transport error", this.now(), {
          description: new Error("the POST was cut off"),
          discard: true,
        });
      // Answered first: what the handlers send then leaves with the poll, not before this.
      call.answer(POST_OK, this.#announce(call, false));
      const frame = bytes ? body : readText(body, knock.jsonp);
      conn.session.accept(frame, knock.line, this.now());
    });
  }

  #overlap(conn: Conn, call: HttpCall): void {
    call.answer({ status: 400, headers: {}, body: "", compress: false });
    conn.session.end("transport error", this.now(), {
      description: new Error("two requests of one kind at once"),
      discard: true,
    });
  }

  #upgrade(
    call: UpgradeCall,
    headers: ResponseHeaders,
    conn: Conn,
    knock: Knock,
  ): void {
    this.#announce(call, false, headers);
    this.#stream(call, headers, conn, knock, (carrier) =>
      conn.session.attach(carrier, this.now()),
    );
  }

  #stream(
    call: UpgradeCall,
    headers: ResponseHeaders,
    conn: Conn,
    knock: Knock,
    then: (carrier: Carrier) => void,
  ): void {
    let carrier: Carrier | undefined;
    const listener: StreamListener = {
      frame: (unit) => {
        if (carrier !== undefined)
          conn.session.receive(unit, carrier, this.now());
      },
      closed: (reason, description) => {
        if (carrier !== undefined)
          conn.session.detach(carrier, reason, this.now(), description);
      },
    };
    call.accept(conn.dialect, knock.line, headers, listener, (opened) => {
      carrier = opened;
      if (opened !== undefined) then(opened);
      else
        this.#report(
          call.request,
          refusal(CODES.BAD_REQUEST, { name: "TRANSPORT_HANDSHAKE_ERROR" }),
        );
    });
  }

  /** Lets the application add headers to an answer. */
  #announce(
    call: HttpCall | UpgradeCall,
    initial: boolean,
    headers: ResponseHeaders = {},
  ): ResponseHeaders {
    if (initial) this.emit("initial_headers", headers, call.request);
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

  #flush(): void {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const conn of dirty) conn.session.flush();
  }

  /** One timer for all: it rings at the earliest deadline. */
  #arm(): void {
    const { next } = this.#deadlines;
    if (next >= this.#alarm) return;
    this.#cancelAlarm?.();
    this.#alarm = next;
    this.#cancelAlarm = this.ports.clock.after(
      Math.max(0, next - this.now()),
      () => {
        this.#alarm = Infinity;
        this.#deadlines.run(this.now());
        this.#arm();
      },
    );
  }
}

const OCTETS = "application/octet-stream";

/** Malformed UTF-8 becomes U+FFFD, as in every HTTP body that is read as text. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

function readText(body: Uint8Array, jsonp: string | undefined): string {
  const text = utf8.decode(body);
  return jsonp === undefined ? text : jsonpPayload(text);
}

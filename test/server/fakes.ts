/**
 * A server without a network: real dialects over connections in memory, and a
 * clock that is moved by hand. What is deferred runs when `settle()` is awaited.
 */
import { EventEmitter } from "node:events";
import { base64 } from "../../src/dialects/base64.js";
import type { Decoder, HostedDialect } from "../../src/dialects/dialect.js";
import { eio3, eio4 } from "../../src/dialects/index.js";
import type { Outgoing } from "../../src/dialects/outgoing.js";
import {
  ProtocolError,
  type EventPacket,
  type Packet,
  type Unit,
} from "../../src/dialects/packet.js";
import type { Clock } from "../../src/hub/ports.js";
import type {
  Connection,
  ConnectionListener,
  OpeningRequest,
} from "../../src/server/connection.js";
import type {
  EngineOptions,
  HandlerErrorContext,
  ServerOptions,
} from "../../src/server/options.js";
import type { Engine, Runtime } from "../../src/server/runtime.js";
import { makeCounters } from "../../src/server/limits.js";
import { BaseServer } from "../../src/server/server.js";
import type { Reason } from "../../src/session/reasons.js";

const LIMITS = { maxPayload: 1e6, maxAttachments: 100 };

export class FakeClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ at: number; task: () => void }>();

  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): () => void {
    const timer = { at: this.#now + ms, task };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers]
        .filter(({ at }) => at <= end)
        .sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#now = next.at;
      this.#timers.delete(next);
      next.task();
    }
    this.#now = end;
  }
}

/** Everything that was deferred has run, also what that has deferred. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++)
    await new Promise<void>((resolve) => setImmediate(resolve));
}

export class FakeEngine extends EventEmitter implements Engine {
  readonly clients: Record<string, Connection> = {};
  accept: ((connection: Connection) => void) | undefined = undefined;
  closed = false;
  readonly counters = makeCounters();

  constructor(
    readonly opts: EngineOptions,
    readonly dialects: readonly HostedDialect[],
  ) {
    super();
  }

  get clientsCount(): number {
    return Object.keys(this.clients).length;
  }

  use(): this {
    return this;
  }

  generateId(): string {
    return "id";
  }

  close(): this {
    this.closed = true;
    for (const connection of Object.values(this.clients))
      connection.close(true);
    return this;
  }
}

export class FakeRuntime implements Runtime {
  readonly clock = new FakeClock();
  readonly base64 = base64;
  readonly engines: FakeEngine[] = [];
  readonly mounts: { target: unknown; options: unknown; closed: boolean }[] =
    [];
  #ids = 0;

  randomId(): string {
    return `random${++this.#ids}`;
  }

  defer(task: () => void): void {
    process.nextTick(task);
  }

  load(name: string): unknown {
    throw new Error(`there is no ${name}`);
  }

  createEngine(
    options: EngineOptions,
    dialects: readonly HostedDialect[],
  ): Engine {
    const engine = new FakeEngine(options, dialects);
    this.engines.push(engine);
    return engine;
  }

  mount(_engine: Engine, target: unknown, options: unknown) {
    const mount = { target, options, closed: false };
    this.mounts.push(mount);
    return {
      httpServer: target,
      close: () => {
        mount.closed = true;
        return Promise.resolve();
      },
    };
  }
}

let connections = 0;

/** Both ends of a connection: `Connection` to the server, the rest to the test. */
export class FakeConnection extends EventEmitter implements Connection {
  readonly id = `conn${++connections}`;
  readonly request = {
    headers: { host: "localhost" },
    url: "/socket.io/?EIO=4",
    _query: { EIO: "4" },
  } as unknown as OpeningRequest;
  readonly remoteAddress = "127.0.0.1";
  readonly secure = false;
  readonly transport = { name: "websocket", writable: true };
  listener: ConnectionListener | undefined = undefined;
  readyState: Connection["readyState"] = "open";
  /** What the client has been sent. */
  readonly received: Packet[] = [];
  readonly deliveries: Outgoing[] = [];
  readonly #atClient: Decoder;
  readonly #atServer: Decoder;
  readonly #engine: FakeEngine;

  constructor(
    engine: FakeEngine,
    readonly dialect: HostedDialect,
  ) {
    super();
    this.#engine = engine;
    this.#atClient = dialect.decoder(LIMITS);
    this.#atServer = dialect.decoder(LIMITS);
    engine.clients[this.id] = this;
  }

  get protocol(): number {
    return this.dialect.protocol;
  }

  bufferedAmount = 0;
  isHigh = false;
  joined(): void {}
  readonly limits: string[] = [];
  limited({ limit }: { limit: string }): void {
    this.limits.push(limit);
  }

  deliver(outgoing: Outgoing): void {
    if (outgoing.volatile && !this.transport.writable) return;
    this.deliveries.push(outgoing);
    for (const unit of outgoing.units) {
      const packet = this.#atClient.push(unit);
      if (packet !== undefined && "nsp" in packet && packet.type !== "receipt")
        this.received.push(packet);
    }
  }

  close(): void {
    this.end("forced close");
  }

  /** The connection is lost. */
  end(reason: Reason): void {
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    delete this.#engine.clients[this.id];
    const { listener } = this;
    this.listener = undefined;
    listener?.closed(reason);
    this.emit("close", reason);
  }

  /** The client sends units of its dialect, all in one payload. */
  write(...units: Unit[]): void {
    for (const unit of units) {
      if (this.readyState !== "open") return;
      try {
        const packet = this.#atServer.push(unit);
        if (
          packet !== undefined &&
          "nsp" in packet &&
          packet.type !== "receipt"
        )
          this.listener?.packet(packet);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        this.listener?.malformed(error);
        this.end("forced close");
      }
    }
  }

  send(packet: Packet): void {
    this.write(...this.dialect.encode(packet));
  }

  join(nsp = "/", auth?: object): void {
    this.send({ type: "connect", nsp, ...(auth && { auth }) });
  }

  emitEvent(nsp: string, name: string, ...args: unknown[]): void {
    this.send({ type: "event", nsp, args: [name, ...args] });
  }

  /** The events that the client got, without those that it has been asked about before. */
  get events(): EventPacket["args"][] {
    return this.received.flatMap((packet) =>
      packet.type === "event" ? [packet.args] : [],
    );
  }

  last<T extends Packet["type"]>(type: T): Extract<Packet, { type: T }> {
    const found = this.received.findLast((packet) => packet.type === type);
    if (found === undefined) throw new Error(`no ${type} was received`);
    return found as Extract<Packet, { type: T }>;
  }
}

export interface Failure extends HandlerErrorContext {
  error: unknown;
}

/** A server, its engine, and clients on demand. */
export function serve(options: ServerOptions = {}) {
  const runtime = new FakeRuntime();
  const failures: Failure[] = [];
  const io = new BaseServer(runtime, {
    onHandlerError: (error, context) => failures.push({ error, ...context }),
    ...options,
  });
  const engine = io.engine as FakeEngine;
  const open = (make = eio4): FakeConnection => {
    const name = make({}).name;
    const dialect =
      io._dialects.find((dialect) => dialect.name === name) ?? make({});
    const connection = new FakeConnection(engine, dialect);
    engine.accept?.(connection);
    return connection;
  };
  return {
    io,
    runtime,
    clock: runtime.clock,
    engine,
    failures,
    open,
    /** A client that has joined a namespace. */
    connect: async (nsp = "/", auth?: object) => {
      const connection = open();
      connection.join(nsp, auth);
      await settle();
      return connection;
    },
    /** A client of Socket.IO 2, in the root namespace. */
    connectOld: async () => {
      const connection = open(eio3);
      await settle();
      return connection;
    },
  };
}

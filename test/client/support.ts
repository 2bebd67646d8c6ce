/**
 * Servers of every generation to test the client against, and waiting for
 * events. Whatever is opened here is closed after the test.
 */
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createRequire } from "node:module";
import {
  Server as Reference,
  type ServerOptions,
  type Socket as ServerSocket,
} from "socket.io";
import { afterEach } from "vitest";
import { io, Manager } from "../../src/client/index.js";
import { Server as Own } from "../../src/index.js";
import type { Options } from "../../src/client/lookup.js";

const require = createRequire(import.meta.url);
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Runs `close` after the test, before what was opened earlier is closed. */
export function afterTest(close: () => unknown): void {
  closers.push(close);
}

export interface Served<Io> {
  readonly io: Io;
  readonly http: HttpServer;
  readonly port: number;
  readonly url: string;
}

const lines = new WeakMap<HttpServer, Set<Socket>>();

/** Cuts all connections to a server, WebSockets too. */
export function cut(http: HttpServer): void {
  for (const line of lines.get(http) ?? []) line.destroy();
}

/** Listens on a free port, or the given one. */
export async function listen(http: HttpServer, port = 0): Promise<number> {
  const open = new Set<Socket>();
  lines.set(http, open);
  http.on("connection", (line) => {
    open.add(line);
    line.on("close", () => open.delete(line));
  });
  await new Promise<void>((resolve) => http.listen(port, resolve));
  afterTest(() => {
    cut(http);
    http.close();
  });
  return (http.address() as AddressInfo).port;
}

/** What the tests ask of a server of today; its sockets answer `echo` with what they got. */
export type Serve = (
  options?: Partial<ServerOptions>,
  port?: number,
) => Promise<Served<Reference>>;

/** socket.io 4.8.4. */
export const reference: Serve = async (options = {}, port = 0) => {
  const http = createServer();
  const server = new Reference(http, options);
  server.on("connection", answerEchoes);
  const listening = await listen(http, port);
  afterTest(() => server.close());
  return {
    io: server,
    http,
    port: listening,
    url: `http://localhost:${listening}`,
  };
};

/** Our own, which has the same API. */
export const own: Serve = async (options = {}, port = 0) => {
  const http = createServer();
  const server = new Own(http, options) as unknown as Reference;
  server.on("connection", answerEchoes);
  const listening = await listen(http, port);
  afterTest(() => server.close());
  return {
    io: server,
    http,
    port: listening,
    url: `http://localhost:${listening}`,
  };
};

/** Servers that speak today's protocol. */
export const SERVERS: { name: string; serve: Serve }[] = [
  { name: "socket.io 4.8.4", serve: reference },
  { name: "omnio", serve: own },
];

export function answerEchoes(socket: ServerSocket): void {
  socket.on("echo", (...args: ((...args: unknown[]) => void)[]) => {
    args.at(-1)?.(...args.slice(0, -1));
  });
}

/** What the tests use of an old server's API, the same from 1.0 to 3.x. */
export interface OldServer {
  on(event: "connection", listener: (socket: OldSocket) => void): void;
  once(event: "connection", listener: (socket: OldSocket) => void): void;
  of(nsp: string): OldServer;
  use(
    middleware: (socket: OldSocket, next: (error?: Error) => void) => void,
  ): void;
  close(): void;
}

export interface OldSocket {
  id: string;
  conn: { transport: { name: string } };
  handshake: { query: Record<string, string> };
  on(event: string, listener: (...args: never[]) => void): void;
  once(event: string, listener: (...args: never[]) => void): void;
  emit(event: string, ...args: unknown[]): void;
  disconnect(close?: boolean): void;
}

/** socket.io 1.7.4, 2.5.1 or 3.1.2. */
export async function old(
  name: "sio1" | "sio2" | "sio3",
  options: object = {},
  port = 0,
): Promise<Served<OldServer>> {
  const http = createServer();
  const make = require(name) as (
    http: HttpServer,
    options: object,
  ) => OldServer;
  const server = make(http, options);
  const listening = await listen(http, port);
  afterTest(() => server.close());
  return {
    io: server,
    http,
    port: listening,
    url: `http://localhost:${listening}`,
  };
}

/** A socket with a connection of its own. */
export function connect(url: string, options: Options = {}) {
  const socket = io(url, { forceNew: true, ...options });
  afterTest(() => {
    socket.disconnect();
    socket.io._close();
  });
  return socket;
}

export function manager(url: string, options: Options = {}): Manager {
  const made = new Manager(url, options);
  afterTest(() => made._close());
  return made;
}

interface Emits {
  once(event: never, listener: (...args: never[]) => void): unknown;
}

/** The arguments of the next such event. */
export function next<Args extends unknown[] = unknown[]>(
  from: Emits,
  event: string,
): Promise<Args> {
  return new Promise((resolve) => {
    from.once(event as never, (...args: never[]) =>
      resolve(args as unknown[] as Args),
    );
  });
}

/** The first argument of the next such event. */
export async function nextValue<T = unknown>(
  from: Emits,
  event: string,
): Promise<T> {
  const [value] = await next<[T]>(from, event);
  return value;
}

/** The arguments of the next `count` events. */
export function collect(
  from: { on(event: never, listener: (...args: never[]) => void): unknown },
  event: string,
  count: number,
): Promise<unknown[][]> {
  return new Promise((resolve) => {
    const all: unknown[][] = [];
    from.on(event as never, (...args: never[]) => {
      if (all.push(args) === count) resolve(all);
    });
  });
}

/** Lets timers and I/O of this moment happen. */
export function pause(ms = 20): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export const TRANSPORTS = [
  ["polling"],
  ["websocket"],
  ["polling", "websocket"],
];

/** Waits until a socket's engine is on WebSocket; it may be already. */
export async function upgraded(socket: {
  io: Pick<Manager, "engine">;
}): Promise<void> {
  const engine = socket.io.engine;
  if (engine.transport.name !== "websocket") await next(engine, "upgrade");
}

/**
 * A public server under attack, with a well-behaved client on it that must
 * not notice.
 */
import { once } from "node:events";
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type Server as HttpServer,
} from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { connect, type Socket as ClientSocket } from "socket.io-client";
import { expect, onTestFinished } from "vitest";
import {
  Server,
  type DisconnectReason,
  type ServerOptions,
  type Socket,
} from "../../src/index.js";
import { text, upgradeHead, Wire } from "./wire.js";

export const POLLING = "/socket.io/?EIO=4&transport=polling";
export const STREAM = "/socket.io/?EIO=4&transport=websocket";
export const OLD_POLLING = "/socket.io/?EIO=3&transport=polling";
export const OLD_STREAM = "/socket.io/?EIO=3&transport=websocket";

export const OCTETS = { "Content-Type": "application/octet-stream" };

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export class Site {
  /** What must not happen to a process. */
  readonly uncaught: unknown[] = [];
  readonly handlerErrors: unknown[] = [];
  /** Why sockets left, those of the good client aside. */
  readonly left: DisconnectReason[] = [];
  /** Why connections ended below Socket.IO. */
  readonly closed: string[] = [];
  /** Codes of `connection_error`. */
  readonly refused: number[] = [];
  #good: ClientSocket | undefined;

  private constructor(
    readonly io: Server,
    readonly http: HttpServer,
  ) {}

  static async open(
    options: ServerOptions = {},
    prepare: (io: Server, http: HttpServer) => void = () => {},
  ): Promise<Site> {
    const http = createServer((_request, response) => {
      response.writeHead(404).end("the application's");
    });
    const io: Server = new Server(http, {
      allowEIO3: true,
      onHandlerError: (error) => site.handlerErrors.push(error),
      ...options,
    });
    const site = new Site(io, http);
    site.#watch();
    prepare(io, http);
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    return site;
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  /** Connections that the engine knows, the good client's among them. */
  get count(): number {
    return this.io.engine.clientsCount;
  }

  /** Runs an attack, and holds that nobody else has felt it. */
  async undisturbed(attack: () => unknown): Promise<void> {
    const good = (this.#good ??= await this.#connectGood());
    const { id } = good;
    const before: unknown[] = [...this.uncaught];
    await echo(good, "before");
    let over = false;
    const attacked = Promise.resolve(attack()).finally(() => (over = true));
    // Its failure is heard below, not as an unhandled one before.
    attacked.catch(() => {});
    do await echo(good, "during");
    while (!over);
    await attacked;
    await echo(good, "after");
    expect(good.connected).toBe(true);
    expect(good.id).toBe(id);
    expect(this.uncaught).toEqual(before);
  }

  wire(stays = false): Promise<Wire> {
    return Wire.open(this.port, stays);
  }

  /** A WebSocket, by hand. */
  async stream(path = STREAM): Promise<Wire> {
    const wire = await this.wire();
    wire.send(upgradeHead(path));
    await wire.hears(/^0\{/);
    return wire;
  }

  /** A WebSocket that has joined the root namespace. */
  async joined(path = STREAM): Promise<Wire> {
    const wire = await this.stream(path);
    if (path.includes("EIO=4")) wire.send(text("40"));
    await wire.hears(/^40/);
    return wire;
  }

  ask(path: string, asked: Asked = {}): Promise<Answer> {
    const { method = "GET", headers = {}, body } = asked;
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: "127.0.0.1",
          port: this.port,
          path,
          method,
          headers,
          agent: false,
        },
        (response) => {
          let received = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => (received += chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: received,
            }),
          );
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** A polling session that has joined the root namespace, unless told otherwise. */
  async poller(path = POLLING, join = true): Promise<Poller> {
    const { body } = await this.ask(path);
    const sid = /"sid":"([^"]+)"/.exec(body)?.[1] ?? "";
    const poller = new Poller(this, `${path}&sid=${sid}`, sid);
    if (join && path.includes("EIO=4")) {
      await poller.post("40");
      await poller.get();
    }
    return poller;
  }

  #watch(): void {
    const { io, http, uncaught } = this;
    const note = (error: unknown) => uncaught.push(error);
    process.on("uncaughtException", note);
    process.on("unhandledRejection", note);
    io.on("connection", (socket: Socket) => {
      socket.on("echo", (data: unknown, answer: unknown) => {
        if (typeof answer === "function")
          (answer as (d: unknown) => void)(data);
        else socket.emit("echo", data);
      });
      socket.on("disconnect", (reason) => {
        if (socket.handshake.query.good === undefined) this.left.push(reason);
      });
    });
    io.engine.on("connection", (conn: NodeJS.EventEmitter) =>
      conn.on("close", (reason: string) => this.closed.push(reason)),
    );
    io.engine.on("connection_error", ({ code }: { code: number }) =>
      this.refused.push(code),
    );
    onTestFinished(async () => {
      this.#good?.disconnect();
      await io.close();
      http.closeAllConnections();
      process.off("uncaughtException", note);
      process.off("unhandledRejection", note);
      expect(uncaught).toEqual([]);
    });
  }

  async #connectGood(): Promise<ClientSocket> {
    const good = connect(`http://127.0.0.1:${this.port}`, {
      query: { good: "1" },
      transports: ["websocket"],
      reconnection: false,
      forceNew: true,
    });
    await new Promise<void>((resolve, reject) =>
      good.once("connect", resolve).once("connect_error", reject),
    );
    return good;
  }
}

/** A polling session, by hand. */
export class Poller {
  constructor(
    private readonly site: Site,
    readonly path: string,
    readonly sid: string,
  ) {}

  get(): Promise<Answer> {
    return this.site.ask(this.path);
  }

  /** Polls until there is no such session any more: what was left, joined. */
  async rest(): Promise<string> {
    let all = "";
    for (let polls = 0; polls < 10; polls++) {
      const { status, body } = await this.get();
      if (status === 400) return all;
      all += body;
    }
    throw new Error(`the session goes on after ${all}`);
  }

  post(body: string | Uint8Array, headers = {}): Promise<Answer> {
    return this.site.ask(this.path, { method: "POST", headers, body });
  }
}

async function echo(good: ClientSocket, word: string): Promise<void> {
  expect(await good.timeout(15_000).emitWithAck("echo", word)).toBe(word);
}

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

/** Bytes in use, on the heap and beside it. */
export function used(): number {
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export const MB = 1024 * 1024;

/** How much memory a task leaves in use. Its own data counts, too. */
export async function grownBy(task: () => unknown): Promise<number> {
  const before = used();
  await task();
  return used() - before;
}

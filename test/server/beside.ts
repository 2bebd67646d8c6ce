/** The same question to a server of ours and to one of the reference. */
import { createServer, request, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { Server as Reference } from "socket.io";
import { WebSocket } from "ws";
import { afterEach } from "vitest";
import { Server, type ServerOptions } from "../../src/index.js";

export type Kind = typeof Server | typeof Reference;

export const KINDS: readonly (readonly [name: string, Kind])[] = [
  ["omnio", Server],
  ["the reference", Reference],
];

const closing: (() => unknown)[] = [];

/** For the end of the test. */
export function atEnd(close: () => unknown): void {
  closing.push(close);
}

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export class Site {
  constructor(
    /** Typed as ours: the tests ask for what both have. */
    readonly io: Server,
    readonly port: number,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A request of Engine.IO; a body makes it a POST. */
  ask(
    query: string,
    body?: string | Buffer,
    method = body === undefined ? "GET" : "POST",
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = request(
        `${this.url}/socket.io/?${query}`,
        // A connection of its own: a server may close it after a refusal.
        { method, agent: false, headers },
        (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("error", reject);
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(parts).toString("latin1"),
            }),
          );
        },
      );
      asked.on("error", reject);
      asked.end(body);
    });
  }

  /** Opens a session over polling. @returns the query of its requests */
  async open(query = "EIO=4&transport=polling"): Promise<string> {
    const { body } = await this.ask(query);
    const [, sid] = /"sid":"([^"]+)"/.exec(body) ?? [];
    if (sid === undefined) throw new Error(`no session: ${body}`);
    return `${query}&sid=${sid}`;
  }

  /** The server has taken a poll, and holds it. */
  held(): Promise<void> {
    return until(() =>
      Object.values(this.#clients).some(({ transport }) => transport.writable),
    );
  }

  /** No connection is left. */
  gone(): Promise<void> {
    return until(() => Object.keys(this.#clients).length === 0);
  }

  get #clients(): Record<string, { transport: { writable: boolean } }> {
    return Reflect.get(this.io.engine, "clients");
  }

  stream(query = "EIO=4&transport=websocket"): Stream {
    return new Stream(`ws://127.0.0.1:${this.port}/socket.io/?${query}`);
  }
}

/** Looks again and again, as there is no event for it in both. */
export function until(so: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => (so() ? resolve() : void setImmediate(look));
    look();
  });
}

/** A WebSocket whose frames can be awaited one by one; its end is the frame `closed`. */
export class Stream {
  readonly socket: WebSocket;
  readonly #frames: string[] = [];
  #wanted: ((frame: string) => void) | undefined;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    atEnd(() => this.socket.terminate());
    const hear = (frame: string) => {
      const wanted = this.#wanted;
      this.#wanted = undefined;
      if (wanted) wanted(frame);
      else this.#frames.push(frame);
    };
    this.socket.on("message", (data: Buffer, binary) =>
      hear(binary ? `bytes ${data.toString("hex")}` : data.toString()),
    );
    this.socket.on("error", () => {});
    this.socket.on("close", () => hear("closed"));
  }

  async say(...frames: (string | Buffer)[]): Promise<void> {
    if (this.socket.readyState === WebSocket.CONNECTING)
      await new Promise((resolve) => this.socket.once("open", resolve));
    for (const frame of frames) this.socket.send(frame);
  }

  next(): Promise<string> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    return new Promise((resolve) => (this.#wanted = resolve));
  }

  async take(count: number): Promise<string[]> {
    const frames: string[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }
}

export async function site(
  kind: Kind,
  options: Partial<ServerOptions> = {},
): Promise<Site> {
  const http = createServer();
  const Constructor: new (...args: never[]) => unknown = kind;
  const io = Reflect.construct(Constructor, [http, options]) as Server;
  atEnd(() => io.close());
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return new Site(io, (http.address() as AddressInfo).port);
}

/** What both answer, ours first. */
export async function both<T>(
  options: Partial<ServerOptions>,
  question: (site: Site) => Promise<T>,
): Promise<[ours: T, theirs: T]> {
  const [ours, theirs] = await Promise.all(
    KINDS.map(async ([, kind]) => question(await site(kind, options))),
  );
  return [ours, theirs];
}

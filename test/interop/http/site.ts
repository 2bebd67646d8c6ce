/**
 * A server under the HTTP tests: ours or socket.io 4.8, with the same
 * options, behind an application that answers 404 to what is not for it.
 */
import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import { load } from "../peers/installed.js";
import { listening } from "../peers/listening.js";
import type { Listening, RunningServer } from "../peers/peer.js";
import {
  ask,
  send,
  upgrade,
  type Answer,
  type Exchange,
  type Request,
} from "../raw.js";

export interface SiteIo {
  readonly of: RunningServer["io"]["of"];
  readonly engine: Listening & {
    use(
      middleware: (
        request: unknown,
        response: unknown,
        next: (error?: Error) => void,
      ) => void,
    ): unknown;
    generateId: unknown;
  };
  disconnectSockets(close: boolean): unknown;
  on: Listening["on"];
  close(): unknown;
}

export type MakeServer = (http: HttpServer, options: object) => SiteIo;

export const reference: MakeServer = (http, options) => {
  const { Server } = load<{
    Server: new (http: HttpServer, options: object) => SiteIo;
  }>("socket.io");
  return new Server(http, options);
};

/** What the event `connection_error` said, without the request. */
export interface Reported {
  code: unknown;
  message: unknown;
  name: unknown;
}

export interface Site {
  readonly io: SiteIo;
  readonly reported: readonly Reported[];
  ask(path: string, request?: Request): Promise<Answer>;
  /** Sends, and resolves when the server has the request's head. */
  begin(path: string, request?: Request): Promise<Exchange>;
  upgrade(path: string, headers?: Record<string, string>): Exchange;
  /** Opens a session over polling and returns its id. */
  greet(query?: string): Promise<string>;
  close(): Promise<void>;
}

export async function openSite(
  make: MakeServer,
  options: object,
): Promise<Site> {
  const mounted: SiteIo[] = [];
  const server = await listening(0, (http) => {
    http.on("request", (_, response) => {
      response.writeHead(404, { "Content-Type": "text/plain" }).end("the app");
    });
    mounted.push(make(http, { serveClient: false, ...options }));
  });
  const [io] = mounted;
  if (io === undefined) throw new Error("nothing was mounted");
  const reported: Reported[] = [];
  io.engine.on(
    "connection_error",
    (error: { code: unknown; message: unknown; context?: unknown }) => {
      const { context } = error;
      const named =
        typeof context === "object" && context !== null && "name" in context;
      reported.push({
        code: error.code,
        message: error.message,
        name: named ? context.name : undefined,
      });
    },
  );
  const { port } = server;
  return {
    io,
    reported,
    ask: (path, request) => ask(port, path, request),
    async begin(path, request) {
      const arrived = once(server.http, "request");
      const exchange = send(port, path, request);
      await arrived;
      return exchange;
    },
    upgrade: (path, headers) => upgrade(port, path, headers),
    async greet(query = "EIO=4&transport=polling") {
      const { body } = await ask(port, `/socket.io/?${query}`);
      const sid = /"sid\\?":\\?"([\w-]+)/.exec(String(body))?.[1];
      if (sid === undefined) throw new Error(`no handshake: ${String(body)}`);
      return sid;
    },
    async close() {
      await io.close();
      await server.stop();
    },
  };
}

/** What is compared of an answer: ids are replaced, the length of a chunked body does not count. */
export function seen(
  answer: Answer,
  ...headers: string[]
): { status: number; body: string } {
  const named = ["content-type", "cache-control", ...headers];
  return {
    status: answer.status,
    ...Object.fromEntries(
      named.flatMap((name) => {
        const value = answer.headers[name];
        return value === undefined ? [] : [[name, withoutIds(value)]];
      }),
    ),
    body: withoutIds(String(answer.body)),
  };
}

export function withoutIds(text: string): string {
  return text
    .replace(/"sid":"[^"]+"/g, '"sid":"<id>"')
    .replace(/\\"sid\\":\\"[^"]+\\"/g, '\\"sid\\":\\"<id>\\"')
    .replace(/io=[\w-]{20}/g, "io=<id>");
}

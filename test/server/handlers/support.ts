/** A real server, and official clients of any generation at it. */
import { createRequire } from "node:module";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { Server, type ServerOptions } from "../../../src/index.js";
import type { HandlerErrorContext } from "../../../src/server/options.js";

const require = createRequire(import.meta.url);
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** What is used of a client, of any generation. */
export interface Client {
  id: string;
  connected: boolean;
  on(event: string, listener: (...args: never[]) => void): unknown;
  once(event: string, listener: (...args: never[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  send(message: unknown): unknown;
  disconnect(): unknown;
}

type Connect = (url: string, options: object) => Client;

/** The official clients, by what they are installed under. */
export const clients: Record<string, Connect> = Object.fromEntries(
  ["sioc1", "sioc2", "sioc3", "socket.io-client"].map((name) => [
    name,
    require(name) as Connect,
  ]),
);

export async function listen(options: ServerOptions = {}) {
  const http = createServer((_request, response) => {
    response.writeHead(404).end();
  });
  const failures: ({ error: unknown } & HandlerErrorContext)[] = [];
  const io = new Server(http, {
    onHandlerError: (error, context) => failures.push({ error, ...context }),
    ...options,
  });
  open.push(() => io.close());
  await new Promise<void>((resolve) => http.listen(0, resolve));
  const { port } = http.address() as AddressInfo;
  const join = (
    nsp = "/",
    {
      client: name = "socket.io-client",
      ...more
    }: Record<string, unknown> = {},
  ): Client => {
    const connect = clients[String(name)];
    if (connect === undefined) throw new Error(`no client ${String(name)}`);
    const client = connect(`http://localhost:${port}${nsp}`, {
      forceNew: true,
      reconnection: false,
      transports: ["websocket"],
      ...more,
    });
    open.push(() => client.disconnect());
    return client;
  };
  return { io, http, port, join, failures };
}

export function heard(client: Client, event: string): Promise<unknown[]> {
  return new Promise((resolve) =>
    client.once(event, (...args: unknown[]) => resolve(args)),
  );
}

/** All that a client's acknowledgement gets. */
export function ask(
  client: Client,
  event: string,
  ...args: unknown[]
): Promise<unknown[]> {
  return new Promise((resolve) =>
    client.emit(event, ...args, (...answer: unknown[]) => resolve(answer)),
  );
}

/** Servers of 0.6 to 0.9 from the registry, behind a line that keeps note of the requests. */
import { connect as dial, createServer, type AddressInfo } from "node:net";
import {
  server06,
  server07,
  server08,
  server09,
} from "../interop/old/peers/old-servers.js";
import type {
  RunningServer,
  ServerEnd,
  ServerOptions,
  ServerPeer,
} from "../interop/old/peers/peer.js";
import { afterTest } from "./support.js";

export const GENERATIONS = ["0.9", "0.8", "0.7", "0.6"] as const;

export const PEERS: Record<(typeof GENERATIONS)[number], ServerPeer> = {
  "0.9": server09(),
  "0.8": server08(),
  "0.7": server07(),
  "0.6": server06(),
};

export interface Watched {
  readonly server: RunningServer;
  readonly url: string;
  /** Method and path of each request so far. */
  readonly requests: string[];
  /** The addresses asked for, together where one did not wait for the answer to another. */
  readonly trips: string[][];
}

export async function start(
  peer: ServerPeer,
  options: ServerOptions = {},
): Promise<Watched> {
  const server = await peer.start(options);
  afterTest(() => server.close());
  return { server, ...(await watch(server.port)) };
}

/** A line to a server of this machine that notes the requests on it. */
export async function watch(port: number): Promise<Omit<Watched, "server">> {
  const requests: string[] = [];
  const trips: string[][] = [];
  let answered = true;
  const line = createServer((near) => {
    const far = dial(port, "127.0.0.1");
    near.on("data", (data) => {
      const text = data.toString("latin1");
      const found = text.matchAll(/^((?:GET|POST) ([^? ]*))(\S*) HTTP/gm);
      for (const [, request, path, query] of found) {
        requests.push(request);
        if (answered) trips.push([]);
        answered = false;
        trips.at(-1)?.push(path + query);
      }
    });
    // Hanging up is an answer, too.
    for (const event of ["data", "close"])
      far.on(event, () => (answered = true));
    near.pipe(far).pipe(near);
    for (const end of [near, far]) {
      end.on("error", () => undefined);
      end.on("close", () => {
        near.destroy();
        far.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => line.listen(0, "127.0.0.1", resolve));
  afterTest(() => void line.close());
  const { port: own } = line.address() as AddressInfo;
  return { url: `http://127.0.0.1:${own}`, requests, trips };
}

/** The server's end of the next connection to a namespace. */
export function arrival(server: RunningServer, nsp = ""): Promise<ServerEnd> {
  return new Promise((resolve) => {
    server.of(nsp).on("connection", (end: ServerEnd) => resolve(end));
  });
}

/** The arguments of the next such event at the server's end. */
export function heard(end: ServerEnd, event: string): Promise<unknown[]> {
  return new Promise((resolve) => {
    end.on(event, (...args: unknown[]) => resolve(args));
  });
}

/**
 * The servers that people run: socket.io 4.8, 3.1, 2.5 and 1.7, each loaded
 * by its alias. From 3.0 on joining is synchronous or a promise; before, it
 * takes a callback.
 */
import type { Server as HttpServer } from "node:http";
import { load, officialParser, versionOf } from "./installed.js";
import { listening } from "./listening.js";
import type {
  RunningServer,
  ServerOptions,
  ServerPeer,
  ServerSocket,
} from "./peer.js";

export type ServerIo = RunningServer["io"] & { close(): unknown };

interface Rooms extends ServerSocket {
  join(room: string, done?: () => void): unknown;
  leave(room: string, done?: () => void): unknown;
}

/** Puts a server of any generation behind the common shape. */
export async function startServer(
  options: ServerOptions,
  mount: (http: HttpServer) => ServerIo,
): Promise<RunningServer> {
  const mounted: ServerIo[] = [];
  const server = await listening(options.port ?? 0, (http) =>
    mounted.push(mount(http)),
  );
  const [io] = mounted;
  if (io === undefined) throw new Error("nothing was mounted");
  return {
    io,
    port: server.port,
    async close() {
      await io.close();
      await server.stop();
    },
  };
}

function modern(alias: string, generation: 3 | 4): ServerPeer {
  const { Server } = load<{
    Server: new (http: HttpServer, options: object) => ServerIo;
  }>(alias);
  return {
    name: "socket.io",
    version: versionOf(alias),
    generation,
    start: (options) =>
      startServer(options, (http) => new Server(http, settings(options))),
    ...joining,
  };
}

/** Rooms as of 3.0. */
export const joining: Pick<ServerPeer, "join" | "leave"> = {
  join: async (socket, room) => void (await (socket as Rooms).join(room)),
  leave: async (socket, room) => void (await (socket as Rooms).leave(room)),
};

function classic(alias: string, generation: 1 | 2): ServerPeer {
  const create = load<(http: HttpServer, options: object) => ServerIo>(alias);
  return {
    name: "socket.io",
    version: versionOf(alias),
    generation,
    start: (options) =>
      startServer(options, (http) => create(http, settings(options))),
    join: (socket, room) =>
      new Promise((resolve) => (socket as Rooms).join(room, resolve)),
    leave: (socket, room) =>
      new Promise((resolve) => (socket as Rooms).leave(room, resolve)),
  };
}

/** The options that a server of any generation takes; unknown ones do no harm. */
export function settings(
  { recovery, msgpack, ...options }: ServerOptions,
  parser: () => unknown = officialParser,
): object {
  return {
    allowEIO3: true,
    serveClient: false,
    ...options,
    ...(recovery && { connectionStateRecovery: {} }),
    ...(msgpack && { parser: parser() }),
  };
}

export const server4 = (): ServerPeer => modern("socket.io", 4);
export const server3 = (): ServerPeer => modern("sio3", 3);
export const server2 = (): ServerPeer => classic("sio2", 2);
export const server1 = (): ServerPeer => classic("sio1", 1);

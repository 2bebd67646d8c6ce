/** Our own server and client as ends like all others. */
import { createServer } from "node:http";
import type { AddressInfo, Socket as TcpSocket } from "node:net";
import { Server, type Namespace, type Socket } from "../../../../src/index.js";
import { io, type Socket as Client } from "../../../../src/client/index.js";
import type {
  ClientEnd,
  ClientPeer,
  Listener,
  RunningServer,
  ServerEnd,
  ServerOptions,
  ServerPeer,
  Space,
  Transport,
} from "./peer.js";

export const omnioServer = (): ServerPeer => ({
  name: "omnio",
  version: "server",
  generation: "now",
  start,
  shutDown: () => Promise.resolve(),
});

async function start(options: ServerOptions = {}): Promise<RunningServer> {
  const http = createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
    response.end("<!doctype html><title>A page for clients</title>");
  });
  const sockets = new Set<TcpSocket>();
  http.on("connection", (socket: TcpSocket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const server = new Server(http, {
    generations: "all",
    legacy: legacyTimes(options),
    allowRequest({ url = "" }, decide) {
      if (url.includes("token=broken")) decide("no oracle", false);
      else decide(null, !url.includes("token=refused"));
    },
  });
  server.of("/chat");
  server.of("/other");
  server.of("/deny").use((_, next) => next(new Error("unauthorized")));
  server.of("/fault").use((_, next) => next(new Error("no oracle")));
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  return {
    port: (http.address() as AddressInfo).port,
    of: (namespace) => space(server.of(namespace)),
    cut() {
      for (const socket of sockets) socket.destroy();
      return Promise.resolve();
    },
    async close() {
      const closed = server.close();
      // Browsers open connections for later, whose first requests Node would wait for.
      await new Promise((resolve) => setImmediate(resolve));
      for (const socket of sockets)
        if (socket.bytesRead === 0) socket.destroy();
      await closed;
      for (const socket of sockets) socket.destroy();
    },
  };
}

function heard(listener: Listener): (...args: unknown[]) => void {
  return (...args) => listener(...(args as never[]));
}

function legacyTimes(options: ServerOptions): object {
  const { heartbeats, closeTimeout, pollFor } = options;
  return {
    ...(heartbeats && {
      heartbeatInterval: heartbeats.interval,
      heartbeatTimeout: heartbeats.timeout,
    }),
    ...(closeTimeout !== undefined && { closeTimeout }),
    ...(pollFor !== undefined && { pollingDuration: pollFor }),
  };
}

function space(namespace: Namespace): Space {
  return {
    emit: (event, ...args) => void namespace.emit(event, ...args),
    send: (text) => void namespace.send(text),
    to(room) {
      const some = namespace.to(room);
      return {
        emit: (event, ...args) => void some.emit(event, ...args),
        send: (text) => void some.emit("message", text),
      };
    },
    on(event, listener: Listener) {
      namespace.on(event, (socket: Socket) =>
        listener(...([serverEnd(socket)] as never[])),
      );
    },
  };
}

function serverEnd(socket: Socket): ServerEnd {
  return {
    id: socket.id,
    query: socket.handshake.query,
    on: (event: string, listener: Listener) =>
      socket.on(event, heard(listener)),
    send: (text) => void socket.send(text),
    json: (value) => void socket.send(value),
    emit: (event, ...args) => void socket.emit(event, ...args),
    disconnect: () => void socket.disconnect(),
    join: async (room) => void (await socket.join(room)),
    leave: async (room) => void (await socket.leave(room)),
    others(room) {
      const some =
        room === undefined ? socket.broadcast : socket.broadcast.to(room);
      return {
        emit: (event, ...args) => void some.emit(event, ...args),
        send: (text) => void some.emit("message", text),
      };
    },
    transport: () => Promise.resolve(socket.conn.transport.name),
  };
}

/** What our client calls the transports of old. */
const NAMES: Partial<Record<Transport, string>> = {
  websocket: "websocket",
  "xhr-polling": "polling",
};

export const omnioClient = (): ClientPeer => ({
  name: "omnio",
  version: "client",
  generation: "now",
  place: "node",
  open(port, { transport, namespace = "", query = "", reconnect = false }) {
    const socket = io(`http://127.0.0.1:${port}${namespace}`, {
      transports: [NAMES[transport] ?? transport],
      forceNew: true,
      query: Object.fromEntries(new URLSearchParams(query)),
      reconnection: reconnect,
      reconnectionDelay: 20,
      reconnectionDelayMax: 50,
    });
    return Promise.resolve(clientEnd(socket));
  },
  shutDown: () => Promise.resolve(),
});

/** What our client calls what the clients before 1.0 said. */
const NAMES_OF_EVENTS: Readonly<Record<string, string>> = {
  connect_failed: "connect_error",
  error: "connect_error",
};

function clientEnd(socket: Client): ClientEnd {
  return {
    on(event: string, listener: Listener) {
      if (event === "reconnect") socket.io.on("reconnect", heard(listener));
      else socket.on(NAMES_OF_EVENTS[event] ?? event, heard(listener));
    },
    send: (text) => void socket.send(text),
    json: (value) => void socket.send(value),
    emit: (event, ...args) => void socket.emit(event, ...args),
    disconnect: () => void socket.disconnect(),
    of: (namespace) => clientEnd(socket.io.socket(namespace, {})),
    state: () =>
      Promise.resolve({
        connected: socket.connected,
        transport: socket.io.engine?.transport.name ?? "",
        id: socket.id ?? "",
      }),
    end() {
      socket.disconnect();
      socket.io.disconnect();
      return Promise.resolve();
    },
  };
}

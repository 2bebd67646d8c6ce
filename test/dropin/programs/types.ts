/**
 * What programs for the reference say about types, beside the generics: where
 * one class is reached from another, and what is declared loosely there. Only
 * compiled.
 */
import { createServer } from "node:http";
import {
  Namespace,
  Server,
  Socket,
  type BroadcastOperator,
  type DefaultEventsMap,
  type DisconnectReason,
  type Event,
  type ExtendedError,
  type RemoteSocket,
  type ServerOptions,
} from "socket.io";
import {
  io as connect,
  Manager,
  Socket as ClientSocket,
  type ManagerOptions,
  type SocketOptions,
} from "socket.io-client";

export const parser: object = { Encoder: class {}, Decoder: class {} };

export const server: Server = new Server(createServer(), {
  parser,
  cors: { origin: "*", credentials: true },
  cookie: { name: "io", path: "/", sameSite: "strict" },
  perMessageDeflate: { threshold: 32_768 },
  connectionStateRecovery: { maxDisconnectionDuration: 1000 },
  allowRequest: (request, decide) => decide(null, !!request.headers.origin),
});
export const options: Partial<ServerOptions> = { path: "/chat" };

export function ofServer(nsp: Namespace, socket: Socket): void {
  const io: Server = nsp.server;
  const same: Namespace = socket.nsp;
  const root: Namespace = io.of("/");
  const middleware = (one: Socket, next: (error?: ExtendedError) => void) => {
    const error: ExtendedError = new Error("not authorized");
    error.data = { content: "Please retry later" };
    next(one.handshake.auth.token ? undefined : error);
  };
  same.use(middleware);
  root.use(middleware);
  const operator: BroadcastOperator<DefaultEventsMap, unknown> = io.to("a");
  operator.except("b").emit("x");
  socket.on("disconnect", (reason: DisconnectReason) => {
    if (reason === "transport close") return;
  });
  socket.use(([event, ...args]: Event, next) =>
    next(args.length ? undefined : new Error(event)),
  );
  socket.conn.once("upgrade", () => socket.conn.transport.name);
  io.engine.on("connection_error", (error: { code: number }) => error.code);
  io.engine.generateId = () => "id";
  io.engine.use((_request: unknown, _response: unknown, next: () => void) =>
    next(),
  );
}

export async function ofSockets(io: Server): Promise<string[]> {
  const sockets: RemoteSocket<DefaultEventsMap, unknown>[] =
    await io.fetchSockets();
  return sockets.flatMap(({ id, rooms }) => [id, ...rooms]);
}

export function ofClient(uri: string): void {
  const opts: Partial<ManagerOptions & SocketOptions> = {
    parser,
    transports: ["websocket"],
    auth: (decide) => decide({ token: "abc" }),
    extraHeaders: { "my-custom-header": "abcd" },
  };
  const socket: ClientSocket = connect(uri, opts);
  const manager: Manager = socket.io;
  const admin: ClientSocket = manager.socket("/admin");
  manager.on("reconnect_attempt", (attempt: number) => attempt);
  socket.on("connect", () => {
    const name: string = socket.io.engine.transport.name;
    socket.io.engine.once("upgrade", () => name);
    socket.io.engine.on("packet", ({ type }) => type);
    socket.io.engine.on("close", (reason) => reason);
  });
  socket.on("connect_error", (error) => {
    if (socket.active) return;
    const message: string = error.message;
    socket.auth = { token: message };
    socket.connect();
  });
  socket.on("disconnect", (reason, details) => [reason, details]);
  socket.onAny((event: string, ...args: unknown[]) => [event, args]);
  manager.reconnection(false).reconnectionDelay(5).timeout(10);
  admin.volatile.compress(false).emit("x", 1);
  if (admin.io.engine) admin.io.engine.close();
}

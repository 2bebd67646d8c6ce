/**
 * The typed server and client of the official documentation ("Usage with
 * TypeScript"), doing something with each of the four type parameters.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Namespace, Server, type Socket as ServerSocket } from "socket.io";
import { io as connect, type Socket as ClientSocket } from "socket.io-client";

interface ServerToClientEvents {
  noArg: () => void;
  basicEmit: (a: number, b: string, c: Buffer) => void;
  withAck: (d: string, callback: (e: number) => void) => void;
}

interface ClientToServerEvents {
  hello: (name: string, callback: (greeting: string) => void) => void;
}

interface InterServerEvents {
  ping: () => void;
}

interface SocketData {
  name: string;
  age: number;
}

type TypedServer = Server<
  ClientToServerEvents,
  ServerToClientEvents,
  InterServerEvents,
  SocketData
>;
type TypedSocket = ServerSocket<
  ClientToServerEvents,
  ServerToClientEvents,
  InterServerEvents,
  SocketData
>;

const httpServer = createServer();
const io: TypedServer = new Server<
  ClientToServerEvents,
  ServerToClientEvents,
  InterServerEvents,
  SocketData
>(httpServer);

const namespace: Namespace<
  ClientToServerEvents,
  ServerToClientEvents,
  InterServerEvents,
  SocketData
> = io.of("/");
namespace.use((socket, next) => {
  socket.data.age = 42;
  next();
});

function welcome(socket: TypedSocket): void {
  socket.on("hello", (name, callback) => {
    socket.data.name = name;
    const { name: known, age } = socket.data;
    callback(`hello ${known.toUpperCase()}, ${age.toFixed(0)}`);
    socket.emit("noArg");
    socket.emit("basicEmit", 1, "2", Buffer.from([3]));
    socket.timeout(5000).emit("withAck", "4", (error: Error | null, e) => {
      console.log("server got", error, e.toFixed(1));
      void finish();
    });
  });
}

/** What the compiler has to refuse. Nobody calls it. */
export function mistakes(socket: TypedSocket): void {
  // @ts-expect-error: not an event that the server sends
  socket.emit("hello", "x");
  // @ts-expect-error: the arguments are a number, a string and a Buffer
  socket.emit("basicEmit", "1", "2", "3");
  // @ts-expect-error: not an event that clients send
  socket.on("noArg", () => {});
  // @ts-expect-error: the age is a number
  socket.data.age = "42";
  // @ts-expect-error: the name is missing
  client.emit("hello");
  // @ts-expect-error: not an event that the server sends
  client.on("hello", () => {});
}

io.on("connection", welcome);
io.on("ping", () => console.log("ping"));

async function finish(): Promise<void> {
  const [first] = await io.fetchSockets();
  console.log("known as", first?.data.name);
  const answers: number[] = await io.timeout(5000).emitWithAck("withAck", "5");
  console.log("all answered", answers);
  client.disconnect();
  await io.close();
}

let client: ClientSocket<ServerToClientEvents, ClientToServerEvents>;

httpServer.listen(0, () => {
  const { port } = httpServer.address() as AddressInfo;
  client = connect(`http://localhost:${port}`);
  client.on("noArg", () => console.log("noArg"));
  client.on("basicEmit", (a, b, c) =>
    console.log("basicEmit", a.toFixed(1), b.trim(), c.length),
  );
  client.on("withAck", (d, callback) => callback(d.length));
  client.emit("hello", "world", (greeting) => console.log(greeting.trim()));
});

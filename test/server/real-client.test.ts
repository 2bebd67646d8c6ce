/** The public API with the reference's own client, over real sockets. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { io as connect, type Socket as ClientSocket } from "socket.io-client";
import { afterEach, expect, test } from "vitest";
import { Server, type ServerOptions } from "../../src/index.js";

const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function listen(options: ServerOptions = {}) {
  const http = createServer();
  const io = new Server(http, options);
  open.push(() => io.close());
  await new Promise<void>((resolve) => http.listen(0, resolve));
  const { port } = http.address() as AddressInfo;
  const join = (nsp = "/", more = {}) => {
    const client = connect(`http://localhost:${port}${nsp}`, {
      forceNew: true,
      reconnectionDelay: 10,
      reconnectionDelayMax: 10,
      ...more,
    });
    open.push(() => client.disconnect());
    return client;
  };
  return { io, join };
}

function once(client: ClientSocket, event: string): Promise<unknown[]> {
  return new Promise((resolve) =>
    client.once(event, (...args: unknown[]) => resolve(args)),
  );
}

test.each([["polling"], ["websocket"]])(
  "over %s: events, bytes, answers, rooms, broadcasts",
  async (transport) => {
    const { io, join } = await listen({ transports: [transport] });
    io.on("connection", (socket) => {
      void socket.join("room");
      socket.on("echo", (value: unknown, answer: (value: unknown) => void) =>
        answer(value),
      );
      socket.on("ask me", async () => {
        socket.emit("told", await socket.emitWithAck("question", [1, 2]));
      });
    });
    const client = join("/", { transports: [transport] });
    const bytes = Buffer.from([0, 1, 255]);
    expect(await client.emitWithAck("echo", { bytes, text: "€" })).toEqual({
      bytes,
      text: "€",
    });
    client.on("question", (list: unknown, answer: (value: unknown) => void) =>
      answer({ list }),
    );
    const told = once(client, "told");
    client.emit("ask me");
    expect(await told).toEqual([{ list: [1, 2] }]);
    const heard = once(client, "hello");
    io.to("room").emit("hello", bytes);
    expect(await heard).toEqual([bytes]);
    expect(
      await io.timeout(5000).to("room").emitWithAck("question", "all"),
    ).toEqual([{ list: "all" }]);
  },
);

test("a client that has received nothing yet gets its session back", async () => {
  const { io, join } = await listen({ connectionStateRecovery: {} });
  const client = join();
  await once(client, "connect");
  const { id } = client;
  const [socket] = io.sockets.sockets.values();
  const gone = new Promise((resolve) => socket.on("disconnect", resolve));
  const missed = once(client, "missed");
  client.io.engine.close();
  await gone;
  io.emit("missed", 1);
  expect((await missed)[0]).toBe(1);
  expect(client.recovered).toBe(true);
  expect(client.id).toBe(id);
});

test("refusals reach `connect_error` with their data", async () => {
  const { io, join } = await listen();
  io.use((socket, next) => {
    if (socket.handshake.auth.token === "right") next();
    else next(Object.assign(new Error("no"), { data: { code: 401 } }));
  });
  const [error] = await once(join(), "connect_error");
  expect(error).toMatchObject({ message: "no", data: { code: 401 } });
  await once(join("/", { auth: { token: "right" } }), "connect");
  const [unknown] = await once(join("/nowhere"), "connect_error");
  expect(unknown).toMatchObject({ message: "Invalid namespace" });
});

test("the server's close is a `transport close` to the client", async () => {
  const { io, join } = await listen();
  const client = join("/", {
    reconnection: false,
    transports: ["websocket"],
  });
  await once(client, "connect");
  const disconnected = once(client, "disconnect");
  await io.close();
  expect((await disconnected)[0]).toBe("transport close");
});

test("namespaces of one connection live and end by themselves", async () => {
  const { io, join } = await listen();
  io.of(/^\/n\d$/).on("connection", (socket) =>
    socket.emit("hello", socket.nsp.name),
  );
  const one = join("/n1");
  expect(await once(one, "hello")).toEqual(["/n1"]);
  const two = one.io.socket("/n2", {});
  expect(await once(two, "hello")).toEqual(["/n2"]);
  const disconnected = once(one, "disconnect");
  io.of("/n1").disconnectSockets();
  expect((await disconnected)[0]).toBe("io server disconnect");
  expect(two.connected).toBe(true);
  expect(io.engine.clientsCount).toBe(1);
});

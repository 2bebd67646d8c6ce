/** Acknowledgements: every one settles, and none is kept for ever. */
import { expect, test, vi } from "vitest";
import type { Socket } from "../../src/server/socket.js";
import { serve, settle, type FakeConnection } from "./fakes.js";

async function connected(count = 1) {
  const server = serve();
  const sockets: Socket[] = [];
  server.io.on("connection", (socket) => sockets.push(socket));
  const clients: FakeConnection[] = [];
  for (let i = 0; i < count; i++) clients.push(await server.connect());
  return {
    ...server,
    clients,
    sockets,
    client: clients[0],
    socket: sockets[0],
  };
}

/** Answers the last event that asks for it. */
function answer(client: FakeConnection, ...args: unknown[]): void {
  const { id, nsp } = client.last("event");
  if (id === undefined) throw new Error("no answer is wanted");
  client.send({ type: "ack", nsp, id, args });
}

test("a callback gets the client's answer", async () => {
  const { client, socket } = await connected();
  const ack = vi.fn();
  socket.emit("ask", 1, ack);
  expect(client.events).toEqual([["ask", 1]]);
  answer(client, "a", "b");
  answer(client, "again");
  expect(ack).toHaveBeenCalledExactlyOnceWith("a", "b");
  expect(socket.acks.size).toBe(0);
});

test("emitWithAck() resolves to the client's answer", async () => {
  const { client, socket } = await connected();
  const promise = socket.emitWithAck("ask");
  answer(client, "a", "b");
  await expect(promise).resolves.toBe("a");
});

test("with timeout() a callback gets an error first, or none", async () => {
  const { client, socket, clock } = await connected();
  const ack = vi.fn();
  socket.timeout(100).emit("ask", ack);
  answer(client, "a");
  socket.timeout(100).emit("ask", ack);
  clock.advance(100);
  answer(client, "too late");
  expect(ack.mock.calls).toEqual([
    [null, "a"],
    [new Error("operation has timed out")],
  ]);
  const promise = socket.timeout(5).emitWithAck("ask");
  clock.advance(5);
  await expect(promise).rejects.toThrow("operation has timed out");
  expect(socket.acks.size).toBe(0);
});

test("when the client leaves, promises reject, timeouts fail and plain callbacks are dropped", async () => {
  const { client, socket, clock } = await connected();
  const timed = vi.fn();
  const plain = vi.fn();
  const promise = socket.emitWithAck("ask");
  socket.timeout(1000).emit("ask", timed);
  socket.emit("ask", plain);
  expect(socket.acks.size).toBe(3);
  const timers = clock.pending;
  client.end("transport close");
  await expect(promise).rejects.toThrow("socket has been disconnected");
  expect(timed).toHaveBeenCalledExactlyOnceWith(
    new Error("socket has been disconnected"),
  );
  expect(plain).not.toHaveBeenCalled();
  expect(socket.acks.size).toBe(0);
  expect(clock.pending).toBe(timers - 1);
});

test("emitWithAck() to a client who has left rejects", async () => {
  const { socket } = await connected();
  socket.disconnect();
  await expect(socket.emitWithAck("ask")).rejects.toThrow(
    "socket has been disconnected",
  );
  await expect(socket.timeout(5).emitWithAck("ask")).rejects.toThrow(
    "socket has been disconnected",
  );
});

test("a broadcast without timeout() waits for all answers", async () => {
  const { io, clients, clock } = await connected(3);
  const promise = io.to([...io.sockets.sockets.keys()]).emitWithAck("ask");
  clock.advance(60_000);
  for (const [index, client] of clients.entries()) answer(client, index);
  await expect(promise).resolves.toEqual([0, 1, 2]);
});

test("a broadcast to nobody is answered at once", async () => {
  const { io } = serve();
  await expect(io.to("nowhere").emitWithAck("ask")).resolves.toEqual([]);
});

test("a broadcast is over when those who have not answered are gone", async () => {
  const { io, clients, sockets, runtime } = await connected(3);
  const ack = vi.fn();
  io.compress(true).emit("ask", ack);
  answer(clients[0], "first");
  clients[1].end("transport close");
  await settle();
  expect(ack).not.toHaveBeenCalled();
  sockets[2].disconnect();
  await settle();
  expect(ack).toHaveBeenCalledExactlyOnceWith(expect.any(Error), ["first"]);
  expect(runtime.clock.pending).toBe(0);
});

test("a broadcast whose time is up has the answers so far, and forgets the rest", async () => {
  const { io, clients, sockets, clock } = await connected(2);
  const promise = io.timeout(50).emitWithAck("ask");
  answer(clients[0], "first");
  await settle();
  clock.advance(50);
  await expect(promise).rejects.toMatchObject({
    message: "operation has timed out",
    responses: ["first"],
  });
  for (const socket of sockets) expect(socket.acks.size).toBe(0);
});

test("serverSideEmitWithAck() resolves to no answers where there is one server", async () => {
  const { io } = serve();
  await expect(io.serverSideEmitWithAck("ask")).resolves.toEqual([]);
  const ack = vi.fn();
  io.serverSideEmit("ask", ack);
  await settle();
  expect(ack).toHaveBeenCalledExactlyOnceWith(null, []);
});

test("a callback that throws is reported, and the others are called", async () => {
  const { client, socket, failures } = await connected();
  const second = vi.fn();
  socket.timeout(10).emit("one", () => {
    throw new Error("mine");
  });
  socket.timeout(10).emit("two", second);
  client.end("transport close");
  expect(second).toHaveBeenCalledOnce();
  expect(failures).toEqual([
    {
      error: new Error("mine"),
      event: "one",
      namespace: "/",
      socketId: socket.id,
    },
  ]);
});

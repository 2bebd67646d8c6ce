/** An empty list of rooms is nobody. In the reference it is everybody. */
import { createServer } from "node:http";
import { Server as Reference } from "socket.io";
import { describe, expect, test } from "vitest";
import { Server } from "../../src/index.js";
import { serve } from "./fakes.js";

async function three() {
  const { io, connect } = serve();
  const clients = [await connect(), await connect(), await connect()];
  const sockets = [...io.of("/").sockets.values()];
  const heard = () => clients.flatMap(({ events }) => events);
  return { io, clients, sockets, heard };
}

describe("reaches nobody", () => {
  test("emit, of a server, a namespace and a socket", async () => {
    const { io, sockets, heard } = await three();
    io.to([]).emit("x");
    io.in([]).emit("x");
    io.of("/").to([]).emit("x");
    sockets[0].to([]).emit("x");
    sockets[0].broadcast.in([]).emit("x");
    expect(heard()).toEqual([]);
  });

  test("emitWithAck", async () => {
    const { io } = await three();
    expect(await io.timeout(1000).to([]).emitWithAck("x")).toEqual([]);
  });

  test("fetchSockets, socketsJoin and disconnectSockets", async () => {
    const { io, sockets } = await three();
    expect(await io.in([]).fetchSockets()).toEqual([]);
    io.in([]).socketsJoin("room");
    expect(io.of("/").adapter.rooms.has("room")).toBe(false);
    io.in([]).disconnectSockets(true);
    expect(sockets.map(({ connected }) => connected)).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe("adds nothing to others", () => {
  test.each([
    ["before", (io: Server) => io.to([]).to("room")],
    ["behind", (io: Server) => io.to("room").to([])],
  ])("%s a room", async (_, operator) => {
    const { io, sockets, heard } = await three();
    void sockets[1].join("room");
    operator(io).emit("x");
    expect(heard()).toEqual([["x"]]);
  });

  test("except([]) leaves nobody out", async () => {
    const { io, heard } = await three();
    io.except([]).emit("x");
    expect(heard()).toHaveLength(3);
  });
});

test("the reference means everybody", () => {
  const sizes = [Server, Reference].map((Kind) => {
    const Constructor: new (...args: never[]) => unknown = Kind;
    const io = Reflect.construct(Constructor, [createServer()]) as Server;
    const { rooms } = io.to([]) as unknown as { rooms: Set<string> };
    return rooms.size;
  });
  expect(sizes).toEqual([1, 0]);
});

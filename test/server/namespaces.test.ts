/** Namespaces: by name, by expression, by function; middlewares, rooms, broadcasts. */
import { expect, test, vi } from "vitest";
import type { Socket } from "../../src/server/socket.js";
import { serve, settle, type FakeConnection } from "./fakes.js";

/** Three clients: the first in `a`, the second in `a` and `b`, the third in `b`. */
async function inRooms() {
  const server = serve();
  const clients: FakeConnection[] = [];
  for (let i = 0; i < 3; i++) clients.push(await server.connect());
  const sockets = [...server.io.sockets.sockets.values()] as [
    Socket,
    Socket,
    Socket,
  ];
  void sockets[0].join("a");
  void sockets[1].join(["a", "b"]);
  void sockets[2].join("b");
  /** How many events each client has got. */
  const got = () => clients.map(({ events }) => events.length);
  return { ...server, clients, sockets, got };
}

test("names begin with a slash, and the same name is the same namespace", () => {
  const { io } = serve();
  expect(io.of("chat")).toBe(io.of("/chat"));
  expect(io.of("/")).toBe(io.sockets);
  expect([...io._nsps.keys()]).toEqual(["/", "/chat"]);
});

test("new_namespace tells of namespaces, those that a parent makes included", () => {
  const { io, open } = serve();
  const names: string[] = [];
  io.on("new_namespace", (nsp) => names.push(nsp.name));
  io.of("/a");
  io.of(/^\/b/);
  open().join("/b1");
  expect(names).toEqual(["/a", "/b1"]);
});

test("broadcasts reach whom they mean, each once", async () => {
  const { io, sockets, got, clients } = await inRooms();
  io.emit("x");
  expect(got()).toEqual([1, 1, 1]);
  io.to("a").emit("x");
  expect(got()).toEqual([2, 2, 1]);
  io.to(["a", "b"]).emit("x");
  expect(got()).toEqual([3, 3, 2]);
  io.in("a").to("b").except(sockets[0].id).emit("x");
  expect(got()).toEqual([3, 4, 3]);
  sockets[0].broadcast.emit("x");
  expect(got()).toEqual([3, 5, 4]);
  sockets[1].to("a").emit("x");
  expect(got()).toEqual([4, 5, 4]);
  sockets[1].except("b").emit("x");
  expect(got()).toEqual([5, 5, 4]);
  io.local.emit("message", "text");
  expect(clients[2]?.events.at(-1)).toEqual(["message", "text"]);
});

test("an operator does not change", () => {
  const { io } = serve();
  const operator = io.to("a");
  operator.to("b").volatile.compress(false).timeout(5).emit("x");
  expect(operator).toMatchObject({
    rooms: new Set(["a"]),
    exceptRooms: new Set(),
    flags: {},
  });
});

test("a broadcast is encoded once for each dialect", async () => {
  const { io, connect, connectOld } = serve({ allowEIO3: true });
  const now = [await connect(), await connect()];
  const old = [await connectOld(), await connectOld()];
  io.emit("x", 1);
  const last = (client?: FakeConnection) => client?.deliveries.at(-1);
  expect(last(now[0])).toBe(last(now[1]));
  expect(last(old[0])).toBe(last(old[1]));
  expect(last(now[0])).not.toBe(last(old[0]));
  expect(last(now[0])).toMatchObject({ shared: true });
});

test("sockets are found, moved and disconnected by room", async () => {
  const { io, sockets, clients } = await inRooms();
  expect(await io.in("a").fetchSockets()).toEqual([sockets[0], sockets[1]]);
  expect(await io.in("a").allSockets()).toEqual(
    new Set([sockets[0].id, sockets[1].id]),
  );
  io.in("a").except("b").socketsJoin(["c", "d"]);
  expect([...sockets[0].rooms]).toEqual([sockets[0].id, "a", "c", "d"]);
  io.in("c").socketsLeave("d");
  expect(sockets[0].rooms.has("d")).toBe(false);
  io.in("a").disconnectSockets();
  expect(clients.map(({ readyState }) => readyState)).toEqual([
    "open",
    "open",
    "open",
  ]);
  expect([...io.sockets.sockets.values()]).toEqual([sockets[2]]);
  io.disconnectSockets(true);
  expect(clients[2]?.readyState).toBe("closed");
});

test("regular expressions that remember are refused", () => {
  const { io } = serve();
  expect(() => io.of(/x/g)).toThrow(/flag g or y/);
  expect(() => io.of(/x/y)).toThrow(/flag g or y/);
});

test("children have the parent's middlewares and listeners of the time they are made", async () => {
  const { io, open } = serve();
  const middleware = vi.fn((_socket: unknown, next: () => void) => next());
  const connected = vi.fn((socket: Socket) => socket.nsp.name);
  const parent = io.of(/^\/dynamic-\d+$/, connected).use(middleware);
  const client = open();
  client.join("/dynamic-1");
  await settle();
  client.join("/dynamic-x");
  expect(middleware).toHaveBeenCalledOnce();
  expect(connected).toHaveReturnedWith("/dynamic-1");
  expect(client.last("refuse").nsp).toBe("/dynamic-x");
  parent.emit("to all");
  expect(client.events).toEqual([["to all"]]);
  parent.to("nobody").emit("to none");
  parent.except("nobody").emit("to all again");
  expect(client.events).toHaveLength(2);
  expect(() => parent.fetchSockets()).toThrow(/not supported/);
  expect(io.of("/dynamic-2")).not.toBe(parent);
});

test("functions decide, one after another, and failing is deciding", async () => {
  const { io, open, failures } = serve();
  const asked: unknown[] = [];
  io.of((name, auth, next) => {
    asked.push([name, auth]);
    setImmediate(() => next(null, false));
  });
  io.of(() => {
    throw new Error("mine");
  });
  io.of((name, _auth, next) => next(null, name === "/yes"));
  const client = open();
  client.join("/yes", { token: 1 });
  client.join("/no");
  await settle();
  expect(client.received.map(({ type, nsp }) => [type, nsp])).toEqual([
    ["connect", "/yes"],
    ["refuse", "/no"],
  ]);
  expect(asked).toEqual([
    ["/yes", { token: 1 }],
    ["/no", {}],
  ]);
  expect(failures).toHaveLength(2);
});

test("empty children go, if that is asked for, but not while somebody is about to join", async () => {
  const { io, open } = serve({ cleanupEmptyChildNamespaces: true });
  const pending: (() => void)[] = [];
  io.of(/^\/n/).use((_socket, next) => void pending.push(next));
  const [one, two] = [open(), open()];
  one.join("/n1");
  pending[0]?.();
  await settle();
  two.join("/n1");
  one.send({ type: "leave", nsp: "/n1" });
  expect(io._nsps.has("/n1")).toBe(true);
  pending[1]?.();
  await settle();
  expect(two.last("connect").nsp).toBe("/n1");
  two.end("transport close");
  expect(io._nsps.has("/n1")).toBe(false);
});

test("room names of any kind are names", async () => {
  const { io, sockets, got } = await inRooms();
  for (const room of ["__proto__", "constructor", "", "x".repeat(1e6)])
    void sockets[0].join(room);
  io.to("__proto__").to("constructor").emit("x");
  io.to("").emit("x");
  expect(got()).toEqual([2, 0, 0]);
});

test("rooms tell when they come and go", async () => {
  const { io, connect } = serve();
  const log: unknown[] = [];
  for (const event of ["create-room", "join-room", "leave-room", "delete-room"])
    io.sockets.adapter.on(event, (...args: unknown[]) =>
      log.push([event, ...args]),
    );
  const client = await connect();
  const id = client.last("connect").sid;
  client.end("transport close");
  expect(log).toEqual([
    ["create-room", id],
    ["join-room", id, id],
    ["leave-room", id, id],
    ["delete-room", id],
  ]);
});

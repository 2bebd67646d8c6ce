/** What a socket does: events in and out, flags, catch-all listeners, disconnects. */
import { expect, test, vi } from "vitest";
import type { Socket } from "../../src/server/socket.js";
import { serve, settle } from "./fakes.js";

async function connected(options = {}) {
  const server = serve(options);
  const sockets: Socket[] = [];
  server.io.on("connection", (socket) => sockets.push(socket));
  const client = await server.connect();
  const [socket] = sockets;
  if (socket === undefined) throw new Error("not connected");
  return { ...server, client, socket, sockets };
}

test("an event reaches its listener in the tick in which it came", async () => {
  const { client, socket } = await connected();
  const heard = vi.fn();
  socket.on("hello", heard);
  client.emitEvent("/", "hello", 1, { a: null });
  expect(heard).toHaveBeenCalledWith(1, { a: null });
});

test("listeners that `connection` adds hear events of the same payload", () => {
  const { io, open } = serve();
  const heard = vi.fn();
  io.on("connection", (socket) => socket.on("hello", heard));
  open().write("40", '42["hello"]');
  expect(heard).toHaveBeenCalledOnce();
});

test("an event for a namespace that is still with its middlewares ends the connection", async () => {
  const { io, open } = serve();
  io.use((_socket, next) => setImmediate(next));
  const client = open();
  client.write("40", '42["hello"]');
  expect(client.readyState).toBe("closed");
  await settle();
  expect(io.sockets.sockets.size).toBe(0);
});

test("what a middleware does behind next() comes before `connection`", async () => {
  const { io, connect } = serve();
  io.use((socket, next) => {
    next();
    socket.data = "late";
  });
  const seen = vi.fn();
  io.on("connection", (socket) => void seen(socket.data));
  await connect();
  expect(seen).toHaveBeenCalledWith("late");
});

test("data is what the application has put there", async () => {
  const { socket } = await connected();
  expect(socket.data).toEqual({});
  expect(socket.data).toBe(socket.data);
  for (const data of ["text", 0, null]) {
    socket.data = data;
    expect(socket.data).toBe(data);
  }
});

test("a callback answers once", async () => {
  const { client, socket } = await connected();
  socket.on("ask", (answer: (...args: unknown[]) => void) => {
    answer("a", 1);
    answer("again");
  });
  client.send({ type: "event", nsp: "/", args: ["ask"], id: 7 });
  expect(client.received.slice(1)).toEqual([
    { type: "ack", nsp: "/", id: 7, args: ["a", 1] },
  ]);
});

test("flags concern the next event only", async () => {
  const { client, socket } = await connected();
  client.transport.writable = false;
  socket.volatile.emit("lost");
  socket.compress(false).emit("plain");
  socket.emit("normal");
  expect(client.events).toEqual([["plain"], ["normal"]]);
  expect(client.deliveries.slice(1).map(({ compress }) => compress)).toEqual([
    false,
    true,
  ]);
});

test.each([
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "newListener",
  "removeListener",
])("the name %s cannot be emitted", async (name) => {
  const { socket, io } = await connected();
  const message = `"${name}" is a reserved event name`;
  expect(() => socket.emit(name)).toThrow(message);
  expect(() => io.emit(name)).toThrow(message);
  expect(() => socket.emitWithAck(name)).toThrow(message);
});

test.each(["disconnect", "disconnecting", "newListener", "removeListener"])(
  "a client that emits %s is disconnected and fires nothing",
  async (name) => {
    const { client, socket } = await connected();
    const disconnected = vi.fn();
    socket.on("disconnect", disconnected);
    client.write(`42["${name}","mine"]`);
    expect(disconnected).toHaveBeenCalledExactlyOnceWith(
      "forced close",
      undefined,
    );
  },
);

test.each(["__proto__", "constructor", "toString", "hasOwnProperty", ""])(
  "the event name %j is a name like any other",
  async (name) => {
    const { client, socket, failures } = await connected();
    client.emitEvent("/", name, "unheard");
    const heard = vi.fn();
    socket.on(name, heard);
    client.emitEvent("/", name, "heard");
    expect(heard).toHaveBeenCalledExactlyOnceWith("heard");
    expect(failures).toEqual([]);
    expect(client.readyState).toBe("open");
  },
);

test("a client's `error` is not taken for one of ours", async () => {
  const { client, socket } = await connected();
  const internal = vi.fn();
  const any = vi.fn();
  client.emitEvent("/", "error", "nobody listens");
  socket.on("error", internal);
  socket.onAny(any);
  client.emitEvent("/", "error", { message: "forged" });
  expect(internal).not.toHaveBeenCalled();
  expect(any).toHaveBeenCalledWith("error", { message: "forged" });
  client.write('42["');
  expect(internal).toHaveBeenCalledExactlyOnceWith(expect.any(Error));
});

test("middlewares of a socket see events, may change them, and refuse with `error`", async () => {
  const { client, socket } = await connected();
  const heard = vi.fn();
  const refused = vi.fn();
  socket.on("hello", heard);
  socket.on("error", refused);
  socket.use((event, next) => {
    if (event[1] === "bad") next(new Error("no"));
    else {
      event[1] = "changed";
      setImmediate(next);
    }
  });
  client.emitEvent("/", "hello", "x");
  client.emitEvent("/", "hello", "bad");
  await settle();
  expect(heard.mock.calls).toEqual([["changed"]]);
  expect(refused).toHaveBeenCalledExactlyOnceWith(new Error("no"));
});

test("catch-all listeners hear everything but answers, before the middlewares", async () => {
  const { client, socket, io } = await connected();
  const log: unknown[] = [];
  const listener = (...args: unknown[]) => log.push(["in", ...args]);
  socket.onAny(listener);
  socket.prependAny((name) => log.push(["first", name]));
  socket.use((_event, next) => {
    log.push("middleware");
    next();
  });
  socket.onAnyOutgoing((...args: unknown[]) => log.push(["out", ...args]));
  client.emitEvent("/", "a", 1);
  expect(log).toEqual([["first", "a"], ["in", "a", 1], "middleware"]);
  log.length = 0;
  socket.emit("b", 2);
  io.emit("c", 3);
  socket.emit("asked", () => log.push("answered"));
  client.send({ type: "ack", nsp: "/", id: 1, args: [] });
  expect(log).toEqual([
    ["out", "b", 2],
    ["out", "c", 3],
    ["out", "asked"],
    "answered",
  ]);
  expect(socket.listenersAny()).toHaveLength(2);
  socket.offAny(listener);
  expect(socket.listenersAny()).toHaveLength(1);
  socket.offAny().offAnyOutgoing();
  expect(socket.listenersAny()).toEqual([]);
  expect(socket.listenersAnyOutgoing()).toEqual([]);
});

test("a client leaves: `disconnecting` with its rooms, then `disconnect` without", async () => {
  const { client, socket, io } = await connected();
  const log: unknown[] = [];
  void socket.join("room");
  socket.on("disconnecting", (reason) =>
    log.push(["disconnecting", reason, [...socket.rooms], socket.connected]),
  );
  socket.on("disconnect", (reason) =>
    log.push(["disconnect", reason, [...socket.rooms], socket.connected]),
  );
  client.send({ type: "leave", nsp: "/" });
  const reason = "client namespace disconnect";
  expect(log).toEqual([
    ["disconnecting", reason, [socket.id, "room"], true],
    ["disconnect", reason, [], false],
  ]);
  expect(client.readyState).toBe("open");
  expect(io.sockets.sockets.size).toBe(0);
  void socket.join("late");
  expect(io.sockets.adapter.rooms.size).toBe(0);
});

test("a handler of `disconnecting` may disconnect", async () => {
  const { client, socket } = await connected();
  const disconnected = vi.fn();
  socket.on("disconnecting", () => socket.disconnect(true));
  socket.on("disconnect", disconnected);
  client.end("transport close");
  expect(disconnected).toHaveBeenCalledExactlyOnceWith(
    "transport close",
    undefined,
  );
});

test("an event in front of a disconnect, in one payload, is heard", async () => {
  const { client, socket } = await connected();
  const heard = vi.fn();
  socket.on("bye", heard);
  client.write('42["bye"]', "41");
  expect(heard).toHaveBeenCalledOnce();
});

test("disconnect() leaves one namespace, disconnect(true) all of them", async () => {
  const { client, socket, io } = await connected();
  const reasons: string[] = [];
  io.of("/other").on("connection", (other) =>
    other.on("disconnect", (reason) => reasons.push(reason)),
  );
  client.join("/other");
  socket.on("disconnect", (reason) => reasons.push(reason));
  socket.disconnect();
  expect(client.last("leave").nsp).toBe("/");
  expect(client.readyState).toBe("open");
  client.join("/");
  const again = [...io.sockets.sockets.values()][0];
  again?.on("disconnect", (reason) => reasons.push(reason));
  again?.disconnect(true);
  expect(client.readyState).toBe("closed");
  expect(reasons).toEqual(Array(3).fill("server namespace disconnect"));
});

test("who is gone gets nothing and joins nothing", async () => {
  const { client, socket } = await connected();
  socket.disconnect();
  const before = client.received.length;
  socket.emit("late");
  expect(client.received).toHaveLength(before);
  expect(socket.disconnected).toBe(true);
});

test("the handshake tells of the request and of `auth`", async () => {
  const { io, connect } = serve();
  const seen: Socket[] = [];
  io.on("connection", (socket) => seen.push(socket));
  await connect("/", { token: "t" });
  const { handshake } = seen[0];
  expect(handshake).toMatchObject({
    address: "127.0.0.1",
    auth: { token: "t" },
    headers: { host: "localhost" },
    query: { EIO: "4" },
    secure: false,
    url: "/socket.io/?EIO=4",
    xdomain: false,
  });
  expect(Date.parse(handshake.time)).toBeCloseTo(handshake.issued, -4);
  expect(seen[0].handshake).toBe(handshake);
});

test("ids are not the connection's, except for old clients who know no other", async () => {
  const { io, connect, connectOld } = serve({ allowEIO3: true });
  const ids: string[] = [];
  for (const nsp of [io.of("/"), io.of("/chat")])
    nsp.on("connection", (socket) => ids.push(socket.id));
  const now = await connect();
  expect(ids[0]).toBe(now.last("connect").sid);
  expect(ids[0]).not.toBe(now.id);
  const old = await connectOld();
  old.join("/chat");
  expect(ids.slice(1)).toEqual([old.id, `/chat#${old.id}`]);
});

test("old clients are in the root namespace unasked, after `connection` of the engine", async () => {
  const { io, connectOld } = serve({ allowEIO3: true });
  const heard = vi.fn();
  io.on("connection", heard);
  const old = await connectOld();
  expect(heard).toHaveBeenCalledOnce();
  expect(old.received).toEqual([{ type: "connect", nsp: "/" }]);
});

/** Handlers that throw or reject: reported once, and the process lives. */
import { afterEach, expect, test, vi } from "vitest";
import { serve, settle } from "./fakes.js";

const mine = new Error("mine");
const throws = () => {
  throw mine;
};
const rejects = async () => {
  await Promise.resolve();
  throw mine;
};
/** What JavaScript passes, whatever the types say. */
const ways: [string, () => void][] = [
  ["throws", throws],
  ["rejects", rejects],
];

afterEach(() => vi.restoreAllMocks());

test.each(ways)(
  "a listener that %s is reported with event and socket",
  async (_, fail) => {
    const { io, connect, failures } = serve();
    io.on("connection", (socket) => {
      socket.on("hello", fail);
      socket.onAny((name) => (name === "other" ? fail() : undefined));
      socket.on("disconnect", fail);
    });
    const client = await connect();
    const socketId = client.last("connect").sid;
    client.emitEvent("/", "hello");
    client.emitEvent("/", "other");
    expect(client.readyState).toBe("open");
    client.end("transport close");
    await settle();
    failures.sort((a, b) => a.event.localeCompare(b.event));
    expect(failures).toEqual(
      ["disconnect", "hello", "other"].map((event) => ({
        error: mine,
        event,
        namespace: "/",
        socketId,
      })),
    );
  },
);

test.each(ways)(
  "a `connection` handler that %s leaves the socket connected",
  async (_, fail) => {
    const { io, connect, failures } = serve();
    io.on("connection", fail);
    const client = await connect();
    expect(failures).toEqual([
      {
        error: mine,
        event: "connection",
        namespace: "/",
        socketId: client.last("connect").sid,
      },
    ]);
    expect(io.sockets.sockets.size).toBe(1);
  },
);

test.each(ways)(
  "a middleware that %s refuses, and tells nobody why",
  async (_, fail) => {
    const { io, connect, failures } = serve();
    io.use(fail);
    const client = await connect();
    expect(client.received).toEqual([
      { type: "refuse", nsp: "/", message: "internal error" },
    ]);
    expect(failures).toMatchObject([{ error: mine, event: "connect" }]);
  },
);

test.each(ways)(
  "a middleware of a socket that %s drops the event",
  async (_, fail) => {
    const { io, connect, failures } = serve();
    const heard = vi.fn();
    io.on("connection", (socket) =>
      socket.use(fail).on("hello", heard).on("error", heard),
    );
    const client = await connect();
    client.emitEvent("/", "hello");
    await settle();
    expect(heard).not.toHaveBeenCalled();
    expect(failures).toMatchObject([{ error: mine, event: "hello" }]);
  },
);

test("next() called twice counts once", async () => {
  const { io, connect } = serve();
  io.use((_socket, next) => {
    next();
    next(new Error("too late"));
    next();
  });
  const client = await connect();
  expect(client.received.map(({ type }) => type)).toEqual(["connect"]);
});

test("by default one line goes to the console", async () => {
  const log = vi.spyOn(console, "error").mockReturnValue();
  const { io, connect } = serve({ onHandlerError: undefined });
  io.on("connection", (socket) => socket.on("hello", throws));
  const client = await connect();
  client.emitEvent("/", "hello");
  expect(log).toHaveBeenCalledExactlyOnceWith(
    `omnio: the handler of "hello" failed (namespace /, socket ${client.last("connect").sid}):`,
    mine,
  );
});

test("one handler's failure is nothing to other packets of the payload", async () => {
  const { io, connect } = serve();
  const heard = vi.fn();
  io.on("connection", (socket) => socket.on("bad", throws).on("good", heard));
  const client = await connect();
  client.write('42["bad"]', '42["good"]');
  expect(heard).toHaveBeenCalledOnce();
});

test("a refusal whose data cannot be sent is a refusal all the same", async () => {
  const { io, connect, failures } = serve();
  const data: { self?: unknown } = {};
  data.self = data;
  io.use((_socket, next) => next(Object.assign(new Error("no"), { data })));
  const client = await connect();
  expect(client.received).toEqual([
    { type: "refuse", nsp: "/", message: "no" },
  ]);
  expect(failures).toMatchObject([{ event: "connect_error" }]);
});

test("a callback of a broadcast that throws is reported", async () => {
  const { io, failures } = serve();
  io.timeout(5).emit("ask", throws);
  io.serverSideEmit("question", throws);
  await settle();
  expect(failures.map(({ event }) => event).sort()).toEqual([
    "ask",
    "question",
  ]);
});

test("a hook that throws makes it uncaught, behind our own work", async () => {
  const deferred: (() => void)[] = [];
  const { io, runtime, connect } = serve({ onHandlerError: throws });
  const heard = vi.fn();
  io.on("connection", (socket) => socket.on("bad", throws).on("good", heard));
  const client = await connect();
  runtime.defer = (task) => void deferred.push(task);
  client.write('42["bad"]', '42["good"]');
  expect(heard).toHaveBeenCalledOnce();
  expect(deferred).toHaveLength(1);
  expect(deferred[0]).toThrow(mine);
});

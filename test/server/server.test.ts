/** The server itself: construction, attaching, adapters, closing. */
import { EventEmitter } from "node:events";
import { createServer } from "node:http";
import { expect, test, vi } from "vitest";
import { Adapter, type AdapterNamespace } from "../../src/server/adapter.js";
import { BaseServer } from "../../src/server/server.js";
import { SessionAwareAdapter } from "../../src/server/session-adapter.js";
import { FakeEngine, FakeRuntime, serve, settle } from "./fakes.js";

test("close() of a server that was never attached", async () => {
  const io = new BaseServer(new FakeRuntime());
  const closed = vi.fn();
  await io.close(closed);
  await io.close();
  expect(closed).toHaveBeenCalledExactlyOnceWith(undefined);
});

test("close() disconnects everybody and closes adapters, engines and servers", async () => {
  const { io, runtime, engine, connect } = serve();
  io.attach(createServer());
  const closeAdapter = vi.spyOn(io.sockets.adapter, "close");
  const reasons: string[] = [];
  io.on("connection", (socket) =>
    socket.on("disconnect", (reason) => reasons.push(reason)),
  );
  const client = await connect();
  await io.close();
  expect(reasons).toEqual(["server shutting down"]);
  expect(client.readyState).toBe("closed");
  expect(closeAdapter).toHaveBeenCalledOnce();
  expect(engine.closed).toBe(true);
  expect(runtime.mounts.map(({ closed }) => closed)).toEqual([true]);
});

test("a port may be a number or a string, a function may not", () => {
  const runtime = new FakeRuntime();
  const io = new BaseServer(runtime, 3000);
  io.listen("3001");
  expect(runtime.mounts.map(({ target }) => target)).toEqual([3000, 3001]);
  const app: unknown = () => {};
  expect(() => io.attach(app as number)).toThrow(/http.createServer\(app\)/);
});

test("options may come alone, behind a server, or with attach(), where the constructor's win", () => {
  const runtime = new FakeRuntime();
  const http = createServer();
  new BaseServer(runtime, { pingInterval: 1 }).attach(http);
  new BaseServer(runtime, http, { pingInterval: 2, path: "/own/" });
  new BaseServer(runtime, { pingTimeout: 3 }).attach(http, {
    pingInterval: 3,
    pingTimeout: 4,
  });
  expect(runtime.engines.map(({ opts }) => opts)).toMatchObject([
    { pingInterval: 1, pingTimeout: 20000 },
    { pingInterval: 2 },
    { pingInterval: 3, pingTimeout: 3 },
  ]);
  expect(runtime.mounts.map(({ options }) => options)).toMatchObject([
    { path: "/socket.io", serveClient: true },
    { path: "/own" },
    {},
  ]);
});

test("the engine can be had before it is attached, and stays the same", () => {
  const runtime = new FakeRuntime();
  const io = new BaseServer(runtime);
  const { engine } = io;
  io.attach(3000);
  expect(io.engine).toBe(engine);
  expect(io.eio).toBe(engine);
  const early = new BaseServer(runtime);
  void early.engine;
  expect(() => early.attach(3000, { pingInterval: 5 })).toThrow(
    /pass them to the constructor/,
  );
});

test("generations: today's and those of EIO3 unasked, older ones by name", () => {
  const names = (options: object) =>
    (
      new BaseServer(new FakeRuntime(), options).engine as FakeEngine
    ).dialects.map(({ name }) => name);
  expect(names({})).toEqual(["eio4", "eio3"]);
  expect(names({ allowEIO3: true })).toEqual(["eio4", "eio3"]);
  expect(names({ allowEIO3: false })).toEqual(["eio4"]);
  expect(names({ generations: "all" })).toEqual(["eio4", "eio3", "v09", "v06"]);
  expect(names({ generations: ["4.x", "0.9"] })).toEqual(["eio4", "v09"]);
  expect(names({ generations: ["4.x"], allowEIO3: true })).toEqual([
    "eio4",
    "eio3",
  ]);
  expect(names({ generations: "all", allowEIO3: false })).toEqual([
    "eio4",
    "v09",
    "v06",
  ]);
});

test("getters are setters", () => {
  const { io } = serve();
  expect(io.path()).toBe("/socket.io");
  expect(io.path("/other/").path()).toBe("/other");
  expect(io.serveClient()).toBe(true);
  expect(io.serveClient(false).serveClient()).toBe(false);
  expect(io.connectTimeout()).toBe(45_000);
  expect(io.connectTimeout(1).connectTimeout()).toBe(1);
  expect(io.adapter()).toBe(Adapter);
  expect(serve({ connectionStateRecovery: {} }).io.adapter()).toBe(
    SessionAwareAdapter,
  );
});

test("a new adapter closes the old ones, and sockets keep their rooms", async () => {
  const { io, connect } = serve();
  const closed: string[] = [];
  class Own extends Adapter {
    override close(): void {
      closed.push(this.namespace.name);
    }
  }
  io.adapter(Own);
  io.of("/other");
  await connect();
  io.socketsJoin("room");
  io.adapter((nsp: AdapterNamespace) => new Adapter(nsp));
  expect(closed).toEqual(["/", "/other"]);
  expect(io.sockets.adapter).not.toBeInstanceOf(Own);
  expect(await io.in("room").fetchSockets()).toHaveLength(1);
});

test("an adapter that fails to begin is reported", async () => {
  class Broken extends Adapter {
    override init(): Promise<void> {
      return Promise.reject(new Error("no broker"));
    }
  }
  const { failures } = serve({ adapter: Broken });
  await settle();
  expect(failures).toMatchObject([{ event: "adapter.init", namespace: "/" }]);
});

test("listeners of the server are those of its root namespace", () => {
  const { io } = serve();
  const listener = () => {};
  expect(io.on("connection", listener)).toBe(io);
  expect(io.sockets.listeners("connection")).toEqual([listener]);
  expect(io.listenerCount("connection")).toBe(1);
  io.off("connection", listener);
  expect(io.eventNames()).toEqual([]);
  expect(io).toBeInstanceOf(EventEmitter);
});

test("serverSideEmit() refuses reserved names and reaches listeners from elsewhere", () => {
  const { io } = serve();
  for (const name of ["connect", "connection", "new_namespace"])
    expect(() => io.serverSideEmit(name)).toThrow(/reserved/);
  const heard = vi.fn();
  io.on("hello", heard);
  io.serverSideEmit("hello", 1);
  expect(heard).not.toHaveBeenCalled();
  io.sockets._onServerSideEmit(["hello", 2]);
  expect(heard).toHaveBeenCalledExactlyOnceWith(2);
});

/** Everything that socket.io 4.8.4 documents or its tools use. */
test.each([
  [
    "Server",
    "adapter allSockets attach bind close compress connectTimeout disconnectSockets emit engine except fetchSockets in listen local of on once path send serveClient serverSideEmit serverSideEmitWithAck sockets socketsJoin socketsLeave timeout to use volatile write encoder eio _nsps _opts opts off removeAllListeners prependListener",
  ],
  [
    "Namespace",
    "adapter allSockets compress disconnectSockets emit except fetchSockets in local name on once send server serverSideEmit serverSideEmitWithAck sockets socketsJoin socketsLeave timeout to use volatile write _ids _fns _onServerSideEmit _preConnectSockets",
  ],
  [
    "Socket",
    "acks broadcast client compress conn connected data disconnect disconnected emit emitWithAck except handshake id in join leave listenersAny listenersAnyOutgoing local notifyOutgoingListeners nsp offAny offAnyOutgoing on onAny onAnyOutgoing once prependAny prependAnyOutgoing recovered request rooms send server timeout to use volatile write",
  ],
  [
    "Adapter",
    "addAll addSockets broadcast broadcastWithAck close del delAll delSockets disconnectSockets fetchSockets init nsp persistSession restoreSession rooms serverCount serverSideEmit sids socketRooms sockets",
  ],
  [
    "BroadcastOperator",
    "allSockets compress disconnectSockets emit emitWithAck except fetchSockets in local socketsJoin socketsLeave timeout to volatile",
  ],
  ["Client", "conn id request writeToEngine"],
])("%s has all its members", async (kind, members) => {
  const { io, connect } = serve();
  await connect();
  const [socket] = io.sockets.sockets.values();
  const objects: Record<string, object | undefined> = {
    Server: io,
    Namespace: io.sockets,
    Socket: socket,
    Adapter: io.sockets.adapter,
    BroadcastOperator: io.to("x"),
    Client: socket?.client,
  };
  const object = objects[kind] ?? {};
  expect(members.split(" ").filter((name) => !(name in object))).toEqual([]);
});

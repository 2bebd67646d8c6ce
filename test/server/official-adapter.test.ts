/** The adapters of the package `socket.io-adapter`, which those for clusters extend. */
import * as official from "socket.io-adapter";
import { expect, test, vi } from "vitest";
import type { AdapterConstructor } from "../../src/server/adapter.js";
import type { ServerOptions } from "../../src/server/options.js";
import { serve, settle } from "./fakes.js";

async function two(adapter: AdapterConstructor, options: ServerOptions = {}) {
  const server = serve({ adapter, allowEIO3: true, ...options });
  const now = await server.connect();
  const old = await server.connectOld();
  const sockets = [...server.io.sockets.sockets.values()];
  return { ...server, now, old, sockets };
}

test("official adapters do as options, as classes and as functions", () => {
  for (const adapter of [
    official.Adapter,
    (nsp: unknown) => new official.Adapter(nsp),
    function (nsp: unknown) {
      return new official.Adapter(nsp);
    },
  ])
    expect(serve({ adapter }).io.sockets.adapter).toBeInstanceOf(
      official.Adapter,
    );
});

test("broadcasts reach clients of both generations, binary included", async () => {
  const { io, now, old, sockets } = await two(official.Adapter);
  const outgoing = vi.fn();
  for (const socket of sockets) socket.onAnyOutgoing(outgoing);
  io.emit("hello", { bytes: Uint8Array.of(1, 2) });
  for (const client of [now, old])
    expect(client.events).toEqual([
      ["hello", { bytes: expect.toSatisfy(sameBytes) as unknown }],
    ]);
  expect(outgoing).toHaveBeenCalledTimes(2);
  io.to(sockets[0].id).emit("one");
  expect([now.events.length, old.events.length]).toEqual([2, 1]);
});

test("receivers of one generation share what is made of a broadcast", async () => {
  const { io, now, connect } = await two(official.Adapter);
  const other = await connect();
  io.emit("hello");
  expect(now.deliveries.at(-1)).toBe(other.deliveries.at(-1));
});

test("volatile packets are dropped where the line is not ready", async () => {
  const { io, now, old } = await two(official.Adapter);
  now.transport.writable = false;
  io.volatile.emit("hello");
  expect([now.events, old.events]).toEqual([[], [["hello"]]]);
});

test("acknowledgements of broadcasts complete", async () => {
  const { io, now, old } = await two(official.Adapter);
  const promise = io.timeout(1000).emitWithAck("ask");
  for (const client of [now, old]) {
    const { id } = client.last("event");
    client.send({
      type: "ack",
      nsp: "/",
      id: id ?? -1,
      args: [client.protocol],
    });
  }
  await expect(promise).resolves.toEqual([4, 3]);
});

test("rooms, sockets and disconnects go through it", async () => {
  const { io, sockets, now } = await two(official.Adapter);
  io.socketsJoin("room");
  expect(sockets[0].rooms).toEqual(new Set([sockets[0].id, "room"]));
  expect(await io.in("room").fetchSockets()).toEqual(sockets);
  io.disconnectSockets(true);
  expect(now.readyState).toBe("closed");
  expect(io.sockets.adapter.sids.size).toBe(0);
});

test("its recovery recovers", async () => {
  const { io, now, connect } = await two(official.SessionAwareAdapter, {
    connectionStateRecovery: {},
  });
  io.emit("seen");
  const { pid, sid } = now.last("connect");
  const offset = now.events.at(-1)?.at(-1);
  now.end("transport close");
  io.emit("missed", 1);
  const back = await connect("/", { pid, offset });
  expect(back.last("connect").sid).toBe(sid);
  expect(back.events).toEqual([["missed", 1, expect.any(String)]]);
});

/** Two servers and what lies between them. */
class Bus extends official.ClusterAdapter {
  static all = new Set<Bus>();

  override init(): void {
    Bus.all.add(this);
  }

  override serverCount(): Promise<number> {
    return Promise.resolve(Bus.all.size);
  }

  override doPublish(message: official.ClusterMessage): Promise<string> {
    for (const adapter of Bus.all)
      if (adapter !== this) adapter.onMessage(structuredClone(message));
    return Promise.resolve("1");
  }

  override doPublishResponse(
    uid: official.ServerId,
    response: official.ClusterResponse,
  ): Promise<void> {
    for (const adapter of Bus.all)
      if (adapter.uid === uid) adapter.onResponse(structuredClone(response));
    return Promise.resolve();
  }
}

test("a cluster: broadcasts, answers, sockets and server-side events cross it", async () => {
  Bus.all.clear();
  const here = serve({ adapter: Bus });
  const there = serve({ adapter: Bus });
  const client = await there.connect();
  here.io.emit("hello");
  await settle();
  expect(client.events).toEqual([["hello"]]);

  const answers = here.io.timeout(1000).emitWithAck("ask");
  await settle();
  const { id = -1 } = client.last("event");
  client.send({ type: "ack", nsp: "/", id, args: ["there"] });
  await expect(answers).resolves.toEqual(["there"]);

  const [remote] = await here.io.fetchSockets();
  expect(remote).toMatchObject({
    id: client.last("connect").sid,
    handshake: { address: "127.0.0.1" },
    rooms: new Set([client.last("connect").sid]),
  });
  remote?.join("room");
  await settle();
  here.io.to("room").emit("in room");
  await settle();
  expect(client.events.at(-1)).toEqual(["in room"]);

  there.io.on("question", (answer: (text: string) => void) => answer("42"));
  await expect(here.io.serverSideEmitWithAck("question")).resolves.toEqual([
    "42",
  ]);
  remote?.disconnect(true);
  await settle();
  expect(client.readyState).toBe("closed");
});

function sameBytes(value: unknown): boolean {
  return value instanceof Uint8Array && value.join() === "1,2";
}

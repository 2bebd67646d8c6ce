/** Connection state recovery, as clients live through it. */
import { expect, test, vi } from "vitest";
import type { ServerOptions } from "../../src/server/options.js";
import { SessionAwareAdapter } from "../../src/server/session-adapter.js";
import type { Socket } from "../../src/server/socket.js";
import { serve, settle, type FakeConnection } from "./fakes.js";

function recoverable(options: ServerOptions = {}) {
  const server = serve({ connectionStateRecovery: {}, ...options });
  const sockets: Socket[] = [];
  server.io.on("connection", (socket) => sockets.push(socket));
  return { ...server, sockets };
}

/** What a client that comes back shows. */
function proof(client: FakeConnection): { pid?: string; offset?: string } {
  const { pid, offset } = client.last("connect");
  // A client of the reference: the last string of an event is the offset.
  const last = client.events.at(-1)?.at(-1);
  return {
    ...(pid !== undefined && { pid }),
    ...(typeof last === "string"
      ? { offset: last }
      : offset !== undefined && { offset }),
  };
}

test("what was missed comes first, then the connection is as it was", async () => {
  const { io, connect, sockets } = recoverable();
  const client = await connect();
  const socket = sockets[0];
  void socket.join("room");
  socket.data = { nick: "n" };
  io.emit("a", 1);
  const shown = proof(client);
  client.end("transport close");
  io.to("room").emit("b");
  io.to("elsewhere").emit("not mine");
  io.except("room").emit("not mine either");
  io.emit("c", 3);
  const back = await connect("/", shown);
  expect(back.received.map(({ type }) => type)).toEqual([
    "event",
    "event",
    "connect",
  ]);
  expect(back.events).toEqual([
    ["b", "~2"],
    ["c", 3, "~5"],
  ]);
  const again = sockets[1];
  expect(again).toMatchObject({
    id: socket.id,
    recovered: true,
    data: { nick: "n" },
  });
  expect(again.rooms).toEqual(new Set([socket.id, "room"]));
  expect(back.last("connect")).toMatchObject({
    sid: socket.id,
    pid: shown.pid,
    offset: "~5",
  });
});

test("a client that got nothing yet recovers with the offset that it was given, or with none", async () => {
  for (const withOffset of [true, false]) {
    const { io, connect, sockets } = recoverable();
    io.emit("before");
    const client = await connect();
    const { pid, offset } = client.last("connect");
    expect(offset).toBe("~1");
    client.end("ping timeout");
    io.emit("missed");
    const back = await connect("/", withOffset ? { pid, offset } : { pid });
    expect(sockets[1].recovered).toBe(true);
    expect(back.events).toEqual([["missed", "~2"]]);
  }
});

test("a session is given back once", async () => {
  const { connect, sockets, io } = recoverable();
  const client = await connect();
  io.emit("a");
  const shown = proof(client);
  client.end("transport close");
  await connect("/", shown);
  await connect("/", shown);
  expect(sockets.map(({ recovered }) => recovered)).toEqual([
    false,
    true,
    false,
  ]);
  expect(new Set(sockets.map(({ id }) => id)).size).toBe(2);
});

test.each([
  "client namespace disconnect",
  "server namespace disconnect",
] as const)("after %s there is nothing to come back to", async (reason) => {
  const { connect, sockets, io } = recoverable();
  const client = await connect();
  io.emit("a");
  const shown = proof(client);
  if (reason === "client namespace disconnect")
    client.send({ type: "leave", nsp: "/" });
  else sockets[0].disconnect();
  await connect("/", shown);
  expect(sockets[1].recovered).toBe(false);
});

test("a session expires", async () => {
  const { connect, sockets, io, clock } = recoverable({
    connectionStateRecovery: { maxDisconnectionDuration: 1000 },
  });
  const [one, two] = [await connect(), await connect()];
  io.emit("a");
  const shown = [proof(one), proof(two)];
  one.end("transport close");
  two.end("transport close");
  clock.advance(1000);
  await connect("/", shown[0]);
  clock.advance(1);
  await connect("/", shown[1]);
  expect(sockets.map(({ recovered }) => recovered)).toEqual([
    false,
    false,
    true,
    false,
  ]);
});

test("volatile events and those that want an answer have no offset", async () => {
  const { io, connect, sockets } = recoverable();
  const client = await connect();
  io.volatile.emit("volatile", "text");
  sockets[0].emit("asked", "text", () => {});
  sockets[0].emit("mine", "text");
  expect(client.events).toEqual([
    ["volatile", "text"],
    ["asked", "text"],
    ["mine", "text", "~1"],
  ]);
});

test("offsets are on the wire only: neither old clients nor listeners see them", async () => {
  const { io, connect, connectOld, sockets } = recoverable({
    allowEIO3: true,
  });
  const old = await connectOld();
  const now = await connect();
  const outgoing = vi.fn();
  for (const socket of sockets) socket.onAnyOutgoing(outgoing);
  io.emit("hello", "x");
  sockets[0].emit("direct", "x");
  expect(old.events).toEqual([
    ["hello", "x"],
    ["direct", "x"],
  ]);
  expect(now.events).toEqual([["hello", "x", "~1"]]);
  expect(outgoing.mock.calls).toEqual([
    ["hello", "x"],
    ["hello", "x"],
    ["direct", "x"],
  ]);
  expect(old.last("connect")).toEqual({ type: "connect", nsp: "/" });
});

test("without the option there is neither pid nor offset", async () => {
  const { io, connect } = serve();
  const client = await connect();
  io.emit("hello");
  expect(client.last("connect")).toEqual({
    type: "connect",
    nsp: "/",
    auth: expect.anything() as unknown,
    sid: expect.any(String) as string,
  });
  expect(client.events).toEqual([["hello"]]);
});

test.each([
  ["skip", true],
  ["run", false],
] as const)(
  "the middlewares of a recovered socket %s",
  async (_, skipMiddlewares) => {
    const { io, connect } = recoverable({
      connectionStateRecovery: { skipMiddlewares },
    });
    const middleware = vi.fn((_socket: unknown, next: () => void) => next());
    io.use(middleware);
    const client = await connect();
    const shown = proof(client);
    client.end("transport close");
    const back = await connect("/", shown);
    expect(back.last("connect").sid).toBe(client.last("connect").sid);
    expect(middleware).toHaveBeenCalledTimes(skipMiddlewares ? 1 : 2);
  },
);

test("refused by a middleware, a recovered client gets nothing of what it missed", async () => {
  const { io, connect } = recoverable({
    connectionStateRecovery: { skipMiddlewares: false },
  });
  const client = await connect();
  client.end("transport close");
  io.emit("secret");
  io.use((_socket, next) => next(new Error("no more")));
  const back = await connect("/", proof(client));
  expect(back.received.map(({ type }) => type)).toEqual(["refuse"]);
});

test("closing the server leaves no timer", async () => {
  const { io, connect, clock } = recoverable();
  const client = await connect();
  io.emit("a");
  client.end("transport close");
  expect(clock.pending).toBe(1);
  await io.close();
  await settle();
  expect(clock.pending).toBe(0);
});

test("an offset that the adapter cannot use is counted, and printed nowhere", async () => {
  class Failing extends SessionAwareAdapter {
    override restoreSession(): never {
      throw new Error("Invalid stream ID specified as stream command argument");
    }
  }
  const { io, connect, failures, sockets } = recoverable({ adapter: Failing });
  const printed = vi.spyOn(console, "error");
  const client = await connect();
  const shown = { ...proof(client), offset: "not an offset" };
  client.end("transport close");
  await connect("/", shown);
  expect(sockets.at(-1)?.recovered).toBe(false);
  expect(io.engine.counters.failedRecoveries).toBe(1);
  expect(failures).toEqual([]);
  expect(printed).not.toHaveBeenCalled();
  printed.mockRestore();
});

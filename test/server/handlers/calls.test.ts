/** Calls by a socket's id. */
import { describe, expect, test, vi } from "vitest";
import { args, Server } from "../../../src/index.js";
import { serve, settle } from "../fakes.js";
import { heard, listen } from "./support.js";

const people = async (nsp = "/") => {
  const served = serve();
  served.io.of(nsp);
  const join = async () => {
    const client = await served.connect(nsp);
    return { client, id: String(client.last("connect").sid) };
  };
  return { ...served, a: await join(), b: await join(), c: await join() };
};

test("emitTo names who gets an event, and who does not", async () => {
  const { io, a, b, c } = await people("/chat");
  const namespace = "/chat";
  await io.enterRoom(a.id, "room", { namespace });
  await io.enterRoom(b.id, "room", { namespace });
  io.emitTo("1", "one", { to: a.id, namespace });
  io.emitTo("2", { room: "x" }, { room: "room", namespace });
  io.emitTo("3", undefined, { room: "room", skip: a.id, namespace });
  io.emitTo("4", args(1, [2]), { to: [a.id, c.id], namespace });
  io.emitTo("5", [1, 2], { to: b.id, room: ["room"], namespace });
  io.of("/chat").emitTo("6", null);
  io.sendTo("hello", { skip: [a.id, b.id], namespace });
  expect(a.client.events).toEqual([
    ["1", "one"],
    ["2", { room: "x" }],
    ["4", 1, [2]],
    ["5", [1, 2]],
    ["6", null],
  ]);
  expect(b.client.events.map(([name]) => name)).toEqual(["2", "3", "5", "6"]);
  expect(b.client.events[1]).toEqual(["3"]);
  expect(c.client.events.map(([name]) => name)).toEqual(["4", "6", "message"]);
});

test("emit keeps its meaning: an object behind the data is data", async () => {
  const { io, a } = await people();
  io.emit("x", "data", { to: "nobody" });
  expect(a.client.events).toEqual([["x", "data", { to: "nobody" }]]);
});

test("a callback gets the answer of one socket", async () => {
  const { io, a } = await people();
  const callback = vi.fn();
  io.emitTo("ask", "well?", { to: a.id, callback });
  const { id = -1 } = a.client.last("event");
  a.client.send({ type: "ack", nsp: "/", id, args: ["yes", 1] });
  expect(callback.mock.calls).toEqual([["yes", 1]]);
});

test("call resolves to nothing, one value, or several", async () => {
  const { io, a, clock } = await people();
  for (const answer of [[], ["one"], ["one", 2]]) {
    const called = io.call("ask", "well?", { to: a.id });
    const { id = -1 } = a.client.last("event");
    a.client.send({ type: "ack", nsp: "/", id, args: answer });
    expect(await called).toEqual(answer.length > 1 ? answer : answer[0]);
  }
  expect(clock.pending).toBe(0);
});

test("call rejects when no answer comes in time, or none can come", async () => {
  const { io, a, b, clock } = await people();
  const late = io.call("ask", 1, { to: a.id, timeout: 5000 });
  clock.advance(5000);
  await expect(late).rejects.toThrow(
    `call("ask"): socket "${a.id}" has not answered within 5000 ms: operation has timed out`,
  );
  const gone = io.call("ask", 1, { to: b.id });
  b.client.end("transport close");
  await expect(gone).rejects.toThrow("socket has been disconnected");
  await expect(io.call("ask", 1, { to: b.id })).rejects.toThrow(
    `socket "${b.id}" is not connected to namespace "/": it has left`,
  );
});

test("rooms are entered, left and closed", async () => {
  const { io, a, b } = await people();
  await io.enterRoom(a.id, "x");
  await io.enterRoom(b.id, "x");
  await io.enterRoom(a.id, "y");
  expect(io.rooms(a.id)).toEqual([a.id, "x", "y"]);
  await io.leaveRoom(a.id, "y");
  io.closeRoom("x");
  expect(io.rooms(a.id)).toEqual([a.id]);
  expect(io.rooms(b.id)).toEqual([b.id]);
});

describe("sessions", () => {
  test("each namespace has its own, and it goes with the socket", async () => {
    const { io, connect } = serve();
    io.of("/chat");
    const client = await connect();
    const id = String(client.last("connect").sid);
    client.join("/chat");
    await settle();
    const inChat = String(client.last("connect").sid);
    io.saveSession(id, { name: "root" });
    const result = await io.session(
      inChat,
      async (session: { count?: number }) => {
        await Promise.resolve();
        session.count = 1;
        return "result";
      },
      { namespace: "/chat" },
    );
    expect(result).toBe("result");
    expect(io.getSession(id)).toEqual({ name: "root" });
    expect(io.of("/chat").getSession(inChat)).toEqual({ count: 1 });
    client.end("transport close");
    expect(() => void io.getSession(id)).toThrow(
      `socket "${id}" is not connected to namespace "/"`,
    );
  });

  test("recovery keeps it", async () => {
    const { io, connect, open } = serve({ connectionStateRecovery: {} });
    const client = await connect();
    const { pid, offset, sid } = client.last("connect");
    io.saveSession(String(sid), { name: "kept" });
    client.end("transport close");
    const again = open();
    again.join("/", { pid, offset });
    await settle();
    expect(io.getSession(String(sid))).toEqual({ name: "kept" });
  });
});

test("disconnect ends one namespace; who has gone is nobody", async () => {
  const { io, a } = await people("/chat");
  io.disconnect(a.id, { namespace: "/chat" });
  expect(a.client.received.at(-1)).toMatchObject({ type: "leave" });
  expect(a.client.readyState).toBe("open");
  io.disconnect(a.id, { namespace: "/chat" });
});

test("what is called while a client is let in reaches its socket", async () => {
  const { io, connect } = serve();
  io.handle("connect", async (socket) => {
    await io.enterRoom(socket.id, "room");
    io.saveSession(socket.id, { name: "new" });
    io.emitTo("welcome", "you", { to: socket.id });
  });
  const client = await connect();
  await settle();
  const { sid } = client.last("connect");
  expect(client.events).toEqual([["welcome", "you"]]);
  expect(io.rooms(String(sid))).toEqual(["room", sid]);
  expect(io.getSession(String(sid))).toEqual({ name: "new" });
});

test("with a real client: transport, environ, shutdown", async () => {
  const { io, http, join } = await listen();
  const client = join("/?room=5", { transports: ["polling"] });
  await heard(client, "connect");
  expect(io.transport(client.id)).toBe("polling");
  expect(io.environ(client.id)).toMatchObject({
    query: { room: "5" },
    headers: { host: expect.stringContaining("localhost") as string },
  });
  const gone = heard(client, "disconnect");
  await io.shutdown();
  await gone;
  expect(http.listening).toBe(false);
});

test("background tasks run beside, and sleep", async () => {
  const { io, clock, failures } = serve();
  const story: string[] = [];
  const task = io.startBackgroundTask(
    async (name: string, seconds: number) => {
      story.push("begins");
      await io.sleep(seconds);
      return name;
    },
    "task",
    1,
  );
  story.push("goes on");
  await settle();
  clock.advance(1000);
  expect(await task).toBe("task");
  expect(story).toEqual(["goes on", "begins"]);
  void io.startBackgroundTask(function broken() {
    throw new Error("mine");
  });
  await settle();
  expect(failures).toMatchObject([
    { event: "broken", error: { message: "mine" } },
  ]);
});

describe("bad input", () => {
  test("a namespace that does not exist is not made", () => {
    const { io } = serve();
    io.of("/chat");
    expect(() => io.emitTo("x", 1, { namespace: "/caht" })).toThrow(
      'there is no namespace "/caht": known are "/", "/chat"; io.of("/caht") makes it',
    );
    expect(io._nsps.has("/caht")).toBe(false);
  });

  test("a callback with several recipients", async () => {
    const { io, a, b } = await people();
    const callback = () => {};
    const sentence =
      'emitTo("x"): a callback takes one answer, so there has to be one recipient';
    await io.enterRoom(a.id, "room");
    await io.enterRoom(b.id, "room");
    for (const options of [
      {},
      { room: "room" },
      { to: [a.id, b.id] },
      { to: a.id, room: "room" },
      { to: a.id, skip: b.id },
    ])
      expect(() => io.emitTo("x", 1, { ...options, callback })).toThrow(
        sentence,
      );
    expect(a.client.events).toEqual([]);
  });

  test("nobody to call", async () => {
    const { io } = serve();
    await expect(
      io.call("x", 1, {} as unknown as { to: string }),
    ).rejects.toThrow('call("x"): expected the id of one socket as `to`');
  });

  test.each([
    ["rooms", (io: Server) => io.rooms("x")],
    ["transport", (io: Server) => io.transport("x")],
    ["environ", (io: Server) => io.environ("x")],
    ["saveSession", (io: Server) => io.saveSession("x", {})],
    ["enterRoom", (io: Server) => io.enterRoom("x", "y")],
    ["leaveRoom", (io: Server) => io.leaveRoom("x", "y")],
    ["session", (io: Server) => io.session("x", () => {})],
  ])("%s of a socket that is not there", async (_, call) => {
    const io = new Server();
    await expect(Promise.resolve().then(() => call(io))).rejects.toThrow(
      'socket "x" is not connected to namespace "/": it has left, or has never been there',
    );
  });

  test("a reserved name", () => {
    expect(() => serve().io.emitTo("disconnect", 1)).toThrow(
      '"disconnect" is a reserved event name',
    );
  });
});

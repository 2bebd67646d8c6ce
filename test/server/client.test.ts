/** What one connection may do, and what happens when it does more. */
import { describe, expect, test, vi } from "vitest";
import { v06, v09 } from "../../src/dialects/index.js";
import { serve, settle } from "./fakes.js";

test("CONNECTs without end make one socket and end the connection", async () => {
  const { io, open } = serve();
  const passed: (() => void)[] = [];
  io.use((_socket, next) => passed.push(next));
  const connection = vi.fn();
  io.on("connection", connection);
  const client = open();
  client.write(...Array<string>(1000).fill("40"));
  expect(client.readyState).toBe("closed");
  expect(passed).toHaveLength(1);
  expect(io.sockets._preConnectSockets.size).toBe(0);
  for (const next of passed) next();
  await settle();
  expect(connection).not.toHaveBeenCalled();
});

test("a second CONNECT ends the connection with `forced close`", async () => {
  const { io, connect } = serve();
  const reasons: string[] = [];
  io.on("connection", (socket) =>
    socket.on("disconnect", (reason) => reasons.push(reason)),
  );
  const client = await connect();
  client.join();
  expect(reasons).toEqual(["forced close"]);
  expect(client.readyState).toBe("closed");
});

test.each(['42["early"]', "41", "430[]", '44{"message":"x"}', "40/x,\n"])(
  "%j before CONNECT ends the connection",
  async (unit) => {
    const { io, open } = serve();
    const client = open();
    client.write(unit);
    await settle();
    expect(client.readyState).toBe("closed");
    expect(io.sockets.sockets.size).toBe(0);
  },
);

test("who joins no namespace in time is disconnected", async () => {
  const { io, open, connect, clock } = serve({ connectTimeout: 100 });
  io.of("/slow").use(() => {});
  const idle = open();
  const waiting = open();
  waiting.join("/slow");
  const joined = await connect();
  clock.advance(100);
  expect(idle.readyState).toBe("closed");
  expect(waiting.readyState).toBe("closed");
  expect(joined.readyState).toBe("open");
  expect(io.of("/slow")._preConnectSockets.size).toBe(0);
});

test("a connection may be in so many namespaces, not more", async () => {
  const { io, open } = serve({ maxNamespaces: 2 });
  for (const nsp of ["/n1", "/n2", "/n3"]) io.of(nsp);
  const client = open();
  for (const nsp of ["/n1", "/n2", "/n3"]) client.join(nsp);
  await settle();
  expect(client.received.map(({ type, nsp }) => [type, nsp])).toEqual([
    ["connect", "/n1"],
    ["connect", "/n2"],
    ["refuse", "/n3"],
  ]);
  client.send({ type: "leave", nsp: "/n1" });
  client.join("/n3");
  expect(client.received.at(-1)).toMatchObject({ type: "connect" });
});

test("an unknown namespace is refused, in the words of the client's generation", async () => {
  const { open, connectOld } = serve({ allowEIO3: true });
  const client = open();
  client.join("/nowhere");
  expect(client.received).toEqual([
    { type: "refuse", nsp: "/nowhere", message: "Invalid namespace" },
  ]);
  const old = await connectOld();
  old.join("/nowhere");
  expect(old.deliveries.at(-1)?.units).toEqual([
    '44/nowhere,"Invalid namespace"',
  ]);
});

test("the refusal of a middleware tells message and data", async () => {
  const { io, connect } = serve();
  io.use((_socket, next) =>
    next(Object.assign(new Error("no"), { data: { code: 7 } })),
  );
  const client = await connect();
  expect(client.received).toEqual([
    { type: "refuse", nsp: "/", message: "no", data: { code: 7 } },
  ]);
  expect(client.readyState).toBe("open");
});

test("after a refusal the client may try again", async () => {
  const { io, connect } = serve();
  let strict = true;
  io.use((_socket, next) => next(strict ? new Error("no") : undefined));
  const client = await connect();
  strict = false;
  client.join();
  await settle();
  expect(client.received.map(({ type }) => type)).toEqual([
    "refuse",
    "connect",
  ]);
});

test("a malformed packet is an `error` of each socket, then `forced close`", async () => {
  const { io, connect } = serve();
  const log: unknown[] = [];
  for (const nsp of ["/", "/other"])
    io.of(nsp).on("connection", (socket) => {
      socket.on("error", (error) =>
        log.push([nsp, "error", error instanceof Error]),
      );
      socket.on("disconnect", (reason) => log.push([nsp, reason]));
    });
  const client = await connect();
  client.join("/other");
  client.write("4nonsense");
  expect(log).toEqual([
    ["/", "error", true],
    ["/other", "error", true],
    ["/", "forced close"],
    ["/other", "forced close"],
  ]);
});

test("a packet for nobody's ack is ignored", async () => {
  const { connect } = serve();
  const client = await connect();
  client.send({ type: "ack", nsp: "/", id: 99, args: [] });
  expect(client.readyState).toBe("open");
});

test("more attachments than allowed fail at the caller, and nobody else", async () => {
  const { io, connect } = serve({ maxAttachments: 2 });
  const client = await connect();
  const before = client.deliveries.length;
  const bytes = [1, 2, 3].map((byte) => Uint8Array.of(byte));
  const [socket] = io.sockets.sockets.values();
  const ack = vi.fn();
  expect(() => socket?.emit("files", bytes)).toThrow(/maxAttachments/);
  expect(() => socket?.emit("files", bytes, ack)).toThrow(RangeError);
  expect(() => io.emit("files", bytes)).toThrow(RangeError);
  await expect(socket?.emitWithAck("files", bytes)).rejects.toThrow(RangeError);
  expect(socket?.acks.size).toBe(0);
  expect(client.deliveries).toHaveLength(before);
  socket?.emit("files", bytes.slice(1));
  expect(client.deliveries).toHaveLength(before + 1);
  expect(client.readyState).toBe("open");
});

describe.each([v09, v06])(
  "$name: the root namespace is the connection",
  (make) => {
    test("whom the server takes out of it loses the connection", async () => {
      const { io, open } = serve({ generations: "all" });
      const reasons: string[] = [];
      for (const nsp of ["/", "/chat"])
        io.of(nsp).on("connection", (socket) =>
          socket.on("disconnect", (reason) =>
            reasons.push(`${nsp}: ${reason}`),
          ),
        );
      const client = open(make);
      await settle();
      if (client.dialect.can.namespaces) client.join("/chat");
      await settle();
      for (const socket of io.sockets.sockets.values()) socket.disconnect();
      expect(client.readyState).toBe("closed");
      expect(reasons).toEqual(
        (client.dialect.can.namespaces ? ["/", "/chat"] : ["/"]).map(
          (nsp) => `${nsp}: server namespace disconnect`,
        ),
      );
    });
  },
);

test("who leaves the root of a later generation keeps the connection", async () => {
  const { io, connectOld } = serve({ allowEIO3: true });
  const client = await connectOld();
  for (const socket of io.sockets.sockets.values()) socket.disconnect();
  expect(client.received.at(-1)).toEqual({ type: "leave", nsp: "/" });
  expect(client.readyState).toBe("open");
});

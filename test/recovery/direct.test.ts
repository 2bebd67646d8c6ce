/**
 * What a program says to a socket that it still holds while the client is away,
 * with the reference in the same run: the client gets it when it comes back, in
 * order with what was said to all, once.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server as Reference } from "socket.io";
import { io as officialClient } from "socket.io-client";
import { describe, expect, onTestFinished, test } from "vitest";
import { io as ownClient } from "../../src/client/index.js";
import { Server, type ServerOptions, type Socket } from "../../src/index.js";

const SERVERS = [
  ["omnio", Server],
  ["socket.io", Reference],
] as const;
const CLIENTS = [
  ["our client", ownClient as unknown as typeof officialClient],
  ["socket.io-client", officialClient],
] as const;

type Kind = (typeof SERVERS)[number][1];
type Listener = (...args: unknown[]) => void;

/** The official client leaves its place in the log at the end of the arguments. */
function withoutOffset(args: unknown[]): unknown[] {
  const last = args.at(-1);
  const isOffset =
    args.length > 1 &&
    typeof last === "string" &&
    /^(~[0-9a-z]+|[\w-]{7}(\.[\w-]+)?)$/.test(last);
  return isOffset ? args.slice(0, -1) : args;
}

async function connected(
  Kind: Kind,
  connect: typeof officialClient,
  options: Partial<ServerOptions> = {},
) {
  const http = createServer();
  const Constructor: new (...args: never[]) => unknown = Kind;
  const io = Reflect.construct(Constructor, [
    http,
    { connectionStateRecovery: {}, pingInterval: 60_000, ...options },
  ]) as Server;
  await once(http.listen(0), "listening");
  const { port } = http.address() as AddressInfo;
  const arrived = () =>
    new Promise<Socket>((resolve) => io.once("connection", resolve));
  const first = arrived();
  const client = connect(`http://127.0.0.1:${port}`, {
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
  });
  onTestFinished(async () => {
    client.disconnect();
    await io.close();
  });
  const heard: unknown[][] = [];
  client.onAny((...args: unknown[]) => heard.push(withoutOffset(args)));
  const until = (event: string) =>
    new Promise<void>((resolve) => {
      const listener = (name: string) => {
        if (name !== event) return;
        client.offAny(listener as Listener);
        resolve();
      };
      client.onAny(listener as Listener);
    });
  const socket = await first;
  const begun = until("begin");
  socket.emit("begin");
  await begun;
  heard.length = 0;
  return {
    io,
    client,
    heard,
    socket,
    /** The line is cut, and the server knows. */
    cut: async (of: Socket = socket) => {
      const gone = new Promise<void>((resolve) =>
        of.on("disconnect", () => resolve()),
      );
      client.io.engine.close();
      await gone;
    },
    /** The client is back, and has heard what it missed. */
    back: async () => {
      const again = arrived();
      const end = until("end");
      client.connect();
      const here = await again;
      here.emit("end");
      await end;
      return here;
    },
  };
}

const pairs = SERVERS.flatMap(([server, Kind]) =>
  CLIENTS.map(([name, connect]) => ({ server, name, Kind, connect })),
);

describe.each(pairs)("$name at $server", ({ Kind, connect }) => {
  test("emit, send, bytes and the disconnect handler, in order with broadcasts", async () => {
    const { io, socket, heard, cut, back } = await connected(Kind, connect);
    socket.on("disconnect", () => socket.emit("last words"));
    await cut();
    socket.emit("direct", 1);
    io.emit("all", 2);
    socket.send("message", 3);
    io.to(socket.id).emit("room", 4);
    socket.emit("bytes", Buffer.from([5, 6]));
    socket.compress(false).emit("plain", 7);
    socket.broadcast.emit("others", 8);
    const again = await back();
    expect(again.recovered).toBe(true);
    expect(again.id).toBe(socket.id);
    expect(
      heard.map((args) =>
        args.map((one) => (Buffer.isBuffer(one) ? `bytes ${one.join()}` : one)),
      ),
    ).toEqual([
      ["last words"],
      ["direct", 1],
      ["all", 2],
      ["message", "message", 3],
      ["room", 4],
      ["bytes", "bytes 5,6"],
      ["plain", 7],
      ["end"],
    ]);
  });

  test("what is volatile, and what asks for an answer, is not kept", async () => {
    const { socket, heard, cut, back } = await connected(Kind, connect);
    await cut();
    socket.volatile.emit("volatile");
    socket.emit("asks", () => {});
    const timedOut = socket.timeout(10).emitWithAck("asks in time");
    await expect(timedOut).rejects.toThrow();
    await back();
    expect(heard).toEqual([["end"]]);
  });

  test("who holds the socket from before speaks to the client that is back", async () => {
    const { socket, heard, cut, back } = await connected(Kind, connect);
    await cut();
    const again = await back();
    socket.emit("late", 1);
    again.emit("then", 2);
    await expect
      .poll(() => heard.map(([name]) => name))
      .toEqual(expect.arrayContaining(["end", "late", "then"]));
    expect(heard.filter(([name]) => name === "late")).toEqual([["late", 1]]);
  });

  test("twice away", async () => {
    const { socket, heard, cut, back } = await connected(Kind, connect);
    await cut();
    socket.emit("first gap");
    const again = await back();
    await cut(again);
    again.emit("second gap");
    const third = await back();
    expect(third.recovered).toBe(true);
    expect(heard).toEqual([["first gap"], ["end"], ["second gap"], ["end"]]);
  });

  test("what was on its way when the line was cut", async () => {
    const { socket, client, heard, cut, back } = await connected(Kind, connect);
    // The client ends the line in the same tick: what comes by it is not read.
    const gone = cut();
    socket.emit("in flight", 1);
    await gone;
    await back();
    expect(client.recovered).toBe(true);
    expect(heard).toEqual([["in flight", 1], ["end"]]);
  });

  test("a socket that was disconnected on purpose is told nothing more", async () => {
    const { io, socket, client, heard } = await connected(Kind, connect);
    const gone = new Promise<void>((resolve) =>
      socket.on("disconnect", () => resolve()),
    );
    client.disconnect();
    await gone;
    socket.emit("too late");
    const again = new Promise<Socket>((resolve) =>
      io.once("connection", resolve),
    );
    client.connect();
    const here = await again;
    expect(here.recovered).toBe(false);
    const end = new Promise<void>((resolve) => client.once("end", resolve));
    here.emit("end");
    await end;
    expect(heard).toEqual([["end"]]);
  });
});

describe("ours alone", () => {
  const [, connect] = CLIENTS[1];

  test("an answer that cannot come is refused at once", async () => {
    const { socket, cut } = await connected(Server, connect);
    await cut();
    await expect(socket.emitWithAck("asks")).rejects.toThrow(
      "socket has been disconnected",
    );
  });

  test("after the time for coming back it is dropped, and counted", async () => {
    const { io, socket, cut } = await connected(Server, connect, {
      connectionStateRecovery: { maxDisconnectionDuration: 1 },
    });
    await cut();
    const before = io.engine.counters.droppedPackets;
    await expect
      .poll(() => {
        socket.emit("nobody");
        return io.engine.counters.droppedPackets - before;
      })
      .toBeGreaterThan(0);
  });

  test("bounds count what was said directly and to all alike", async () => {
    const { io, socket, heard, cut, back } = await connected(Server, connect, {
      connectionStateRecovery: { maxPackets: 4 },
    });
    await cut();
    socket.emit("1");
    io.emit("2");
    socket.emit("3");
    socket.emit("4");
    const again = await back();
    expect(again.recovered).toBe(true);
    expect(heard.map(([name]) => name)).toEqual(["1", "2", "3", "4", "end"]);
    await cut(again);
    for (let i = 0; i < 5; i++) again.emit("too much", i);
    // The first of these is gone, so the session cannot be what it was.
    expect((await back()).recovered).toBe(false);
  });
});

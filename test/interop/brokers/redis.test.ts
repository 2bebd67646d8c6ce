/**
 * Two of our servers that know nothing of each other but a Redis, by the
 * official adapter for it; and a program that only emits, by the official emitter.
 */
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { createClient } from "@redis/client";
import { createAdapter } from "@socket.io/redis-adapter";
import { io as connect, type Socket as ClientSocket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Server } from "../../../src/index.js";
import { program, RedisServer } from "./redis-server.js";

const redis = new RedisServer();
const open: (() => unknown)[] = [];

/** One of the two: a server, and clients of it. */
async function oneOfTwo() {
  const pub = createClient({ socket: { path: redis.path, tls: false } });
  const sub = pub.duplicate();
  await Promise.all([pub.connect(), sub.connect()]);
  open.push(() => Promise.all([pub.close(), sub.close()]));
  const http = createServer();
  const io = new Server(http, { adapter: createAdapter(pub, sub) });
  io.handle("join", (socket, room: string) => socket.join(room));
  io.handle("tell", (_socket, room: string, data: unknown) => {
    io.to(room).emit("told", data);
  });
  await new Promise<void>((resolve) => http.listen(0, resolve));
  open.push(() => io.close());
  const { port } = http.address() as AddressInfo;
  const join = async (room?: string) => {
    const client = connect(`http://localhost:${port}`, { forceNew: true });
    open.push(() => client.disconnect());
    await new Promise<void>((resolve) => client.once("connect", resolve));
    if (room !== undefined) await client.emitWithAck("join", room);
    return client;
  };
  return { io, join };
}

function told(client: ClientSocket, event = "told"): Promise<unknown[]> {
  return new Promise((resolve) =>
    client.once(event, (...args: unknown[]) => resolve(args)),
  );
}

describe.skipIf(program === undefined)(
  program === undefined
    ? "skipped: there is no redis-server (on Debian: apt-get install redis-server)"
    : "through Redis",
  () => {
    let here: Awaited<ReturnType<typeof oneOfTwo>>;
    let there: Awaited<ReturnType<typeof oneOfTwo>>;

    beforeAll(async () => {
      await redis.start();
      [here, there] = await Promise.all([oneOfTwo(), oneOfTwo()]);
    });

    afterAll(async () => {
      for (const close of open.splice(0).reverse()) await close();
      await redis.stop();
    });

    test("two servers share a room: a client of one hears a client of the other, bytes included", async () => {
      const [speaker, listener, stranger] = await Promise.all([
        here.join("room"),
        there.join("room"),
        there.join("elsewhere"),
      ]);
      const unheard: unknown[] = [];
      stranger.on("told", (data) => unheard.push(data));
      const heard = [told(speaker), told(listener)];
      const data = { text: "hello €", bytes: Buffer.from([0, 255]) };
      speaker.emit("tell", "room", data);
      expect(await Promise.all(heard)).toEqual([[data], [data]]);

      const last = told(stranger);
      speaker.emit("tell", "elsewhere", "for you");
      expect(await last).toEqual(["for you"]);
      expect(unheard).toEqual(["for you"]);
    });

    test("one server asks the clients of both, and finds and moves the sockets of both", async () => {
      const clients = await Promise.all([
        here.join("asked"),
        there.join("asked"),
      ]);
      for (const [index, client] of clients.entries())
        client.on("ask", (answer: (value: number) => void) => answer(index));
      const answers = (await here.io
        .to("asked")
        .timeout(5000)
        .emitWithAck("ask")) as number[];
      expect(answers.sort()).toEqual([0, 1]);
      const ids = async (room: string) =>
        (await here.io.in(room).fetchSockets()).map(({ id }) => id).sort();
      expect(await ids("asked")).toEqual(clients.map(({ id }) => id).sort());
      const gone = clients.map((client) => told(client, "disconnect"));
      here.io.in("asked").disconnectSockets();
      expect(await Promise.all(gone)).toEqual([
        ["io server disconnect", undefined],
        ["io server disconnect", undefined],
      ]);
    });

    test("servers speak to each other", async () => {
      there.io.on("how many", (answer: (value: number) => void) => answer(2));
      expect(await here.io.serverSideEmitWithAck("how many")).toEqual([2]);
    });

    test("a program without a server emits into a room of both", async () => {
      const clients = await Promise.all([
        here.join("news"),
        there.join("news"),
      ]);
      const heard = clients.map((client) => told(client, "headline"));
      await promisify(execFile)(process.execPath, [
        "test/interop/brokers/emitter.mjs",
        redis.path,
        "news",
        "headline",
        JSON.stringify({ text: "so" }),
      ]);
      expect(await Promise.all(heard)).toEqual([
        [{ text: "so" }],
        [{ text: "so" }],
      ]);
    });
  },
);

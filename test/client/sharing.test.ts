/** Which connection `io()` gives to whom, and names that both packages' sockets have. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { io as reference } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { io } from "../../src/client/index.js";
import { Server } from "../../src/index.js";

const http = createServer();
const server = new Server(http);
let url: string;

beforeAll(async () => {
  for (const nsp of ["/a", "/b"])
    server.of(nsp).on("connection", (socket) => {
      socket.on("echo", (value, answer: (value: unknown) => void) =>
        answer(value),
      );
    });
  await once(http.listen(0), "listening");
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

type Lookup = typeof reference;
type Socket = ReturnType<Lookup>;
const ours = io as unknown as Lookup;

const connected = (socket: Socket) =>
  socket.connected
    ? Promise.resolve()
    : new Promise<void>((resolve) => socket.once("connect", resolve));

async function leftAndAskedForAgain(lookup: Lookup) {
  const stays = lookup(`${url}/a`);
  const left = lookup(`${url}/b`);
  await Promise.all([connected(stays), connected(left)]);
  left.on("news", () => {});
  left.disconnect();
  const again = lookup(`${url}/b`);
  await connected(again);
  return { stays, left, again };
}

describe("a namespace that was left and is asked for again", () => {
  test("is on the connection that there is", async () => {
    const { stays, left, again } = await leftAndAskedForAgain(ours);
    expect(again.io).toBe(stays.io);
    // With listeners of its own: those of who has left are not called for it.
    expect(again).not.toBe(left);
    expect(again.listeners("news")).toEqual([]);
    expect(await again.emitWithAck("echo", 1)).toBe(1);
    stays.disconnect();
    again.disconnect();
  });

  test("is on a second connection with the reference", async () => {
    const { stays, left, again } = await leftAndAskedForAgain(reference);
    expect(again.io).not.toBe(stays.io);
    expect(again).not.toBe(left);
    stays.disconnect();
    again.disconnect();
  });

  test("who left may come back beside it, on a connection of its own", async () => {
    const { stays, left, again } = await leftAndAskedForAgain(ours);
    left.connect();
    await connected(left);
    expect(left.io).not.toBe(again.io);
    expect(left.id).not.toBe(again.id);
    expect(await left.emitWithAck("echo", "left")).toBe("left");
    expect(await again.emitWithAck("echo", "again")).toBe("again");
    for (const socket of [stays, left, again]) socket.disconnect();
  });

  test("who left comes back to its place when the other has left, too", async () => {
    const { stays, left, again } = await leftAndAskedForAgain(ours);
    again.disconnect();
    left.connect();
    await connected(left);
    expect(left.io).toBe(stays.io);
    expect(await left.emitWithAck("echo", 2)).toBe(2);
    stays.disconnect();
    left.disconnect();
  });

  test.each([{ forceNew: true }, { multiplex: false }])(
    "is on a connection of its own with %j",
    async (options) => {
      const stays = ours(`${url}/a`);
      await connected(stays);
      const other = ours(`${url}/b`, options);
      await connected(other);
      expect(other.io).not.toBe(stays.io);
      stays.disconnect();
      other.disconnect();
    },
  );
});

test.each([
  ["omnio", ours],
  ["the reference", reference],
])("%s has the names of DOM's listeners", (_, lookup) => {
  const socket = lookup(url, { autoConnect: false, forceNew: true });
  for (const target of [socket, socket.io] as object[]) {
    const emitter = target as Record<
      "addEventListener" | "removeEventListener" | "emitReserved",
      (event: string, listener?: () => void) => unknown
    > & { listeners(event: string): unknown[] };
    const listener = vi.fn();
    expect(emitter.addEventListener("x", listener)).toBe(target);
    expect(emitter.listeners("x")).toEqual([listener]);
    emitter.removeEventListener("x", listener);
    expect(emitter.listeners("x")).toEqual([]);
  }
});

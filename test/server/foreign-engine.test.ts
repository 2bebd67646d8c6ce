/** Engines that are not ours: the real one of the reference. */
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { io as connect } from "socket.io-client";
import { afterEach, expect, test, vi } from "vitest";
import type { ForeignEngine } from "../../src/server/foreign-engine.js";
import { BaseServer } from "../../src/server/server.js";
import { FakeRuntime } from "./fakes.js";

const require = createRequire(import.meta.url);
/** The engine that socket.io 4.8 itself uses. */
const { Server: EngineIO } = createRequire(require.resolve("socket.io"))(
  "engine.io",
) as {
  Server: new () => ForeignEngine & {
    attach(server: Server, options: { path: string }): void;
  };
};

const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function bound() {
  const engine = new EngineIO();
  const http = createServer();
  engine.attach(http, { path: "/socket.io" });
  await new Promise<void>((resolve) => http.listen(0, resolve));
  const io = new BaseServer(new FakeRuntime());
  io.bind(engine);
  open.push(
    () => new Promise((resolve) => http.close(resolve)),
    () => io.close(),
  );
  const { port } = http.address() as AddressInfo;
  const client = connect(`http://localhost:${port}`, {
    forceNew: true,
    reconnection: false,
    autoConnect: false,
  });
  open.push(() => client.disconnect());
  return { io, client, engine };
}

test("events, bytes and answers go both ways over engine.io", async () => {
  const { io, client } = await bound();
  const upgraded = new Promise((resolve) =>
    io.on("connection", (socket) => {
      socket.conn.on("upgrade", resolve);
      socket.on("echo", (value, answer: (value: unknown) => void) =>
        answer(value),
      );
      expect(socket.handshake.address).toMatch(/127\.0\.0\.1|::1/);
    }),
  );
  client.connect();
  const bytes = Uint8Array.of(1, 2, 3);
  const echoed = (await client.emitWithAck("echo", { bytes })) as {
    bytes: Uint8Array;
  };
  expect([...echoed.bytes]).toEqual([1, 2, 3]);
  await upgraded;
  const heard = new Promise((resolve) => client.once("all", resolve));
  io.emit("all", "of you");
  await expect(heard).resolves.toBe("of you");
});

test("disconnects carry their reasons", async () => {
  const { io, client } = await bound();
  const reason = new Promise((resolve) =>
    io.on("connection", (socket) => socket.on("disconnect", resolve)),
  );
  client.connect();
  await new Promise<void>((resolve) => client.once("connect", () => resolve()));
  client.io.engine.close();
  await expect(reason).resolves.toBe("transport close");
});

test("who breaks the rules is disconnected", async () => {
  const { io, client } = await bound();
  const error = vi.fn();
  const reason = new Promise((resolve) =>
    io.on("connection", (socket) => {
      socket.on("error", error);
      socket.on("disconnect", resolve);
    }),
  );
  client.connect();
  await new Promise<void>((resolve) => client.once("connect", () => resolve()));
  client.io.engine.write("nonsense");
  await expect(reason).resolves.toBe("forced close");
  expect(error).toHaveBeenCalledOnce();
});

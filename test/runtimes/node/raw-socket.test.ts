/** The TCP socket below a WebSocket stays one that programs can listen to, and hold. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket as TcpSocket } from "node:net";
import { afterEach, expect, test } from "vitest";
import {
  io as connect,
  type Socket as Client,
} from "../../../src/client/index.js";
import { Server } from "../../../src/index.js";

const open: { io: Server; client: Client }[] = [];

afterEach(async () => {
  for (const { io, client } of open.splice(0)) {
    client.close();
    await io.close();
  }
});

async function site(seen: (raw: TcpSocket) => void) {
  const http = createServer();
  http.on("connection", seen);
  const io = new Server(http);
  const heard: string[] = [];
  io.on("connection", (socket) => {
    socket.on("say", (word: string, done: () => void) => {
      heard.push(word);
      done();
    });
  });
  await once(http.listen(0, "127.0.0.1"), "listening");
  const { port } = http.address() as AddressInfo;
  const client = connect(`http://127.0.0.1:${port}`, {
    transports: ["websocket"],
  });
  open.push({ io, client });
  await new Promise<void>((joined) => client.once("connect", () => joined()));
  return { client, heard };
}

test("who listens to it hears all that arrives", async () => {
  let bytes = 0;
  const { client, heard } = await site((raw) =>
    raw.on("data", (chunk: Buffer) => (bytes += chunk.length)),
  );
  const before = bytes;
  await client.emitWithAck("say", "a");
  expect(heard).toEqual(["a"]);
  expect(bytes).toBeGreaterThan(before);
});

test("what arrives while it is held comes when it is let go, in order", async () => {
  let raw: TcpSocket | undefined;
  const { client, heard } = await site((socket) => (raw = socket));
  await client.emitWithAck("say", "a");
  raw?.pause();
  const answers = ["b", "c"].map((word) => client.emitWithAck("say", word));
  // One more round trip of the process to itself: the bytes have arrived.
  await site(() => {});
  expect(heard).toEqual(["a"]);
  raw?.resume();
  await Promise.all([...answers, client.emitWithAck("say", "d")]);
  expect(heard).toEqual(["a", "b", "c", "d"]);
});

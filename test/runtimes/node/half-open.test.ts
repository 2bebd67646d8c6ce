/** Clients that say goodbye on their WebSocket and leave their end of the connection open. */
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { expect, test } from "vitest";
import { Server } from "../../../src/index.js";

/** An empty close frame, masked with zeros. */
const CLOSE = Buffer.from([0x88, 0x80, 0, 0, 0, 0]);

async function connected(): Promise<{ io: Server; socket: Socket }> {
  const http = createServer();
  const io = new Server(http);
  await once(http.listen(0, "127.0.0.1"), "listening");
  const { port } = http.address() as AddressInfo;
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const arrived = once(io.engine, "connection");
  socket.write(
    [
      "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
      "Host: 127.0.0.1",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      "\r\n",
    ].join("\r\n"),
  );
  await arrived;
  return { io, socket };
}

test("the server need not wait for them when it closes", async () => {
  const { io, socket } = await connected();
  socket.on("data", (chunk: Buffer) => {
    // Its close frame is the last that comes.
    if (chunk.includes(Buffer.from([0x88]))) socket.write(CLOSE);
  });
  await io.close();
  expect(socket.writable).toBe(true);
  socket.destroy();
});

test("the server need not wait for them when they have closed", async () => {
  const { io, socket } = await connected();
  const ended = once(socket, "end");
  socket.resume();
  socket.write(CLOSE);
  await ended;
  await io.close();
  expect(socket.writable).toBe(true);
  socket.destroy();
});

/** The client's end of a WebSocket, against a server of `ws`. */
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { WebSocketClientEnd } from "../../../src/carriers/websocket/client-end.js";
import { portablePorts } from "../../../src/carriers/websocket/ports.js";
import type { Unit } from "../../../src/dialects/packet.js";

const opened: { close: () => void }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

let mask = 0x01020304;
const ports = {
  ...portablePorts,
  nextMask: () => (mask = (mask * 1664525 + 1013904223) | 0),
};

const MAX_PAYLOAD = 1_000_000;

class Heard {
  readonly frames: Unit[] = [];
  readonly end: Promise<unknown>;
  onframe = () => {};
  #ended: (how: unknown) => void = () => {};

  constructor() {
    this.end = new Promise((resolve) => (this.#ended = resolve));
  }

  frame(unit: Unit) {
    this.frames.push(unit);
    this.onframe();
  }

  closed(code: number, reason: string) {
    this.#ended({ code, reason });
  }

  error({ message }: Error) {
    this.#ended(message);
  }

  async count(wanted: number) {
    while (this.frames.length < wanted)
      await new Promise<void>((resolve) => (this.onframe = resolve));
    return this.frames;
  }
}

/** A socket behind the handshake, and the server's WebSocket. */
async function connected() {
  const server = new WebSocketServer({ port: 0 });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const socket: Socket = createConnection(port, "127.0.0.1");
  opened.push({
    close: () => {
      socket.destroy();
      for (const peer of server.clients) peer.terminate();
      server.close();
    },
  });
  const arrived = once(server, "connection") as Promise<[WebSocket]>;
  socket.write(
    "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  const [[peer]] = await Promise.all([arrived, once(socket, "data")]);
  const heard = new Heard();
  const end = new WebSocketClientEnd(socket, heard, MAX_PAYLOAD, ports);
  socket
    .on("data", (chunk: Buffer) => end.receive(chunk))
    .on("error", (error) => end.lost(error))
    .on("close", () => end.lost());
  return { peer, end, heard, socket };
}

const sizes = [0, 1, 45, 125, 126, 127, 65_535, 65_536, 300_000];
const texts = ["😀", ...sizes.map((size) => "aé€".repeat(size).slice(0, size))];

test("text and bytes of every size come as they were sent, both ways", async () => {
  const { peer, end, heard } = await connected();
  peer.on("message", (data: Buffer, binary) => {
    peer.send(data, { binary });
  });
  const sent: Unit[] = texts.flatMap((text) => [text, Buffer.from(text)]);
  end.send(sent);
  const got = await heard.count(sent.length);
  const plain = (unit: Unit) => Buffer.from(unit).toString("base64");
  expect(got.map(plain)).toEqual(sent.map(plain));
  expect(got.map((unit) => typeof unit)).toEqual(
    sent.map((unit) => typeof unit),
  );
});

test("messages in fragments, with a ping between them, and cut anywhere", async () => {
  const { peer, heard } = await connected();
  const pong = once(peer, "pong");
  peer.send("ab", { fin: false });
  peer.ping("still there?");
  peer.send("€", { fin: true });
  expect(await heard.count(1)).toEqual(["ab€"]);
  expect(String((await pong)[0])).toBe("still there?");
});

test("the server closes", async () => {
  const { peer, heard } = await connected();
  const closed = once(peer, "close");
  peer.close(4001, "enough");
  expect(await heard.end).toEqual({ code: 4001, reason: "enough" });
  expect((await closed)[0]).toBe(4001);
});

test("the client closes, and nothing is delivered after it", async () => {
  const { peer, end, heard } = await connected();
  const closed = once(peer, "close");
  end.close();
  peer.send("too late");
  expect((await closed)[0]).toBe(1005);
  expect(await heard.end).toMatchObject({ code: 1005 });
  expect(heard.frames).toEqual([]);
  end.send(["nor is anything sent"]);
});

test("the connection breaks", async () => {
  const { peer, heard } = await connected();
  peer.terminate();
  expect(await heard.end).toMatchObject({ code: 1006 });
});

test.each([
  ["a masked frame", [0x81, 0x81, 1, 2, 3, 4, 5], 1002, /must not mask/],
  ["text that is none", [0x81, 1, 0xff], 1007, /UTF-8/],
  ["a reserved bit", [0xc1, 0], 1002, /reserved bit/],
  ["too much", [0x82, 127, 0, 0, 0, 0, 0, 0x20, 0, 0], 1009, /longer than/],
])("%s from the server ends it", async (_, bytes, code, message) => {
  const { peer, end, heard } = await connected();
  const closed = once(peer, "close");
  end.receive(Uint8Array.from(bytes));
  expect(await heard.end).toMatch(message);
  expect((await closed)[0]).toBe(code);
});

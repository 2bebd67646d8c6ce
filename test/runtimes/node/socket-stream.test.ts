/** How a WebSocket writes to a socket and reads from it, on real sockets. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer, Socket, type AddressInfo } from "node:net";
import { connect as connectTls, createServer as createTls } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { sharedReader } from "../../../src/runtimes/node/shared-reads.js";
import { SocketStream } from "../../../src/runtimes/node/socket-stream.js";

const left: (() => void)[] = [];

afterEach(() => {
  for (const leave of left.splice(0)) leave();
});

const file = (name: string) => readFileSync(new URL(name, import.meta.url));

/** Both ends of a connection. */
async function pair(secure = false): Promise<{ near: Socket; far: Socket }> {
  const server = secure
    ? createTls({ cert: file("cert.pem"), key: file("key.pem") })
    : createServer();
  const arrived = once(server, secure ? "secureConnection" : "connection");
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const far = secure
    ? connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false })
    : connect(port, "127.0.0.1");
  const [near] = (await arrived) as [Socket];
  left.push(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return { near, far };
}

async function read(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
  await once(socket, "end");
  return text;
}

/** Pieces of all sizes, each with its number. */
const pieces = Array.from({ length: 400 }, (_, i) =>
  `${i}:`.padEnd([10, 100, 9_000, 70_000][i % 4] ?? 0, "."),
);

describe("writing", () => {
  test.each([
    ["TCP", false],
    ["TLS", true],
  ])(
    "keeps the order of what the kernel does not take at once, by %s",
    async (_name, secure) => {
      const { near, far } = await pair(secure);
      const stream = new SocketStream(near, "head\r\n\r\n");
      for (const [i, piece] of pieces.entries()) {
        const bytes = Buffer.from(piece);
        if (i % 3 === 0) stream.writeText(piece);
        else if (i % 3 === 1) stream.write(bytes);
        else stream.write([bytes.subarray(0, 5), bytes.subarray(5)]);
      }
      expect(stream.bufferedBytes).toBeGreaterThan(1e6);
      stream.end();
      expect(await read(far)).toBe(`head\r\n\r\n${pieces.join("")}`);
      expect(stream.bufferedBytes).toBe(0);
    },
  );

  test("counts what waits below the stream, and passes on what follows", async () => {
    const { near, far } = await pair();
    const stream = new SocketStream(near);
    let sent = 0;
    while (stream.bufferedBytes === 0) {
      stream.writeText("x".repeat(8000));
      sent += 8000;
    }
    expect(near.writableLength).toBe(0);
    expect(stream.bufferedBytes).toBe(8000);
    stream.writeText("the last");
    expect(stream.bufferedBytes).toBe(8008);
    stream.end();
    const text = await read(far);
    expect(text.length).toBe(sent + 8);
    expect(text.endsWith("xthe last")).toBe(true);
    expect(stream.bufferedBytes).toBe(0);
  });

  test("is heard of by who has replaced a socket's write", async () => {
    const { near } = await pair();
    const seen: unknown[] = [];
    const write = near.write.bind(near);
    near.write = (data: string | Uint8Array) => {
      seen.push(data);
      return write(data);
    };
    new SocketStream(near).writeText("a");
    expect(seen).toEqual(["a"]);
  });

  test("to a peer that is gone ends the socket, with its error", async () => {
    const { near, far } = await pair();
    const stream = new SocketStream(near);
    while (stream.bufferedBytes === 0) stream.writeText("x".repeat(8000));
    const failed = once(near, "error");
    far.resetAndDestroy();
    await failed;
    expect(near.destroyed).toBe(true);
    stream.writeText("nobody reads this");
  });
});

describe("reading into shared memory", () => {
  test("is possible with the sockets of this Node", async () => {
    const { near, far } = await pair();
    const chunks: Buffer[] = [];
    const texts: string[] = [];
    let heard = () => {};
    const share = sharedReader((socket, chunk) => {
      expect(socket).toBe(near);
      chunks.push(chunk);
      texts.push(chunk.toString());
      heard();
    });
    expect(share(near)).toBe(true);
    near.resume();
    for (const text of ["first", "other"]) {
      const next = new Promise<void>((resolve) => (heard = resolve));
      far.write(text);
      await next;
    }
    expect(texts).toEqual(["first", "other"]);
    // The same memory both times.
    expect(chunks.map(String)).toEqual(["other", "other"]);
    const ended = once(near, "end");
    far.end();
    await ended;
  });

  test("is left to sockets that have no such switch", () => {
    const share = sharedReader(() => {});
    expect(share(new Socket())).toBe(false);
  });
});

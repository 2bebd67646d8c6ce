/** The door before Node's HTTP: what it takes, and that nobody notices the rest. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, get, type IncomingMessage } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { NodeOpening } from "../../../src/runtimes/node/opening.js";
import { Server, type ServerOptions } from "../../../src/index.js";

const HEAD = [
  "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
  "Host: 127.0.0.1",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "\r\n",
].join("\r\n");

/** "40", masked with zeros. */
const JOIN = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0x30]);

async function open(options: ServerOptions = {}, http = createServer()) {
  const io = new Server(http, options);
  await once(http.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => io.close());
  const { port } = http.address() as AddressInfo;
  return { io, http, port };
}

function tcp(port: number): Socket {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** All that comes, until there is this in it. */
async function until(socket: Socket, part: string): Promise<string> {
  let said = "";
  socket.setEncoding("latin1");
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    said += String(chunk);
    if (said.includes(part)) return said;
  }
  throw new Error(`ended before ${part}: ${said}`);
}

describe("a WebSocket", () => {
  test("is open without Node having seen a request", async () => {
    const { io, http, port } = await open();
    const upgrade = vi.spyOn(http, "emit");
    const made = vi.spyOn(NodeOpening.prototype, "request", "get");
    onTestFinished(() => made.mockRestore());
    const arrived = once(io, "connection");
    const socket = tcp(port);
    socket.write(HEAD);
    expect(await until(socket, '0{"sid"')).toMatch(/^HTTP\/1.1 101 /);
    socket.write(JOIN);
    const [connected] = (await arrived) as [{ request: IncomingMessage }];
    expect(upgrade.mock.calls.map(([event]) => event)).not.toContain("upgrade");
    expect(made).not.toHaveBeenCalled();
    expect(connected.request.headers.upgrade).toBe("websocket");
    expect(made).toHaveBeenCalled();
  });

  test("is asked for its origin without its request being made", async () => {
    const { io, port } = await open();
    const made = vi.spyOn(NodeOpening.prototype, "request", "get");
    onTestFinished(() => made.mockRestore());
    const arrived = once(io, "connection");
    const socket = tcp(port);
    const spaces = " ".repeat(2000);
    socket.write(
      HEAD.replace(
        "\r\n\r\n",
        `\r\nORIGIN: \thttps://example.com \t\r\nX-Wide:${spaces}a${spaces}b${spaces}\r\n\r\n`,
      ),
    );
    await until(socket, '0{"sid"');
    socket.write(JOIN);
    const [connected] = (await arrived) as [
      { handshake: { headers: Record<string, string>; xdomain: boolean } },
    ];
    expect(made).not.toHaveBeenCalled();
    const { handshake } = connected;
    expect(handshake.headers["origin"]).toBe("https://example.com");
    expect(handshake.headers["x-wide"]).toBe(`a${spaces}b`);
    expect(handshake.xdomain).toBe(true);
  });

  test("whose request comes in pieces is Node's", async () => {
    const { io, http, port } = await open();
    const upgrade = once(http, "upgrade");
    const arrived = once(io, "connection");
    const socket = tcp(port);
    socket.write(HEAD.slice(0, 100));
    await once(socket, "connect");
    await new Promise((resolve) => setImmediate(resolve));
    socket.write(HEAD.slice(100));
    await until(socket, '0{"sid"');
    socket.write(JOIN);
    await Promise.all([arrived, upgrade]);
  });

  test("with frames behind its request loses none", async () => {
    const { io, port } = await open();
    const arrived = once(io, "connection");
    tcp(port).write(Buffer.concat([Buffer.from(HEAD), JOIN]));
    await arrived;
  });

  test("keeps what comes while the application decides", async () => {
    type Ask = Parameters<NonNullable<ServerOptions["allowRequest"]>>;
    let hear: (asked: Ask) => void = () => {};
    const asked = new Promise<Ask>((resolve) => (hear = resolve));
    const { io, port } = await open({
      allowRequest: (...ask) => hear(ask),
    });
    const arrived = once(io, "connection");
    const socket = tcp(port);
    socket.write(HEAD);
    const [request, decide] = await asked;
    expect(request.headers.upgrade).toBe("websocket");
    await new Promise<void>((resolve) => socket.write(JOIN, () => resolve()));
    await new Promise((resolve) => setImmediate(resolve));
    decide(null, true);
    await arrived;
  });

  test("that is refused is told so in HTTP", async () => {
    const { port } = await open({
      allowRequest: (_, callback) => callback("not today", false),
    });
    const socket = tcp(port);
    socket.write(HEAD);
    const said = await until(socket, "not today");
    expect(said).toMatch(/^HTTP\/1.1 403 Forbidden\r\n/);
    expect(said).toMatch(/\r\nConnection: close\r\n/);
  });

  test("of another path goes to the application", async () => {
    const { http, port } = await open({ destroyUpgrade: false });
    const [socket, upgrade] = [tcp(port), once(http, "upgrade")];
    socket.write(HEAD.replace("/socket.io/", "/other/"));
    const [request, theirs] = (await upgrade) as [IncomingMessage, Socket];
    theirs.destroy();
    expect(request.url).toBe("/other/?EIO=4&transport=websocket");
  });

  test("is shown to others that listen for upgrades", async () => {
    const { io, http, port } = await open();
    const seen = vi.fn();
    http.on("upgrade", seen);
    const arrived = once(io, "connection");
    const socket = tcp(port);
    socket.write(HEAD);
    await until(socket, '0{"sid"');
    socket.write(JOIN);
    await arrived;
    expect(seen).toHaveBeenCalledOnce();
  });

  test("is not taken when the listener for upgrades has been taken away", async () => {
    const { io, http, port } = await open();
    http.removeAllListeners("upgrade");
    const request = once(http, "request");
    const arrived = vi.fn();
    io.engine.on("connection", arrived);
    tcp(port).write(HEAD);
    await request;
    const theirs = vi.fn((_: IncomingMessage, socket: Socket) =>
      socket.destroy(),
    );
    http.on("upgrade", theirs);
    const second = tcp(port);
    const closed = once(second, "close");
    second.resume().write(HEAD);
    await closed;
    expect(theirs).toHaveBeenCalledOnce();
    expect(arrived).not.toHaveBeenCalled();
  });

  test("is shown to middlewares of the engine", async () => {
    const { io, port } = await open();
    const seen = vi.fn();
    io.engine.use((request: IncomingMessage, _: unknown, next: () => void) => {
      seen(request.url);
      next();
    });
    const socket = tcp(port);
    socket.write(HEAD);
    await until(socket, '0{"sid"');
    expect(seen).toHaveBeenCalledExactlyOnceWith(
      "/socket.io/?EIO=4&transport=websocket",
    );
  });

  test("over TLS", async () => {
    const file = (name: string) => readFileSync(new URL(name, import.meta.url));
    const https = createSecureServer({
      key: file("key.pem"),
      cert: file("cert.pem"),
    });
    const emit = vi.spyOn(https, "emit");
    const { io, port } = await open({}, https);
    const arrived = once(io, "connection");
    const socket = connectSecurely({
      port,
      host: "127.0.0.1",
      rejectUnauthorized: false,
    });
    onTestFinished(() => void socket.destroy());
    socket.write(HEAD);
    await until(socket, '0{"sid"');
    socket.write(JOIN);
    const [{ handshake }] = (await arrived) as [
      { handshake: { secure: boolean; address: string } },
    ];
    expect(handshake).toMatchObject({ secure: true, address: "127.0.0.1" });
    expect(emit.mock.calls.map(([event]) => event)).not.toContain("upgrade");
  });
});

describe("other connections", () => {
  test("are HTTP as before, one request after another", async () => {
    const http = createServer((request, response) => {
      response.end(`you want ${String(request.url)}`);
    });
    const { port } = await open({}, http);
    const socket = tcp(port);
    const ask = (path: string) =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    ask("/one");
    await until(socket, "you want /one");
    ask("/two");
    ask("/three");
    await until(socket, "you want /three");
  });

  test("that ask for the client's files get them", async () => {
    const { port } = await open();
    const socket = tcp(port);
    socket.write("GET /socket.io/socket.io.js HTTP/1.1\r\nHost: a\r\n\r\n");
    const said = await until(socket, "\r\n\r\n");
    expect(said).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(said).toMatch(/\r\nContent-Type: application\/javascript/);
  });

  test("that bring bodies in pieces", async () => {
    const http = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += String(chunk)));
      request.on("end", () => response.end(`got ${body}`));
    });
    const { port } = await open({}, http);
    const socket = tcp(port);
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
    socket.write("01234");
    await once(socket, "connect");
    await new Promise((resolve) => setImmediate(resolve));
    socket.write("56789");
    await until(socket, "got 0123456789");
  });

  test("are seen by the application's listeners of `connection`", async () => {
    const { http, port } = await open();
    const met = once(http, "connection");
    tcp(port);
    await met;
  });

  test("end when they end without a word", async () => {
    const { port } = await open();
    const socket = tcp(port);
    await once(socket, "connect");
    socket.resume().end();
    await once(socket, "close");
  });

  test("that a program hands over go to Node", async () => {
    const http = createServer((_, response) => response.end("hello"));
    const { port } = await open({}, http);
    const front = (await import("node:net")).createServer((socket) => {
      socket.once("data", (chunk) => {
        socket.pause();
        socket.unshift(chunk);
        http.emit("connection", socket);
        socket.resume();
      });
    });
    await once(front.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void front.close());
    const { port: other } = front.address() as AddressInfo;
    expect(other).not.toBe(port);
    const [response] = (await once(
      get({ port: other, host: "127.0.0.1", agent: false }),
      "response",
    )) as [IncomingMessage];
    response.setEncoding("utf8");
    expect((await response.toArray()).join("")).toBe("hello");
  });

  test("that say nothing do not hold up the end", async () => {
    const { io, http, port } = await open();
    const met = once(http, "connection");
    const socket = tcp(port);
    await met;
    const closed = once(socket.resume(), "close");
    await io.close();
    await closed;
  });

  test("that say nothing are Node's after a while, with its limits", async () => {
    const http = createServer({
      headersTimeout: 500,
      requestTimeout: 500,
      connectionsCheckingInterval: 100,
    });
    const { port } = await open({}, http);
    const socket = tcp(port);
    expect(await until(socket, "408 Request Timeout")).toMatch(/^HTTP\/1.1/);
  });

  test("that say nothing for a while are heard afterwards", async () => {
    const http = createServer((_, response) => response.end("hello"));
    const { io, port } = await open({}, http);
    const taken = vi.spyOn(http, "listenerCount");
    const socket = tcp(port);
    const [silent] = (await once(http, "connection")) as [Socket];
    await expect
      .poll(() => silent.listenerCount("timeout"), { timeout: 5000 })
      .toBeGreaterThan(0);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await until(socket, "hello");
    const late = tcp(port);
    const [quiet] = (await once(http, "connection")) as [Socket];
    await expect
      .poll(() => quiet.listenerCount("timeout"), { timeout: 5000 })
      .toBeGreaterThan(0);
    const arrived = once(io, "connection");
    late.write(HEAD);
    await until(late, '0{"sid"');
    late.write(JOIN);
    await arrived;
    expect(taken).toHaveBeenCalled();
  });
});

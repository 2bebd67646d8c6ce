import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { describe, expect, it, vi } from "vitest";
import {
  Fetch,
  io,
  Manager,
  NodeWebSocket,
  NodeXHR,
  protocol,
  Socket,
} from "../../src/client/index.js";
import type { TransportError } from "../../src/client/transport.js";
import {
  connect,
  listen,
  manager,
  next,
  nextValue,
  pause,
  SERVERS,
  TRANSPORTS,
} from "./support.js";

describe.each(SERVERS)("connection to $name", ({ serve }) => {
  it.each(TRANSPORTS)("connects over %s %s", async (...transports) => {
    const { io: server, url } = await serve();
    const accepted = nextValue<{ id: string }>(server, "connection");
    const socket = connect(url, { transports: transports.filter(Boolean) });
    expect(socket.connected).toBe(false);
    expect(socket.id).toBeUndefined();
    await next(socket, "connect");
    expect(socket.connected).toBe(true);
    expect(socket.disconnected).toBe(false);
    expect(socket.active).toBe(true);
    expect(socket.id).toBe((await accepted).id);
    expect(socket.recovered).toBe(false);
  });

  it("starts with polling and moves to WebSocket", async () => {
    const { url } = await serve();
    const socket = connect(url);
    const engine = socket.io.engine;
    expect(engine.transport.name).toBe("polling");
    const upgrading = nextValue<{ name: string }>(engine, "upgrading");
    const upgraded = nextValue<{ name: string }>(engine, "upgrade");
    expect((await upgrading).name).toBe("websocket");
    expect((await upgraded).name).toBe("websocket");
    expect(engine.transport.name).toBe("websocket");
    expect(await socket.timeout(5000).emitWithAck("echo", 1)).toBe(1);
  });

  it("stays with polling if upgrades are off", async () => {
    const { url } = await serve();
    const socket = connect(url, { upgrade: false });
    await next(socket, "connect");
    await socket.emitWithAck("echo", 1);
    expect(socket.io.engine.transport.name).toBe("polling");
  });

  it("loses nothing while it moves", async () => {
    const { io: server, url } = await serve();
    const heard: number[] = [];
    server.on("connection", (peer) => {
      peer.on("n", (n: number) => {
        heard.push(n);
        peer.emit("n", n);
      });
    });
    const socket = connect(url);
    const got: number[] = [];
    socket.on("n", (n: number) => got.push(n));
    await next(socket, "connect");
    let moved = false;
    socket.io.engine.once("upgrade", () => (moved = true));
    const sent: number[] = [];
    for (let after = 0; after < 20; after += Number(moved)) {
      for (let i = 0; i < 5; i++) socket.emit("n", sent.push(sent.length) - 1);
      await pause(1);
    }
    await vi.waitFor(() => expect(got).toEqual(sent), { timeout: 5000 });
    expect(heard).toEqual(sent);
    expect(socket.io.engine.transport.name).toBe("websocket");
  });

  it("takes transports by implementation", async () => {
    const { url } = await serve();
    for (const implementations of [
      [Fetch],
      [NodeXHR],
      [NodeWebSocket],
      [Fetch, NodeWebSocket],
    ]) {
      const socket = connect(url, {
        transportImplementations: implementations,
      });
      await next(socket, "connect");
      expect(await socket.emitWithAck("echo", "€")).toBe("€");
      expect(implementations).toContain(socket.io.engine.transport.constructor);
    }
    const socket = connect(url, { transports: [NodeWebSocket] });
    await next(socket, "connect");
  });

  it("tries the next transport if asked to", async () => {
    const { url } = await serve({ transports: ["websocket"] });
    const [refused] = await next<[TransportError]>(
      connect(url, { reconnection: false }),
      "connect_error",
    );
    expect(refused.message).toBe("xhr poll error");
    expect(refused.description).toBe(400);
    const socket = connect(url, { tryAllTransports: true });
    await next(socket, "connect");
    expect(socket.io.engine.transport.name).toBe("websocket");
  });

  it("remembers that WebSocket worked", async () => {
    const { url } = await serve();
    // What is remembered is the program's last connection: here, none over WebSocket.
    await next(connect(url, { transports: ["polling"] }), "connect");
    const first = connect(url, { rememberUpgrade: true });
    expect(first.io.engine.transport.name).toBe("polling");
    await next(first.io.engine, "upgrade");
    const second = connect(url, { rememberUpgrade: true });
    expect(second.io.engine.transport.name).toBe("websocket");
    await next(second, "connect");
    const other = connect(url);
    expect(other.io.engine.transport.name).toBe("polling");
    await next(other, "connect");
  });

  it.each(TRANSPORTS)(
    "sends binary as text with forceBase64 over %s %s",
    async (...transports) => {
      const { url } = await serve();
      const socket = connect(url, {
        transports: transports.filter(Boolean),
        forceBase64: true,
      });
      const bytes = Buffer.from([0, 1, 254, 255]);
      expect(await socket.emitWithAck("echo", { bytes })).toEqual({ bytes });
    },
  );

  it("sends query, headers and path", async () => {
    const { io: server, url } = await serve({ path: "/custom" });
    const connected = nextValue<{
      handshake: { query: object; headers: object; url: string };
    }>(server, "connection");
    connect(url, {
      path: "/custom",
      query: { a: 1, b: "x y" },
      extraHeaders: { "x-one": "1" },
    });
    const { handshake } = await connected;
    expect(handshake.query).toMatchObject({
      a: "1",
      b: "x y",
      EIO: "4",
      transport: "polling",
    });
    expect(handshake.headers).toMatchObject({ "x-one": "1" });
    expect(handshake.url).toMatch(/^\/custom\/\?/);
    for (const query of ["a=1&b=x%20y", { a: 1, b: "x y" }]) {
      const again = nextValue<{ handshake: { query: object } }>(
        server,
        "connection",
      );
      connect(`${url}?${typeof query === "string" ? query : ""}`, {
        path: "/custom",
        transports: ["websocket"],
        ...(typeof query === "object" && { query }),
      });
      expect((await again).handshake.query).toMatchObject({
        a: "1",
        b: "x y",
        transport: "websocket",
      });
    }
  });

  it("keeps cookies with withCredentials, and only then", async () => {
    const { io: server, url } = await serve({
      cookie: { name: "lb", path: "/" },
    });
    const runs = new Map<unknown, (string | undefined)[]>();
    server.engine.on(
      "headers",
      (_headers: object, { headers }: IncomingMessage) => {
        const run = headers["x-run"];
        runs.set(run, [...(runs.get(run) ?? []), headers.cookie]);
      },
    );
    for (const [run, implementation, withCredentials] of [
      ["a", NodeXHR, true],
      ["b", Fetch, true],
      ["c", NodeXHR, false],
    ] as const) {
      const socket = connect(url, {
        transports: [implementation],
        withCredentials,
        extraHeaders: { "x-run": run },
      });
      await socket.emitWithAck("echo", 1);
      const [first, ...later] = runs.get(run) ?? [];
      expect(first).toBeUndefined();
      expect(later.length).toBeGreaterThan(0);
      for (const cookie of later)
        expect(cookie ?? "none").toMatch(withCredentials ? /^lb=/ : /^none$/);
    }
  });

  it("sends its cookies with the upgrade, next to those of the application", async () => {
    const { io: server, url } = await serve({
      cookie: { name: "lb", path: "/" },
    });
    const socket = connect(url, {
      withCredentials: true,
      extraHeaders: { cookie: "mine=1" },
    });
    const cookies = new Promise<string | undefined>((resolve) => {
      server.engine.on(
        "headers",
        (_headers: object, request: IncomingMessage) => {
          if (request.url?.includes("transport=websocket"))
            resolve(request.headers.cookie);
        },
      );
    });
    await next(socket.io.engine, "upgrade");
    expect(await cookies).toMatch(/^mine=1; lb=/);
  });

  it("tells users what they know of the engine", async () => {
    const { url } = await serve({ pingInterval: 100 });
    const socket = connect(url, { autoConnect: false });
    socket.connect();
    const engine = socket.io.engine;
    const seen: string[] = [];
    for (const event of [
      "open",
      "handshake",
      "packet",
      "packetCreate",
      "data",
      "message",
      "drain",
      "flush",
      "heartbeat",
      "ping",
      "pong",
    ] as const) {
      engine.on(event, () => seen.push(event));
    }
    const hello = nextValue<{ sid: string; upgrades: string[] }>(
      engine,
      "handshake",
    );
    const pinged = next(socket.io, "ping");
    expect(engine.readyState).toBe("opening");
    const { sid, upgrades } = await hello;
    expect(upgrades).toEqual(["websocket"]);
    await next(socket, "connect");
    expect(engine.id).toBe(sid);
    expect(engine.readyState).toBe("open");
    await pinged;
    expect(new Set(seen)).toEqual(
      new Set([
        "open",
        "handshake",
        "packet",
        "packetCreate",
        "data",
        "message",
        "drain",
        "flush",
        "heartbeat",
        "ping",
        "pong",
      ]),
    );
    socket.disconnect();
    await next(engine, "close");
    expect(engine.readyState).toBe("closed");
    expect(engine.id).toBeUndefined();
  });

  it("keeps bare messages until it is open", async () => {
    const { io: server, url } = await serve();
    const heard = new Promise((resolve) => {
      server.on("connection", (peer) => peer.on("bare", resolve));
    });
    const socket = connect(url, { upgrade: false });
    socket.io.engine.send('2["bare",1]');
    expect(await heard).toBe(1);
  });

  it("carries bare messages and packets to those who listen below", async () => {
    const { io: server, url } = await serve();
    const socket = connect(url, { transports: ["websocket"] });
    await next(socket, "connect");
    const created = nextValue(socket.io.engine, "packetCreate");
    socket.emit("hello", 1);
    expect(await created).toMatchObject({
      type: "message",
      data: '2["hello",1]',
      options: { compress: true },
    });
    const packet = nextValue(socket.io, "packet");
    server.emit("news", 1);
    expect(await packet).toEqual({ type: 2, nsp: "/", data: ["news", 1] });
  });

  it("reports failures below with what there is to know", async () => {
    const { http, url } = await serve();
    http.on("request", (request: IncomingMessage, response: ServerResponse) => {
      if (request.url?.startsWith("/elsewhere"))
        response.writeHead(404).end("not here");
    });
    const polling = connect(url, {
      path: "/elsewhere",
      transports: ["polling"],
      reconnection: false,
    });
    const [error] = await next<[TransportError]>(polling, "connect_error");
    expect(error).toMatchObject({
      message: "xhr poll error",
      type: "TransportError",
      description: 404,
    });
    expect(error.context).toMatchObject({
      status: 404,
      responseText: "not here",
    });
    expect(polling.active).toBe(true);
    const ws = connect(url, {
      path: "/elsewhere",
      transports: ["websocket"],
      reconnection: false,
    });
    const [failure] = await next<[TransportError]>(ws, "connect_error");
    expect(failure).toMatchObject({
      message: "websocket error",
      type: "TransportError",
    });
  });
});

describe("connection options", () => {
  it("exports what socket.io-client does", () => {
    expect(protocol).toBe(5);
    expect(io.Manager).toBe(Manager);
    expect(io.Socket).toBe(Socket);
    expect(typeof io.connect).toBe("function");
  });

  it("refuses what cannot be", () => {
    const off = { autoConnect: false, forceNew: true };
    expect(() => io({ ...off })).toThrow(/no host/);
    expect(() =>
      manager("http://localhost", {
        ...off,
        transports: ["carrier-pigeon"],
      }).open(),
    ).toThrow(/no transport "carrier-pigeon"/);
    expect(() =>
      manager("http://localhost", {
        ...off,
        transports: ["polling"],
        transportImplementations: [Fetch],
      }).open(),
    ).toThrow(/give either/);
    expect(() =>
      manager("http://localhost", { ...off, protocol: "3.14" }),
    ).toThrow(/4\.x, 3\.x, 2\.x/);
  });

  it("fails without transports", async () => {
    const socket = connect("http://localhost:1", {
      transports: [],
      reconnection: false,
    });
    expect((await nextValue<Error>(socket, "connect_error")).message).toBe(
      "No transports available",
    );
  });

  it("gives up on an attempt after the timeout", async () => {
    const port = await listen(createServer(() => {}));
    const socket = connect(`http://localhost:${port}`, {
      timeout: 30,
      reconnection: false,
    });
    expect((await nextValue<Error>(socket, "connect_error")).message).toBe(
      "timeout",
    );
  });

  it("gives up on a request after requestTimeout", async () => {
    const port = await listen(createServer(() => {}));
    for (const implementation of [NodeXHR, Fetch]) {
      const socket = connect(`http://localhost:${port}`, {
        transports: [implementation],
        requestTimeout: 30,
        reconnection: false,
      });
      expect((await nextValue<Error>(socket, "connect_error")).message).toMatch(
        /(xhr poll|fetch read) error/,
      );
    }
  });

  it("sends the timestamp as asked", async () => {
    const urls: string[] = [];
    const server = createServer((request, response) => {
      urls.push(request.url!);
      response.writeHead(400).end();
    });
    const url = `http://localhost:${await listen(server)}`;
    for (const options of [
      {},
      { timestampRequests: false },
      { timestampParam: "ts" },
      { addTrailingSlash: false },
    ]) {
      await next(
        connect(url, { ...options, protocol: "4.x", reconnection: false }),
        "connect_error",
      );
    }
    expect(urls[0]).toMatch(/^\/socket\.io\/\?EIO=4&transport=polling&t=\w+$/);
    expect(urls[1]).toMatch(/^\/socket\.io\/\?EIO=4&transport=polling$/);
    expect(urls[2]).toMatch(/&ts=\w+$/);
    expect(urls[3]).toMatch(/^\/socket\.io\?EIO/);
  });

  it("is told by a server that speaks nothing we know", async () => {
    const server = createServer((_request, response) =>
      response.end("Hello, I am a blog."),
    );
    const socket = connect(`http://localhost:${await listen(server)}`, {
      reconnection: false,
    });
    expect((await nextValue<Error>(socket, "connect_error")).message).toBe(
      "server error",
    );
  });
});

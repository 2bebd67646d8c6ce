import { describe, expect, it } from "vitest";
import {
  connect,
  manager,
  next,
  nextValue,
  pause,
  reference,
  SERVERS,
} from "./support.js";

/** A port that nobody listens on. */
async function nobody(): Promise<string> {
  const { http, url } = await reference();
  await new Promise((resolve) => http.close(resolve));
  return url;
}

const QUICK = { reconnectionDelay: 5, reconnectionDelayMax: 10 };

describe.each(SERVERS)("reconnection to $name", ({ serve }) => {
  it("comes back by itself, with a new id, to all namespaces", async () => {
    const { io: server, url } = await serve();
    server.of("/a");
    const io = manager(url, QUICK);
    const root = io.socket("/");
    const a = io.socket("/a");
    await Promise.all([next(root, "connect"), next(a, "connect")]);
    const { id } = root;
    const { engine } = io;
    const reconnected = nextValue(io, "reconnect");
    const attempted = nextValue(io, "reconnect_attempt");
    io.engine.close();
    expect(await attempted).toBe(1);
    expect(await reconnected).toBe(1);
    await Promise.all([next(root, "connect"), next(a, "connect")]);
    expect(root.id).not.toBe(id);
    expect(io.engine).not.toBe(engine);
  });

  it("comes back after the server did, and sends what was emitted meanwhile", async () => {
    const { io: server, port, url } = await serve();
    const socket = connect(url, QUICK);
    await next(socket, "connect");
    const gone = next(socket, "disconnect");
    await server.close();
    await gone;
    const answer = socket.emitWithAck("echo", "meanwhile");
    await next(socket.io, "reconnect_error");
    await serve({}, port);
    expect(await answer).toBe("meanwhile");
  });

  it("does not come back if it shall not", async () => {
    const { url } = await serve();
    const socket = connect(url, { ...QUICK, reconnection: false });
    await next(socket, "connect");
    let attempts = 0;
    socket.io.on("reconnect_attempt", () => attempts++);
    const gone = next(socket, "disconnect");
    socket.io.engine.close();
    await gone;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(attempts).toBe(0);
    socket.io.open();
    await next(socket, "connect");
  });

  it("stops when the application disconnects", async () => {
    const { url } = await serve();
    const socket = connect(url, {
      reconnectionDelay: 50,
      randomizationFactor: 0,
    });
    await next(socket, "connect");
    let attempts = 0;
    socket.io.on("reconnect_attempt", () => attempts++);
    const gone = next(socket, "disconnect");
    socket.io.engine.close();
    await gone;
    socket.disconnect();
    await pause(100);
    expect(attempts).toBe(0);
    expect(socket.active).toBe(false);
  });
});

describe("reconnection", () => {
  it("fails after the attempts that were asked for", async () => {
    const socket = connect(await nobody(), {
      ...QUICK,
      reconnectionAttempts: 2,
    });
    const log: unknown[] = [];
    socket.on("connect_error", (error) =>
      log.push(["connect_error", error.message]),
    );
    socket.io
      .on("error", (error) => log.push(["error", error.message]))
      .on("reconnect_attempt", (n) => log.push(["attempt", n]))
      .on("reconnect_error", (error) =>
        log.push(["reconnect_error", error.message]),
      );
    await next(socket.io, "reconnect_failed");
    const failure = ["error", "xhr poll error"];
    const told = ["connect_error", "xhr poll error"];
    expect(log).toEqual([
      told,
      failure,
      ["attempt", 1],
      told,
      failure,
      ["reconnect_error", "xhr poll error"],
      ["attempt", 2],
      told,
      failure,
      ["reconnect_error", "xhr poll error"],
    ]);
    expect(socket.active).toBe(true);
  });

  it("can be stopped from within an attempt", async () => {
    const socket = connect(await nobody(), QUICK);
    let attempts = 0;
    await new Promise<void>((resolve) => {
      socket.io.on("reconnect_attempt", () => {
        attempts++;
        socket.disconnect();
        resolve();
      });
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(attempts).toBe(1);
  });

  it("reads changed options at the next attempt", async () => {
    const { io: server, url } = await reference();
    const socket = connect(url, { ...QUICK, query: { n: 1 } });
    await next(socket, "connect");
    socket.io.opts.query = { n: 2 };
    const again = nextValue<{ handshake: { query: object } }>(
      server,
      "connection",
    );
    socket.io.engine.close();
    expect((await again).handshake.query).toMatchObject({ n: "2" });
  });

  it("gives the error to open(), and tries nothing then", async () => {
    const io = manager(await nobody(), { ...QUICK, autoConnect: false });
    let attempts = 0;
    io.on("reconnect_attempt", () => attempts++);
    const error = await new Promise<Error | undefined>((resolve) =>
      io.open(resolve),
    );
    expect(error?.message).toBe("xhr poll error");
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(attempts).toBe(0);
  });

  it("has its settings read and changed", () => {
    const io = manager("http://localhost", { autoConnect: false });
    expect([
      io.reconnection(),
      io.reconnectionAttempts(),
      io.reconnectionDelay(),
      io.reconnectionDelayMax(),
      io.randomizationFactor(),
      io.timeout(),
    ]).toEqual([true, Infinity, 1000, 5000, 0.5, 20000]);
    io.reconnection(false)
      .reconnectionAttempts(1)
      .reconnectionDelay(2)
      .reconnectionDelayMax(3)
      .randomizationFactor(0.1)
      .timeout(false);
    expect([
      io.reconnection(),
      io.reconnectionAttempts(),
      io.reconnectionDelay(),
      io.reconnectionDelayMax(),
      io.randomizationFactor(),
      io.timeout(),
    ]).toEqual([false, 1, 2, 3, 0.1, false]);
  });

  it("takes 0 for the default where the reference does", () => {
    const io = manager("http://localhost", {
      autoConnect: false,
      reconnectionAttempts: 0,
      reconnectionDelay: 0,
      reconnectionDelayMax: 0,
      randomizationFactor: 0,
    });
    expect([
      io.reconnectionAttempts(),
      io.reconnectionDelay(),
      io.reconnectionDelayMax(),
      io.randomizationFactor(),
    ]).toEqual([Infinity, 1000, 5000, 0]);
  });
});

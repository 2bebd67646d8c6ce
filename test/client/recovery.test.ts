import { describe, expect, it } from "vitest";
import { connect, next, nextValue, pause, own, SERVERS } from "./support.js";

const RECOVERY = { connectionStateRecovery: {} };
const QUICK = { reconnectionDelay: 10, transports: ["websocket"] };

describe.each(SERVERS)("connection state recovery with $name", ({ serve }) => {
  it("restores id, and delivers what was missed before connect", async () => {
    const { io: server, url } = await serve(RECOVERY);
    const socket = connect(url, QUICK);
    await next(socket, "connect");
    const { id } = socket;
    expect(socket.recovered).toBe(false);
    server.emit("news", 1);
    await next(socket, "news");
    const log: unknown[] = [];
    socket.on("news", (n: unknown) => log.push(n));
    socket.on("connect", () => log.push("connect"));
    const gone = next(socket, "disconnect");
    socket.io.engine.close();
    await gone;
    server.emit("news", 2);
    server.emit("news", 3);
    await next(socket, "connect");
    expect(socket.recovered).toBe(true);
    expect(socket.id).toBe(id);
    expect(log).toEqual([2, 3, "connect"]);
    server.emit("news", 4);
    await next(socket, "news");
    expect(log).toEqual([2, 3, "connect", 4]);
  });

  it("is not confused by volatile events that end in text", async () => {
    const { io: server, url } = await serve(RECOVERY);
    const socket = connect(url, QUICK);
    await next(socket, "connect");
    server.emit("news", 1);
    await next(socket, "news");
    server.volatile.emit("weather", "some rain");
    await next(socket, "weather");
    const gone = next(socket, "disconnect");
    socket.io.engine.close();
    await gone;
    server.emit("news", 2);
    expect(await nextValue(socket, "news")).toBe(2);
    await pause();
    expect(socket.recovered).toBe(true);
  });

  it("starts anew where the server has forgotten", async () => {
    const { io: server, port, url } = await serve(RECOVERY);
    const socket = connect(url, QUICK);
    await next(socket, "connect");
    const { id } = socket;
    server.emit("news", 1);
    await next(socket, "news");
    await server.close();
    await serve(RECOVERY, port);
    await next(socket, "connect");
    expect(socket.recovered).toBe(false);
    expect(socket.id).not.toBe(id);
  });
});

describe("connection state recovery with omnio", () => {
  it("works before the first packet", async () => {
    const { io: server, url } = await own(RECOVERY);
    const socket = connect(url, QUICK);
    await next(socket, "connect");
    const gone = next(socket, "disconnect");
    socket.io.engine.close();
    await gone;
    server.emit("news", 1);
    expect(await next(socket, "news")).toEqual([1]);
    await pause();
    expect(socket.recovered).toBe(true);
  });

  it("shows listeners what was sent, and no offset", async () => {
    const { io: server, url } = await own(RECOVERY);
    const socket = connect(url, QUICK);
    const seen: unknown[][] = [];
    socket.onAny((...args: unknown[]) => seen.push(args));
    await next(socket, "connect");
    server.emit("news", 1);
    server.emit("news", "text");
    server.volatile.emit("weather", "rainy-day");
    server.emit("nothing");
    await next(socket, "nothing");
    expect(seen).toEqual([
      ["news", 1],
      ["news", "text"],
      ["weather", "rainy-day"],
      ["nothing"],
    ]);
  });

  it("survives volatile events whose last word could be another server's offset", async () => {
    const { io: server, url } = await own(RECOVERY);
    const socket = connect(url, QUICK);
    await next(socket, "connect");
    server.volatile.emit("weather", "welcome");
    await next(socket, "weather");
    const gone = next(socket, "disconnect");
    socket.io.engine.close();
    await gone;
    server.emit("news", 1);
    expect(await next(socket, "news")).toEqual([1]);
    await pause();
    expect(socket.recovered).toBe(true);
  });
});

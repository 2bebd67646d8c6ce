import { describe, expect, it, vi } from "vitest";
import { connect, cut, next, pause, SERVERS } from "./support.js";

describe.each(SERVERS)("retries with $name", ({ serve }) => {
  it("sends one packet at a time, in order, and calls back with the answers", async () => {
    const { io: server, url } = await serve();
    const heard: number[] = [];
    server.on("connection", (peer) => {
      peer.on("n", (n: number, answer: (n: number) => void) => {
        heard.push(n);
        setTimeout(() => answer(n * 2), 5);
      });
    });
    const socket = connect(url, { retries: 2, ackTimeout: 1000 });
    const answers = await Promise.all(
      [1, 2, 3].map((n) => socket.emitWithAck("n", n) as Promise<number>),
    );
    expect(answers).toEqual([2, 4, 6]);
    expect(heard).toEqual([1, 2, 3]);
  });

  it("sends again when no answer came in time, and gives up after the last try", async () => {
    const { io: server, url } = await serve();
    const heard: unknown[] = [];
    server.on("connection", (peer) =>
      peer.onAny((name: string, n: number) => heard.push([name, n])),
    );
    const socket = connect(url, {
      retries: 2,
      ackTimeout: 20,
      transports: ["websocket"],
    });
    await next(socket, "connect");
    const error = await new Promise<Error | null>((resolve) =>
      socket.emit("ignored", 1, resolve),
    );
    expect(error?.message).toBe("operation has timed out");
    await vi.waitFor(() =>
      expect(heard).toEqual(Array(3).fill(["ignored", 1])),
    );
  });

  it("goes on after a reconnection with what was not answered", async () => {
    const { io: server, http, url } = await serve();
    const heard: number[] = [];
    let answering = false;
    server.on("connection", (peer) => {
      peer.on("n", (n: number, answer: () => void) => {
        heard.push(n);
        if (answering) answer();
      });
    });
    const socket = connect(url, {
      retries: 5,
      ackTimeout: 5000,
      reconnectionDelay: 10,
      transports: ["websocket"],
    });
    const all = Promise.all(
      [1, 2].map((n) => new Promise((resolve) => socket.emit("n", n, resolve))),
    );
    await next(socket, "connect");
    await pause();
    answering = true;
    cut(http);
    expect(await all).toEqual([null, null]);
    expect(heard).toEqual([1, 1, 2]);
  });

  it("queues while offline, and lets volatile packets pass", async () => {
    const { io: server, url } = await serve();
    const heard: unknown[] = [];
    server.on("connection", (peer) => {
      peer.on("n", (n: number, answer?: () => void) => {
        heard.push([n, typeof answer]);
        answer?.();
      });
    });
    const socket = connect(url, {
      retries: 1,
      ackTimeout: 1000,
      autoConnect: false,
      transports: ["websocket"],
    });
    const sent = new Promise((resolve) => socket.emit("n", 1, resolve));
    socket.volatile.emit("n", "never");
    expect(socket.sendBuffer).toEqual([]);
    socket.connect();
    await sent;
    await pause();
    socket.volatile.emit("n", 2);
    await socket.emitWithAck("n", 3);
    expect(heard).toEqual([
      [1, "function"],
      [2, "undefined"],
      [3, "function"],
    ]);
  });
});

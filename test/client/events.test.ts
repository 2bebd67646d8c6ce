import type { Socket as ServerSocket } from "socket.io";
import { describe, expect, it } from "vitest";
import {
  collect,
  connect,
  next,
  nextValue,
  pause,
  SERVERS,
  TRANSPORTS,
} from "./support.js";

describe.each(SERVERS)("events with $name", ({ serve }) => {
  describe.each(TRANSPORTS)("over %s %s", (...names) => {
    const transports = names.filter(Boolean);

    it("carries text, numbers, objects and nothing, both ways", async () => {
      const { io: server, url } = await serve();
      server.on("connection", (peer) =>
        peer.onAny((...args: [string, ...unknown[]]) => peer.emit(...args)),
      );
      const socket = connect(url, { transports });
      const sent = [
        ["a"],
        ["b", "x", 1.5, null, true],
        ["c", { d: ["€😀\u0000\u2028", {}] }],
        ["d e", []],
      ] as const;
      const got = collect(
        {
          on: (_event: never, listener: (...args: never[]) => void) =>
            socket.onAny(listener as never),
        },
        "",
        sent.length,
      );
      for (const [event, ...args] of sent) socket.emit(event, ...args);
      expect(await got).toEqual(sent);
    });

    it("carries binary of all kinds, both ways", async () => {
      const { url } = await serve();
      const socket = connect(url, { transports });
      const bytes = Buffer.from([1, 2, 3, 0, 255]);
      const exact = bytes.buffer.slice(
        bytes.byteOffset,
        bytes.byteOffset + bytes.length,
      );
      expect(await socket.emitWithAck("echo", bytes)).toEqual(bytes);
      expect(await socket.emitWithAck("echo", exact)).toEqual(bytes);
      expect(
        await socket.emitWithAck("echo", {
          deep: [new Uint8Array(exact), "x"],
        }),
      ).toEqual({ deep: [bytes, "x"] });
      expect(await socket.emitWithAck("echo", Buffer.alloc(0))).toEqual(
        Buffer.alloc(0),
      );
      expect(await socket.emitWithAck("echo", new Blob(["file"]))).toEqual(
        Buffer.from("file"),
      );
    });

    it("keeps the order around blobs", async () => {
      const { io: server, url } = await serve();
      const got = new Promise<unknown[][]>((resolve) => {
        server.on(
          "connection",
          (peer) => void collect(peer, "n", 4).then(resolve),
        );
      });
      const socket = connect(url, { transports });
      await next(socket, "connect");
      socket.emit("n", 1);
      socket.emit("n", new Blob(["2"]));
      socket.emit("n", 3);
      await pause(0);
      socket.emit("n", 4);
      expect(await got).toEqual([[1], [Buffer.from("2")], [3], [4]]);
    });

    it("carries a megabyte", async () => {
      const { url } = await serve({ maxHttpBufferSize: 1e7 });
      const socket = connect(url, { transports });
      const text = "é".repeat(500_000);
      expect(await socket.emitWithAck("echo", text)).toBe(text);
      const bytes = Buffer.alloc(1_000_000, 7);
      expect(
        bytes.equals((await socket.emitWithAck("echo", bytes)) as Buffer),
      ).toBe(true);
    });

    it("carries bursts larger than one payload may be", async () => {
      const { io: server, url } = await serve({ maxHttpBufferSize: 2000 });
      const got = new Promise<unknown[][]>((resolve) => {
        server.on(
          "connection",
          (peer) => void collect(peer, "n", 100).then(resolve),
        );
      });
      const socket = connect(url, { transports });
      await next(socket, "connect");
      for (let n = 0; n < 100; n++) socket.emit("n", n, "x".repeat(100));
      expect((await got).map(([n]) => n)).toEqual(
        Array.from({ length: 100 }, (_, n) => n),
      );
    });
  });

  it("gives binary as ArrayBuffer if asked to", async () => {
    const { url } = await serve();
    const socket = connect(url, { transports: ["websocket"] });
    await next(socket, "connect");
    socket.io.engine.binaryType = "arraybuffer";
    const answer: unknown = await socket.emitWithAck(
      "echo",
      Buffer.from([1, 2]),
    );
    expect(answer).toBeInstanceOf(ArrayBuffer);
    expect(new Uint8Array(answer as ArrayBuffer)).toEqual(
      new Uint8Array([1, 2]),
    );
  });

  it("acknowledges in both directions, once", async () => {
    const { io: server, url } = await serve();
    const answered = new Promise<unknown[]>((resolve) => {
      server.on("connection", (peer) =>
        peer.emit("ask", 1, (...args: unknown[]) => resolve(args)),
      );
    });
    const socket = connect(url);
    socket.on("ask", (n: number, answer: (...args: unknown[]) => void) => {
      answer(n, Buffer.from("two"), { three: 3 });
      answer("again");
    });
    expect(await answered).toEqual([1, Buffer.from("two"), { three: 3 }]);
    const args = await new Promise<unknown[]>((resolve) => {
      socket.emit("echo", "a", "b", (...got: unknown[]) => resolve(got));
    });
    expect(args).toEqual(["a", "b"]);
  });

  it("gives errors for acknowledgements that do not come", async () => {
    const { url } = await serve();
    const socket = connect(url, { ackTimeout: 30 });
    await next(socket, "connect");
    const fromOption = await new Promise<Error | null>((resolve) =>
      socket.emit("ignored", resolve),
    );
    expect(fromOption?.message).toBe("operation has timed out");
    const fromFlag = await new Promise<Error>((resolve) =>
      socket.timeout(10).emit("ignored", resolve),
    );
    expect(fromFlag.message).toBe("operation has timed out");
    await expect(socket.timeout(10).emitWithAck("ignored")).rejects.toThrow(
      "operation has timed out",
    );
    const [error, value] = await new Promise<unknown[]>((resolve) => {
      socket
        .timeout(5000)
        .emit("echo", 7, (...args: unknown[]) => resolve(args));
    });
    expect([error, value]).toEqual([null, 7]);
  });

  it("settles acknowledgements on disconnection", async () => {
    const { url } = await serve();
    const socket = connect(url);
    await next(socket, "connect");
    const withAck = socket.emitWithAck("ignored");
    const withTimeout = socket.timeout(60_000).emitWithAck("ignored");
    let plain = false;
    socket.emit("ignored", () => {
      plain = true;
    });
    socket.disconnect();
    await expect(withAck).rejects.toThrow("socket has been disconnected");
    await expect(withTimeout).rejects.toThrow("socket has been disconnected");
    expect(plain).toBe(false);
  });

  it("takes a timed out packet off the buffer", async () => {
    const { io: server, url } = await serve();
    const heard: unknown[] = [];
    server.on("connection", (peer) =>
      peer.onAny((...args: unknown[]) => heard.push(args)),
    );
    const socket = connect(url, { autoConnect: false });
    await expect(socket.timeout(10).emitWithAck("late")).rejects.toThrow(
      "operation has timed out",
    );
    expect(socket.sendBuffer).toEqual([]);
    socket.emit("kept");
    expect(socket.sendBuffer).toMatchObject([
      { type: 2, nsp: "/", data: ["kept"] },
    ]);
    socket.connect();
    await socket.emitWithAck("echo");
    expect(heard.map((args) => (args as unknown[])[0])).toEqual([
      "kept",
      "echo",
    ]);
  });

  it("buffers what is emitted while offline, in order, and sends it before connect", async () => {
    const { io: server, url } = await serve();
    const got = new Promise<unknown[][]>((resolve) => {
      server.on(
        "connection",
        (peer) => void collect(peer, "n", 4).then(resolve),
      );
    });
    const socket = connect(url, { autoConnect: false });
    socket.emit("n", 1);
    socket.emit("n", 2);
    socket.volatile.emit("n", "never");
    socket.on("connect", () => {
      expect(socket.sendBuffer).toEqual([]);
      socket.emit("n", 4);
    });
    socket.connect();
    socket.emit("n", 3);
    expect(await got).toEqual([[1], [2], [3], [4]]);
  });

  it("keeps no more packets than maxOfflinePackets, and says so to their acknowledgements", async () => {
    const { io: server, url } = await serve();
    const got = new Promise<unknown[][]>((resolve) => {
      server.on(
        "connection",
        (peer) => void collect(peer, "n", 2).then(resolve),
      );
    });
    const socket = connect(url, { autoConnect: false, maxOfflinePackets: 2 });
    const lost = socket.emitWithAck("n", 1);
    socket.emit("n", 2);
    socket.emit("n", 3);
    await expect(lost).rejects.toThrow(/too many packets/);
    socket.connect();
    expect(await got).toEqual([[2], [3]]);
  });

  it("drops volatile packets when the transport is busy, and sends them when it is not", async () => {
    const { io: server, url } = await serve();
    const heard: unknown[] = [];
    server.on("connection", (peer) => peer.on("n", (n) => heard.push(n)));
    const socket = connect(url, { transports: ["websocket"] });
    await next(socket, "connect");
    await pause();
    socket.volatile.emit("n", 1);
    socket.volatile.emit("n", 2);
    await socket.emitWithAck("echo");
    expect(heard).toEqual([1]);
  });

  // socket.io-client 4.8.4 keeps them whenever the transport that has ended was a WebSocket.
  it.each(["websocket", "polling"])(
    "keeps no volatile packet while away, %s behind it",
    async (transport) => {
      const { io: server, url } = await serve();
      const heard: unknown[] = [];
      server.on("connection", (peer) => {
        peer.on("n", (n) => heard.push(n));
        peer.on("end", () => peer.disconnect(true));
      });
      const socket = connect(url, { transports: [transport] });
      await next(socket, "connect");
      socket.emit("end");
      await next(socket, "disconnect");
      await pause();
      socket.volatile.emit("n", "never");
      socket.emit("n", "kept");
      expect(socket.sendBuffer).toHaveLength(1);
      socket.connect();
      await socket.emitWithAck("echo");
      expect(heard).toEqual(["kept"]);
    },
  );

  it("shows all events to catch-all listeners, incoming and outgoing", async () => {
    const { io: server, url } = await serve();
    server.on("connection", (peer: ServerSocket) => peer.emit("welcome", 1));
    const socket = connect(url, { autoConnect: false });
    const log: unknown[] = [];
    const second = (...args: unknown[]) => log.push(["any", ...args]);
    socket
      .onAny(second)
      .prependAny((...args: unknown[]) => log.push(["first", ...args]));
    socket.on("welcome", () => log.push("listener"));
    const out = (...args: unknown[]) => log.push(["out", ...args]);
    socket
      .onAnyOutgoing(out)
      .prependAnyOutgoing((...args: unknown[]) =>
        log.push(["out first", ...args]),
      );
    expect(socket.listenersAny()).toHaveLength(2);
    expect(socket.listenersAnyOutgoing()).toHaveLength(2);
    socket.emit("buffered", 2);
    expect(log).toEqual([]);
    socket.connect();
    await next(socket, "welcome");
    expect(log).toEqual([
      ["out first", "buffered", 2],
      ["out", "buffered", 2],
      ["first", "welcome", 1],
      ["any", "welcome", 1],
      "listener",
    ]);
    socket.offAny(second).offAnyOutgoing();
    expect(socket.listenersAny()).toHaveLength(1);
    expect(socket.listenersAnyOutgoing()).toHaveLength(0);
    socket.offAny();
    expect(socket.listenersAny()).toHaveLength(0);
  });

  it("has send() for messages", async () => {
    const { io: server, url } = await serve();
    server.on("connection", (peer) =>
      peer.on("message", (...args: unknown[]) => peer.send(...args)),
    );
    const socket = connect(url);
    const back = next(socket, "message");
    expect(socket.send("a", 1)).toBe(socket);
    expect(await back).toEqual(["a", 1]);
  });

  it("refuses reserved names, at once", async () => {
    const { url } = await serve();
    const socket = connect(url);
    for (const name of [
      "connect",
      "connect_error",
      "disconnect",
      "disconnecting",
      "newListener",
      "removeListener",
    ]) {
      expect(() => socket.emit(name)).toThrow(
        `"${name}" is a reserved event name`,
      );
    }
  });

  it("refuses more attachments than the server takes, and stays connected", async () => {
    const { url } = await serve();
    const socket = connect(url);
    await next(socket, "connect");
    const many = Array.from({ length: 11 }, () => Buffer.from("x"));
    expect(() => socket.emit("echo", many)).toThrow(RangeError);
    expect(await socket.emitWithAck("echo", 1)).toBe(1);
    expect(await socket.emitWithAck("echo", many.slice(1))).toHaveLength(10);
  });

  it("takes a value back from its flags after each emit", async () => {
    const { url } = await serve();
    const socket = connect(url);
    await next(socket, "connect");
    const created: { options?: { compress?: boolean } }[] = [];
    socket.io.engine.on("packetCreate", (packet) => created.push(packet));
    socket.compress(false).emit("a");
    socket.emit("b");
    expect(created.map(({ options }) => options?.compress)).toEqual([
      false,
      true,
    ]);
  });

  it.each(["polling", "websocket"])(
    "delivers the rest of a payload when a listener throws, over %s",
    async (transport) => {
      const { io: server, url } = await serve();
      const socket = connect(url, { transports: [transport] });
      await next(socket, "connect");
      const thrown = uncaught();
      socket.on("bad", () => {
        throw new Error("mine");
      });
      const good = nextValue(socket, "good");
      server.emit("bad");
      server.emit("good", 1);
      expect((await thrown).message).toBe("mine");
      expect(await good).toBe(1);
      expect(socket.connected).toBe(true);
    },
  );

  it("reads on when a listener of the engine throws", async () => {
    const { io: server, url } = await serve();
    const socket = connect(url, { transports: ["websocket"] });
    await next(socket, "connect");
    const thrown = uncaught();
    socket.io.engine.once("data", () => {
      throw new Error("mine");
    });
    const good = nextValue(socket, "good");
    server.emit("bad");
    server.emit("good", 1);
    expect((await thrown).message).toBe("mine");
    expect(await good).toBe(1);
  });
});

/** The next error that nobody catches. */
function uncaught(): Promise<Error> {
  return new Promise((resolve) => {
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.once("uncaughtException", (error) => {
      for (const other of others) process.on("uncaughtException", other);
      resolve(error);
    });
  });
}

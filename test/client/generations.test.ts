import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { describe, expect, it } from "vitest";
import {
  collect,
  connect,
  cut,
  listen,
  manager,
  next,
  nextValue,
  old,
  pause,
  reference,
  TRANSPORTS,
  type OldServer,
  type OldSocket,
} from "./support.js";

const QUICK = { reconnectionDelay: 5 };

function echo(io: OldServer): void {
  io.on("connection", (peer) => {
    peer.on("echo", (...args: never[]) => {
      const answer = args.at(-1) as unknown as (...args: unknown[]) => void;
      answer(...args.slice(0, -1));
    });
  });
}

function accepted(io: OldServer): Promise<OldSocket> {
  return new Promise((resolve) => io.once("connection", resolve));
}

describe.each([
  ["socket.io 3.1.2", "sio3"],
  ["socket.io 2.5.1", "sio2"],
  ["socket.io 1.7.4", "sio1"],
] as const)("%s", (_name, server) => {
  describe.each(TRANSPORTS)("over %s %s", (...names) => {
    const transports = names.filter(Boolean);

    it("is recognised, and carries events, acks and binary both ways", async () => {
      const { io, url } = await old(server);
      echo(io);
      const asked = new Promise<unknown[]>((resolve) => {
        io.on("connection", (peer) =>
          peer.emit("ask", 1, (...args: unknown[]) => resolve(args)),
        );
      });
      const socket = connect(url, { transports });
      socket.on("ask", (n: number, answer: (...args: unknown[]) => void) =>
        answer(n, Buffer.from("x"), "€"),
      );
      await next(socket, "connect");
      expect(socket.id).toEqual(expect.any(String));
      expect(await asked).toEqual([1, Buffer.from("x"), "€"]);
      expect(await socket.emitWithAck("echo", "aé€😀")).toBe("aé€😀");
      const deep = { text: "€", list: [Buffer.from([0, 128, 255]), null, 1.5] };
      expect(await socket.emitWithAck("echo", deep)).toEqual(deep);
    });

    it("connects a socket once, also to namespaces", async () => {
      const { io, url } = await old(server);
      const counts = { "/": 0, "/a": 0 };
      io.on("connection", () => void counts["/"]++);
      io.of("/a").on("connection", () => void counts["/a"]++);
      echo(io);
      echo(io.of("/a"));
      const shared = manager(url, { transports });
      const a = shared.socket("/a");
      const root = shared.socket("/");
      await Promise.all([next(a, "connect"), next(root, "connect")]);
      expect(await a.emitWithAck("echo", "a")).toBe("a");
      expect(await root.emitWithAck("echo", "root")).toBe("root");
      expect(counts["/a"]).toBe(1);
      expect(counts["/"]).toBe(1);
      expect(a.id).not.toBe(root.id);
    });

    it("ends from either side with the reasons that users know", async () => {
      const { io, url } = await old(server);
      const connection = accepted(io);
      const socket = connect(url, { transports, ...QUICK });
      await next(socket, "connect");
      const peer = await connection;
      const gone = nextValue(socket, "disconnect");
      peer.disconnect();
      expect(await gone).toBe("io server disconnect");
      const again = accepted(io);
      socket.connect();
      await next(socket, "connect");
      const there = nextValue(await again, "disconnect");
      socket.disconnect();
      expect(await there).toMatch(
        /client namespace disconnect|transport close/,
      );
    });

    it("comes back after a cut", async () => {
      const { io, http, url } = await old(server);
      echo(io);
      const socket = connect(url, { transports, ...QUICK });
      await next(socket, "connect");
      // So that a poll is waiting.
      await pause();
      const gone = next(socket, "disconnect");
      cut(http);
      await gone;
      expect(await socket.emitWithAck("echo", "back")).toBe("back");
    });
  });

  it("refuses with its words", async () => {
    const { io, url } = await old(server);
    io.of("/a").use((_socket, go) => go(new Error("not you")));
    const shared = manager(url);
    const a = shared.socket("/a");
    const error = await nextValue<Error>(a, "connect_error");
    expect(error.message).toBe("not you");
    expect(a.active).toBe(false);
  });

  it("moves to WebSocket and loses nothing", async () => {
    const { io, url } = await old(server);
    const heard = new Promise<unknown[][]>((resolve) => {
      io.on("connection", (peer) => void collect(peer, "n", 50).then(resolve));
    });
    const socket = connect(url);
    await next(socket, "connect");
    const upgraded = next(socket.io.engine, "upgrade");
    for (let n = 0; n < 50; n++) socket.emit("n", n);
    await upgraded;
    expect((await heard).map(([n]) => n)).toEqual(
      Array.from({ length: 50 }, (_, n) => n),
    );
    expect(socket.io.engine.transport.name).toBe("websocket");
  });

  it("is kept alive by its own kind of heartbeat", async () => {
    const { io, url } = await old(server, {
      pingInterval: 40,
      pingTimeout: 2000,
    });
    echo(io);
    const socket = connect(url, { transports: ["websocket"] });
    await next(socket, "connect");
    const { id } = socket;
    let beats = 0;
    await new Promise<void>((resolve) => {
      for (const event of ["ping", "pong"] as const) {
        socket.io.engine.on(event, () => {
          if (++beats === 6) resolve();
        });
      }
    });
    expect(await socket.emitWithAck("echo", 1)).toBe(1);
    expect(socket.id).toBe(id);
  });

  it("can be named", async () => {
    const { io, url } = await old(server);
    echo(io);
    const protocol = server === "sio3" ? "4.x" : "2.x";
    for (const transports of [["polling"], ["websocket"]]) {
      const socket = connect(url, { protocol, transports });
      expect(await socket.emitWithAck("echo", 1)).toBe(1);
    }
  });
});

describe("a manager", () => {
  it("finds out again when the server behind the address is another one", async () => {
    const first = await old("sio2");
    echo(first.io);
    const socket = connect(first.url, QUICK);
    expect(await socket.emitWithAck("echo", 1)).toBe(1);
    const gone = next(socket, "disconnect");
    first.io.close();
    cut(first.http);
    await gone;
    await reference({}, first.port);
    expect(await socket.emitWithAck("echo", 2)).toBe(2);
    expect(socket.io.engine.dialect!.link.root).toBe("asked");
  });

  it("does the same over WebSocket alone", async () => {
    const first = await old("sio2");
    echo(first.io);
    const socket = connect(first.url, { ...QUICK, transports: ["websocket"] });
    expect(await socket.emitWithAck("echo", 1)).toBe(1);
    const gone = next(socket, "disconnect");
    first.io.close();
    cut(first.http);
    await gone;
    await reference({}, first.port);
    expect(await socket.emitWithAck("echo", 2)).toBe(2);
  });

  it("listens for the root namespace of a server that might announce it, before it asks", async () => {
    const http = createServer();
    const server = new WebSocketServer({ server: http });
    const heard: string[] = [];
    server.on("connection", (ws) => {
      ws.send(
        '0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":5000}',
      );
      setTimeout(() => ws.send("40"), 30);
      ws.on("message", (data: Buffer) => heard.push(data.toString()));
    });
    const socket = connect(`http://localhost:${await listen(http)}`, {
      transports: ["websocket"],
    });
    await next(socket, "connect");
    expect(socket.id).toBe("x");
    expect(heard).toEqual([]);
  });

  it("comes back to a server that took longer than it listened, and speaks its language", async () => {
    const http = createServer();
    const server = new WebSocketServer({ server: http });
    const heard: unknown[] = [];
    server.on("connection", (ws, request) => {
      heard.push(/EIO=\d/.exec(request.url ?? "")?.[0]);
      ws.send(
        '0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":5000}',
      );
      setTimeout(() => ws.send("40"), 300);
      ws.on("message", (data: Buffer) => heard.push(data.toString()));
    });
    const url = `http://localhost:${await listen(http)}`;
    const socket = connect(url, { ...QUICK, transports: ["websocket"] });
    let errors = 0;
    socket.on("connect_error", () => errors++);
    await next(socket, "connect");
    expect(socket.id).toBe("x");
    expect(heard).toEqual(["EIO=4", "40", "EIO=3"]);
    expect(errors).toBe(0);
  });
});

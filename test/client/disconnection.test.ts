import { createServer } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { WebSocketServer } from "ws";
import {
  connect,
  cut,
  next,
  listen,
  nextValue,
  reference,
  pause,
  SERVERS,
  TRANSPORTS,
  upgraded,
} from "./support.js";

describe.each(SERVERS)("the end of a connection to $name", ({ serve }) => {
  describe.each(TRANSPORTS)("over %s %s", (...names) => {
    const transports = names.filter(Boolean);

    async function connected() {
      const served = await serve();
      const accepted = nextValue<
        { disconnect(close?: boolean): void; id: string } & Parameters<
          typeof next
        >[0]
      >(served.io, "connection");
      const socket = connect(served.url, { transports, reconnectionDelay: 10 });
      await next(socket, "connect");
      if (transports[1]) await upgraded(socket);
      // So that a poll is waiting.
      await pause();
      return { ...served, socket, peer: await accepted };
    }

    it("by the client", async () => {
      const { socket, peer } = await connected();
      const there = nextValue(peer, "disconnect");
      const here = nextValue(socket, "disconnect");
      socket.disconnect();
      expect(socket.connected).toBe(false);
      expect(socket.id).toBeUndefined();
      expect(socket.active).toBe(false);
      expect(await here).toBe("io client disconnect");
      expect(await there).toBe("client namespace disconnect");
    });

    it("by the server, for one namespace", async () => {
      const { socket, peer } = await connected();
      const here = nextValue(socket, "disconnect");
      peer.disconnect();
      expect(await here).toBe("io server disconnect");
      expect(socket.active).toBe(false);
      await pause(40);
      expect(socket.connected).toBe(false);
      socket.connect();
      await next(socket, "connect");
    });

    it("by the server, for all", async () => {
      const { socket, peer } = await connected();
      const here = nextValue(socket, "disconnect");
      peer.disconnect(true);
      expect(await here).toBe("io server disconnect");
      expect(socket.active).toBe(false);
    });

    it("by the server's own end", async () => {
      const { io, socket } = await connected();
      const here = next<[string, { description: string }]>(
        socket,
        "disconnect",
      );
      void io.close();
      const [reason, details] = await here;
      expect(reason).toBe("transport close");
      expect(details.description).toBe(
        transports.length === 1 && transports[0] === "polling"
          ? "transport closed by the server"
          : "websocket connection closed",
      );
      expect(socket.active).toBe(true);
    });

    it("by engine.close()", async () => {
      const { socket, peer } = await connected();
      const there = nextValue(peer, "disconnect");
      const here = nextValue(socket, "disconnect");
      socket.io.engine.close();
      expect(await here).toBe("forced close");
      expect(await there).toBe("transport close");
      await next(socket, "connect");
    });

    it("by a cut line", async () => {
      const { http, socket } = await connected();
      const here = nextValue(socket, "disconnect");
      cut(http);
      expect(await here).toBe(
        transports[0] === "polling" && !transports[1]
          ? "transport error"
          : "transport close",
      );
      await next(socket, "connect");
    });
  });

  it("by a malformed packet", async () => {
    const { io: server, url } = await serve();
    const socket = connect(url, { transports: ["websocket"] });
    await next(socket, "connect");
    const here = next<[string, Error]>(socket, "disconnect");
    for (const client of Object.values(
      server.engine["clients"] as Record<string, { send(data: string): void }>,
    )) {
      client.send('2["unfinished');
    }
    const [reason, error] = await here;
    expect(reason).toBe("parse error");
    expect(error).toBeInstanceOf(Error);
    expect(socket.active).toBe(true);
  });

  it("tells acknowledgements before it is forgotten, and keeps the rest for the next connection", async () => {
    const { io: server, url } = await serve();
    const socket = connect(url, { reconnectionDelay: 10 });
    await next(socket, "connect");
    const waiting = socket.emitWithAck("ignored");
    server.disconnectSockets(true);
    await expect(waiting).rejects.toThrow("socket has been disconnected");
    const later = socket.emitWithAck("echo", "later");
    socket.connect();
    expect(await later).toBe("later");
  });
});

describe("the end of a connection", () => {
  it("to a server that falls silent", async () => {
    const http = createServer();
    const server = new WebSocketServer({ server: http });
    server.on("connection", (ws) => {
      ws.send(
        '0{"sid":"x","upgrades":[],"pingInterval":20,"pingTimeout":20,"maxPayload":1000}',
      );
      ws.once("message", () => ws.send('40{"sid":"y"}'));
    });
    const socket = connect(`http://localhost:${await listen(http)}`, {
      transports: ["websocket"],
    });
    await next(socket, "connect");
    expect(await nextValue(socket, "disconnect")).toBe("ping timeout");
  });

  it("that was asleep longer than the server waits", async () => {
    const { url } = await reference();
    const socket = connect(url, { transports: ["websocket"] });
    await next(socket, "connect");
    const gone = nextValue(socket, "disconnect");
    const now = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
    socket.emit("too late");
    now.mockRestore();
    expect(socket.sendBuffer).toMatchObject([{ data: ["too late"] }]);
    expect(await gone).toBe("ping timeout");
  });
});

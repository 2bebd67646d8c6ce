/** Rooms, heartbeats, leaving, losing the connection and coming back. */
import { expect } from "vitest";
import { within } from "../told.js";
import { arrival, heard, type ServerFeature } from "./rig.js";

export const lifecycle: readonly ServerFeature[] = [
  {
    name: "broadcast and rooms",
    async run(rig) {
      const server = await rig.start();
      const a = await rig.ends(server);
      const b = await rig.ends(server);
      const c = await rig.ends(server);
      await b.socket.join("room");
      await c.socket.join("room");
      a.socket.broadcast.emit("news", "but a");
      server.io.to("room").except(c.socket.id).emit("news", "b alone");
      server.io.to(a.socket.id).emit("news", "a alone");
      server.io.emit("end");
      for (const { client } of [a, b, c]) await client.told.next("end");
      const news = async ({ client }: typeof a, count: number) =>
        (await client.told.several("news", count))
          .map(({ args }) => args[0])
          .sort();
      expect(await news(a, 1)).toEqual(["a alone"]);
      expect(await news(b, 2)).toEqual(["b alone", "but a"]);
      expect(await news(c, 1)).toEqual(["but a"]);
      for (const { client } of [a, b, c])
        expect(client.told.unasked("news")).toBe(0);
    },
  },
  {
    name: "broadcast with acks",
    async run(rig) {
      const server = await rig.start();
      const a = await rig.ends(server);
      const b = await rig.ends(server);
      await a.client.reply("question", "a");
      await b.client.reply("question", "b");
      const answers = (await server.io
        .timeout(8_000)
        .emitWithAck("question")) as unknown[];
      expect(answers.sort()).toEqual(["a", "b"]);
    },
  },
  {
    name: "heartbeat",
    async run(rig) {
      const server = await rig.start({ pingInterval: 80, pingTimeout: 2_000 });
      const { client, socket } = await rig.ends(server);
      let beats = 0;
      await within(
        new Promise<void>((resolve) =>
          socket.conn.on("heartbeat", () => {
            if (++beats === 4) resolve();
          }),
        ),
        "4 answers to pings",
      );
      expect(await client.state()).toMatchObject({ connected: true });
    },
  },
  {
    name: "ping timeout",
    async run(rig) {
      const server = await rig.start({ pingInterval: 80, pingTimeout: 200 });
      const { client, socket } = await rig.ends(server);
      await client.told.next("connect");
      const gone = heard(socket, "disconnect");
      const thaw = rig.freeze();
      try {
        expect((await gone)[0]).toBe("ping timeout");
      } finally {
        thaw();
      }
      // It finds its connection closed, and comes back. Over polling its answer
      // to an old ping is refused, after which python-engineio tells nobody.
      if (rig.transport === "polling") return;
      await client.told.next("disconnect");
      await client.told.next("connect");
    },
  },
  {
    name: "the client disconnects",
    async run(rig) {
      const { client, socket } = await rig.ends(await rig.start());
      const gone = heard(socket, "disconnect");
      await client.ask("disconnect");
      // Its WebSocket may be closed before the word is out.
      expect([
        "client namespace disconnect",
        "transport close",
        "transport error",
      ]).toContain((await gone)[0]);
      await client.told.next("disconnect");
      expect(await client.state()).toMatchObject({ connected: false });
    },
  },
  {
    name: "the server disconnects",
    async run(rig) {
      for (const close of [false, true]) {
        const { client, socket } = await rig.ends(await rig.start());
        await client.told.next("connect");
        const gone = heard(socket, "disconnect");
        socket.disconnect(close);
        expect((await gone)[0]).toBe("server namespace disconnect");
        await client.told.next("disconnect");
      }
    },
  },
  {
    name: "out of one of two namespaces",
    async run(rig) {
      const server = await rig.start();
      const chat = arrival(server, server.io.of("/chat").name);
      const { client, socket } = await rig.ends(server, {
        handled: ["/", "/chat"],
      });
      (await chat).disconnect();
      expect(await client.told.next("disconnect")).toMatchObject({
        nsp: "/chat",
      });
      socket.emit("still", "here");
      expect(await client.told.args("still")).toEqual(["here"]);
    },
  },
  {
    name: "reconnects to a new server",
    async run(rig) {
      const first = await rig.start();
      const { client, socket } = await rig.ends(first, {
        functions: ["url", "headers", "auth"],
      });
      await client.told.next("connect");
      expect(socket.handshake).toMatchObject({
        auth: { times: 1 },
        query: { times: "1" },
        headers: { "x-times": "1" },
      });
      await first.cut();
      await client.told.next("disconnect");
      const second = await rig.start({}, first.port);
      const again = await arrival(second);
      await client.told.next("connect");
      const { auth, query, headers } = again.handshake;
      const times = Number((auth as { times: unknown }).times);
      expect(times).toBeGreaterThan(1);
      expect(query["times"]).toBe(headers["x-times"]);
      again.emit("welcome", "back");
      expect(await client.told.args("welcome")).toEqual(["back"]);
    },
  },
  {
    name: "the server closes",
    async run(rig) {
      const server = await rig.start();
      const { client, socket } = await rig.ends(server, {
        options: { reconnection: false },
      });
      const gone = heard(socket, "disconnect");
      await server.stop();
      expect((await gone)[0]).toBe("server shutting down");
      await client.told.next("disconnect");
    },
  },
];

/** Rooms, sessions, heartbeats, leaving, losing the connection and coming back. */
import { expect } from "vitest";
import { proxyTo } from "../../interop/proxy.js";
import { within } from "../told.js";
import { heard, type ClientFeature } from "./rig.js";

export const lifecycle: readonly ClientFeature[] = [
  {
    name: "rooms",
    async run(rig) {
      const server = await rig.start();
      const all = [];
      for (const name of ["a", "b", "c"]) {
        const { client, seen } = await rig.ends(server);
        const news: unknown[] = [];
        client.on("news", (text: unknown) => news.push(text));
        all.push({ name, client, sid: seen.sid, news });
      }
      const [a, b, c] = all;
      for (const end of [b, c])
        await server.ask("enter_room", { sid: end?.sid, room: "room" });
      expect(await server.ask("rooms", { sid: b?.sid })).toEqual(
        expect.arrayContaining([b?.sid, "room"]),
      );
      await server.emit("news", "not a", { skip_sid: a?.sid });
      await server.emit("news", "b alone", { room: "room", skip_sid: c?.sid });
      await server.emit("news", "a alone", { to: a?.sid });
      await server.ask("leave_room", { sid: b?.sid, room: "room" });
      await server.emit("news", "c alone", { to: "room" });
      await server.ask("close_room", { room: "room" });
      await server.emit("news", "nobody", { to: "room" });
      const ends = all.map(({ client }) => heard(client, "end"));
      await server.emit("end");
      await Promise.all(ends);
      expect(all.map(({ news }) => news)).toEqual([
        ["a alone"],
        ["not a", "b alone"],
        ["not a", "c alone"],
      ]);
    },
  },
  {
    name: "sessions",
    async run(rig) {
      const { client, server, seen } = await rig.ends(await rig.start());
      const session = { name: "Ada", bytes: Buffer.from([1]) };
      await server.ask("save_session", { sid: seen.sid, session });
      await server.reply("hello", null);
      await client.emitWithAck("hello");
      expect(await server.ask("get_session", { sid: seen.sid })).toEqual(
        session,
      );
    },
  },
  {
    name: "heartbeat",
    async run(rig) {
      const server = await rig.start({
        options: { ping_interval: 0.08, ping_timeout: 2 },
      });
      const { client } = await rig.ends(server);
      let beats = 0;
      await within(
        new Promise<void>((resolve) =>
          client.io.on("ping", () => {
            if (++beats === 4) resolve();
          }),
        ),
        "4 pings",
      );
      await server.reply("hello", "hello");
      expect(await client.emitWithAck("hello")).toBe("hello");
    },
  },
  {
    name: "ping timeout, seen by the client",
    async run(rig) {
      const server = await rig.start({
        // With less, a machine that halts for a moment ends it before it begins.
        options: { ping_interval: 0.2, ping_timeout: 1 },
      });
      const { client } = await rig.ends(server, { reconnection: false });
      const gone = heard(client, "disconnect");
      const thaw = rig.freeze();
      try {
        expect((await gone)[0]).toBe("ping timeout");
      } finally {
        thaw();
      }
    },
  },
  {
    name: "ping timeout, seen by the server",
    async run(rig) {
      const server = await rig.start({
        options: { ping_interval: 0.2, ping_timeout: 1 },
      });
      const wire = await proxyTo(server.port);
      try {
        const { client, seen } = await rig.ends(
          server,
          { reconnection: false },
          "/",
          wire.port,
        );
        wire.silence();
        expect(await server.told.next("disconnect")).toMatchObject({
          sid: seen.sid,
        });
        client.disconnect();
      } finally {
        await wire.close();
      }
    },
  },
  {
    name: "the client disconnects",
    async run(rig) {
      const { client, server, seen } = await rig.ends(await rig.start());
      const gone = heard(client, "disconnect");
      client.disconnect();
      expect((await gone)[0]).toBe("io client disconnect");
      expect((await server.told.next("disconnect")).sid).toBe(seen.sid);
    },
  },
  {
    name: "the server disconnects",
    async run(rig) {
      const { client, server, seen } = await rig.ends(await rig.start());
      const gone = heard(client, "disconnect");
      await server.ask("disconnect", { sid: seen.sid });
      expect((await gone)[0]).toBe("io server disconnect");
      expect(client.active).toBe(false);
      expect((await server.told.next("disconnect")).sid).toBe(seen.sid);
      client.connect();
      await heard(client, "connect");
    },
  },
  {
    name: "out of one of two namespaces",
    async run(rig) {
      const server = await rig.start({ namespaces: { "/": {}, "/chat": {} } });
      const { client } = await rig.ends(server);
      const chat = client.io.socket("/chat");
      // The handler tells of it before the client is told that it is in.
      const [{ sid }] = await Promise.all([
        server.told.next("connect"),
        heard(chat, "connect"),
      ]);
      const gone = heard(chat, "disconnect");
      await server.ask("disconnect", { sid, namespace: "/chat" });
      expect((await gone)[0]).toBe("io server disconnect");
      await server.reply("hello", "still here");
      expect(await client.emitWithAck("hello")).toBe("still here");
    },
  },
  {
    name: "leaves one of two namespaces",
    async run(rig) {
      const server = await rig.start({ namespaces: { "/": {}, "/chat": {} } });
      const { client } = await rig.ends(server);
      const chat = client.io.socket("/chat");
      await heard(chat, "connect");
      chat.disconnect();
      expect(await server.told.next("disconnect")).toMatchObject({
        nsp: "/chat",
      });
      await server.reply("hello", "still here");
      expect(await client.emitWithAck("hello")).toBe("still here");
    },
  },
  {
    name: "reconnects to a new server",
    async run(rig) {
      const first = await rig.start();
      let times = 0;
      const { client } = await rig.ends(first, {
        auth: (cb) => cb({ times: ++times }),
      });
      const gone = heard(client, "disconnect");
      await first.stop();
      expect((await gone)[0]).toMatch(/^transport (close|error)$/);
      client.emit("kept", "meanwhile");
      const second = await rig.start({ port: first.port });
      const again = await second.told.next("connect");
      expect(again.args[1]).toMatchObject({ times: times });
      expect(times).toBeGreaterThan(1);
      expect(await second.told.args("kept")).toEqual(["meanwhile"]);
      expect(client.recovered).toBe(false);
      expect(client.id).toBe(again.sid);
    },
  },
];

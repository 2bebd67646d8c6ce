/** Connecting, namespaces and refusals. */
import { expect } from "vitest";
import { heard, type ClientFeature } from "./rig.js";

/** What a refusal looks like in the client. */
function refusal([error]: unknown[]): { message: string; data?: unknown } {
  expect(error).toBeInstanceOf(Error);
  const { message, data } = error as Error & { data?: unknown };
  return data === undefined ? { message } : { message, data };
}

/** The arguments of ConnectionRefusedError, and what becomes of them. */
const REFUSALS: [unknown[] | false, { message: string; data?: unknown }][] = [
  [false, { message: "Connection rejected by server" }],
  [[], { message: "Connection rejected by server" }],
  [["no €ntry"], { message: "no €ntry" }],
  [["no", { code: 7 }], { message: "no", data: { code: 7 } }],
  [["no", 1, "two"], { message: "no", data: [1, "two"] }],
];

export const connecting: readonly ClientFeature[] = [
  {
    name: "connect",
    async run(rig) {
      const { client, server, seen } = await rig.ends(await rig.start());
      expect(client.id).toBe(seen.sid);
      const name = rig.transport === "polling" ? "polling" : "websocket";
      expect(client.io.engine?.transport.name).toBe(name);
      // Our word that we have changed may still be on its way.
      await expect
        .poll(() => server.ask("transport", { sid: seen.sid }))
        .toBe(name);
    },
  },
  {
    name: "auth",
    async run(rig) {
      const server = await rig.start();
      const auth = { token: "s€cret", nested: { list: [1, null] } };
      expect((await rig.ends(server, { auth })).seen.args[1]).toEqual(auth);
      const later = { auth: (cb: (data: object) => void) => cb({ a: 1 }) };
      expect((await rig.ends(server, later)).seen.args[1]).toEqual({ a: 1 });
      const { args } = (await rig.ends(server)).seen;
      expect(args).toHaveLength(1);
    },
  },
  {
    name: "headers and query",
    async run(rig) {
      const { seen } = await rig.ends(await rig.start(), {
        query: { room: "a b" },
        extraHeaders: { "X-Test": "yes" },
      });
      const [environ] = seen.args;
      expect(environ).toMatchObject({ HTTP_X_TEST: "yes" });
      const { QUERY_STRING } = environ as Record<string, string>;
      expect(new URLSearchParams(QUERY_STRING).get("room")).toBe("a b");
    },
  },
  {
    name: "two namespaces",
    async run(rig) {
      const server = await rig.start({ namespaces: { "/": {}, "/chat": {} } });
      const { client } = await rig.ends(server);
      const chat = client.io.socket("/chat");
      const [seen] = await Promise.all([
        server.told.next("connect"),
        heard(chat, "connect"),
      ]);
      expect(seen).toMatchObject({ nsp: "/chat", sid: chat.id });
      expect(chat.id).not.toBe(client.id);
      const there = heard(chat, "where");
      await server.emit("where", "chat", { namespace: "/chat" });
      expect(await there).toEqual(["chat"]);
      const here = heard(client, "where");
      await server.emit("where", "root");
      expect(await here).toEqual(["root"]);
    },
  },
  {
    name: "one namespace, not /",
    async run(rig) {
      const server = await rig.start({ namespaces: { "/chat": {} } });
      const { client, seen } = await rig.ends(server, {}, "/chat");
      expect(seen).toMatchObject({ nsp: "/chat", sid: client.id });
    },
  },
  {
    name: "unknown namespace",
    async run(rig) {
      const server = await rig.start();
      const { client } = await rig.ends(server);
      const nowhere = client.io.socket("/nowhere");
      expect(refusal(await heard(nowhere, "connect_error"))).toEqual({
        message: "Unable to connect",
      });
      expect(nowhere.active).toBe(false);
      await server.reply("hello", "still here");
      expect(await client.emitWithAck("hello")).toBe("still here");
    },
  },
  {
    name: "any namespace",
    async run(rig) {
      const server = await rig.start({ options: { namespaces: "*" } });
      const client = rig.open(server, {}, "/anything");
      await heard(client, "connect");
    },
  },
  {
    name: "refused, all forms",
    async run(rig) {
      for (const [refuse, expected] of REFUSALS) {
        const server = await rig.start({ namespaces: { "/": { refuse } } });
        const client = rig.open(server);
        expect(refusal(await heard(client, "connect_error"))).toEqual(expected);
        expect(client.active).toBe(false);
        client.disconnect();
      }
    },
  },
  {
    name: "always_connect, refused",
    async run(rig) {
      for (const [refuse] of REFUSALS) {
        const server = await rig.start({
          options: { always_connect: true },
          namespaces: { "/": { refuse } },
        });
        const client = rig.open(server);
        const connected = heard(client, "connect");
        const disconnected = heard(client, "disconnect");
        await connected;
        expect((await disconnected)[0]).toBe("io server disconnect");
        client.disconnect();
      }
    },
  },
  {
    name: "server without upgrades",
    transports: ["upgrade"],
    async run(rig) {
      const server = await rig.start({ options: { allow_upgrades: false } });
      const client = rig.open(server);
      await heard(client, "connect");
      await server.reply("hello", "hello");
      expect(await client.emitWithAck("hello")).toBe("hello");
      expect(client.io.engine?.transport.name).toBe("polling");
    },
  },
  {
    name: "wrong path",
    async run(rig) {
      const server = await rig.start();
      const client = rig.open(server, {
        path: "/elsewhere",
        reconnection: false,
      });
      const [error] = await heard(client, "connect_error");
      expect(String(error)).toMatch(/(xhr poll|fetch read|websocket) error/);
    },
  },
];

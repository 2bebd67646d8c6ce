/** Events, acknowledgements, binary data, and how much of them. */
import { expect } from "vitest";
import { within } from "../told.js";
import { tuple } from "../values.js";
import { asked, heard, type ClientFeature } from "./rig.js";

type Answer = (...values: unknown[]) => void;

const bytes = (...values: number[]) => Buffer.from(values);

/** Texts that something on the way could take for something else. */
const TEXTS = [
  "€ 😀 ü",
  "\u2028\u2029\ufffd",
  "line\r\nline\ttab",
  '"quoted" \\ /',
  "\u001e\u0000",
  "b64?",
];

const COUNTED = Array.from({ length: 40 }, (_, i) => i);

export const messages: readonly ClientFeature[] = [
  {
    name: "events to the server",
    async run(rig) {
      const { client, server } = await rig.ends(await rig.start());
      const cases: unknown[][] = [
        [],
        ["text"],
        [1.5, null, false],
        [{ a: [1, { b: null }] }, ["list"]],
      ];
      for (const args of cases) {
        client.emit("my event", ...args);
        expect(await server.told.args("my event")).toEqual(args);
      }
      client.send("hello", "you");
      expect(await server.told.args("message")).toEqual(["hello", "you"]);
    },
  },
  {
    name: "events to the client",
    async run(rig) {
      const { client, server } = await rig.ends(await rig.start());
      const cases: [unknown, unknown[]][] = [
        [null, []],
        ["text", ["text"]],
        [42.5, [42.5]],
        [{ a: [1, { b: null }] }, [{ a: [1, { b: null }] }]],
        [["a", "list"], [["a", "list"]]],
        [tuple("several", 2, [3]), ["several", 2, [3]]],
        [tuple(), []],
        [tuple(null), [null]],
      ];
      for (const [data, args] of cases) {
        const arrived = heard(client, "my event");
        await server.emit("my event", data);
        expect(await arrived).toEqual(args);
      }
      const arrived = heard(client, "message");
      await server.ask("send", { data: "hello" });
      expect(await arrived).toEqual(["hello"]);
    },
  },
  {
    name: "acks from the server",
    async run(rig) {
      const { client, server } = await rig.ends(await rig.start());
      const cases: [unknown, unknown[]][] = [
        [null, []],
        ["one", ["one"]],
        [0, [0]],
        [tuple("OK", 123), ["OK", 123]],
        [["a", "list"], [["a", "list"]]],
        [bytes(1, 2), [bytes(1, 2)]],
      ];
      for (const [value, answers] of cases) {
        await server.reply("question", value);
        expect(await asked(client, "question", 1)).toEqual(answers);
      }
    },
  },
  {
    name: "no ack without a handler",
    async run(rig) {
      const server = await rig.start({
        namespaces: { "/": { events: ["known"] } },
      });
      const { client } = await rig.ends(server);
      const unknown = client.timeout(100).emitWithAck("unknown");
      await expect(unknown).rejects.toThrow("operation has timed out");
      await server.reply("known", "yes");
      expect(await client.emitWithAck("known")).toBe("yes");
    },
  },
  {
    name: "acks from the client",
    async run(rig) {
      const { client, server, seen } = await rig.ends(await rig.start());
      const call = (event: string, data: unknown = null) =>
        server.ask("call", { event, data, to: seen.sid });
      client.on("none", (answer: Answer) => answer());
      client.on("one", (x: number, answer: Answer) => answer({ x }));
      client.on("two", (answer: Answer) => answer("OK", bytes(1)));
      expect(await call("none")).toBe(null);
      expect(await call("one", 1)).toEqual({ x: 1 });
      expect(await call("two")).toEqual(tuple("OK", bytes(1)));
    },
  },
  {
    name: "call that times out",
    async run(rig) {
      const { server, seen } = await rig.ends(await rig.start());
      const call = { event: "nobody answers", to: seen.sid, timeout: 0.05 };
      await expect(server.ask("call", call)).rejects.toThrow("TimeoutError");
    },
  },
  {
    name: "class-based namespace",
    async run(rig) {
      const server = await rig.start({ namespaces: {}, classes: ["/class"] });
      const { client } = await rig.ends(server, {}, "/class");
      expect(await asked(client, "greet", "Ada")).toEqual(["hello Ada", 3]);
      expect(await asked(client, "no such method")).toEqual([]);
    },
  },
  {
    name: "binary to the server",
    async run(rig) {
      const { client, server } = await rig.ends(await rig.start());
      const data = { list: [bytes(0, 255), { deep: bytes() }], text: "ü" };
      client.emit("binary", bytes(1, 2, 3), data);
      expect(await server.told.args("binary")).toEqual([bytes(1, 2, 3), data]);
      await server.reply("echo", tuple(data, bytes(9)));
      expect(await asked(client, "echo", bytes(0))).toEqual([data, bytes(9)]);
    },
  },
  {
    name: "binary to the client",
    async run(rig) {
      const { client, server, seen } = await rig.ends(await rig.start());
      const data = { list: [bytes(0, 255), { deep: bytes() }], text: "ü" };
      const arrived = heard(client, "binary");
      await server.emit("binary", tuple(bytes(1, 2, 3), data));
      expect(await arrived).toEqual([bytes(1, 2, 3), data]);
      client.on("echo", (value: unknown, answer: Answer) => answer(value));
      expect(
        await server.ask("call", { event: "echo", data, to: seen.sid }),
      ).toEqual(data);
    },
  },
  {
    name: "text of all kinds",
    async run(rig) {
      const { client, server } = await rig.ends(await rig.start());
      for (const text of TEXTS) {
        client.emit(text, { [text]: text });
        expect(await server.told.args(text)).toEqual([{ [text]: text }]);
        const arrived = heard(client, text);
        await server.emit(text, { [text]: text });
        expect(await arrived).toEqual([{ [text]: text }]);
      }
    },
  },
  {
    name: "40 packets to the server",
    async run(rig) {
      const { client, server } = await rig.ends(await rig.start());
      for (const i of COUNTED) client.emit("burst", i);
      const all = await server.told.several("burst", 40);
      // Each event has a thread or task of its own.
      const numbers = all.map(({ args }) => Number(args[0]));
      expect(numbers.sort((a, b) => a - b)).toEqual(COUNTED);
      expect(client.connected).toBe(true);
    },
  },
  {
    name: "40 packets to the client",
    async run(rig) {
      const { client, server } = await rig.ends(await rig.start());
      const numbers: unknown[] = [];
      const all = within(
        new Promise<void>((resolve) =>
          client.on("burst", (number: number, data: unknown) => {
            expect(data).toBe("€");
            if (numbers.push(number) === 40) resolve();
          }),
        ),
        "40 events",
      );
      await server.emit("burst", "€", { times: 40 });
      await all;
      expect(numbers).toEqual(COUNTED);
    },
  },
  {
    name: "binary in a burst",
    async run(rig) {
      const { client, server } = await rig.ends(await rig.start());
      const eight = Array.from({ length: 8 }, (_, i) => bytes(i));
      for (let i = 0; i < 5; i++) client.emit("burst", eight);
      for (const { args } of await server.told.several("burst", 5))
        expect(args).toEqual([eight]);
      const arrived = within(
        new Promise<unknown[]>((resolve) => {
          const all: unknown[] = [];
          client.on("burst", (_: number, data: unknown) => {
            if (all.push(data) === 5) resolve(all);
          });
        }),
        "5 events of 9 packets",
      );
      await server.emit("burst", eight, { times: 5 });
      expect(await arrived).toEqual(Array(5).fill(eight));
    },
  },
  {
    name: "300 kB each way",
    fault: {
      reason:
        "python-engineio with asyncio reads a POST once, and so only its beginning if it is long",
      applies: (peer, transport) =>
        peer === "AsyncServer" && transport === "polling",
    },
    async run(rig) {
      const { client, server } = await rig.ends(await rig.start());
      const text = "€uro".repeat(50_000);
      await server.reply("echo", text);
      expect(await asked(client, "echo", text)).toEqual([text]);
      expect(await server.told.args("echo")).toEqual([text]);
      const data = Buffer.alloc(300_000, "binary");
      await server.reply("echo", data);
      const [answer] = await asked(client, "echo", data);
      expect(data.equals(answer as Buffer)).toBe(true);
      const [arrived] = await server.told.args("echo");
      expect(data.equals(arrived as Buffer)).toBe(true);
    },
  },
  {
    name: "more than the server takes",
    async run(rig) {
      const server = await rig.start({
        options: { max_http_buffer_size: 10_000 },
      });
      const { client } = await rig.ends(server, { reconnection: false });
      const gone = heard(client, "disconnect");
      client.emit("too much", "x".repeat(10_001));
      expect((await gone)[0]).toMatch(/^transport (error|close)$/);
      await rig.ends(server);
    },
  },
  {
    name: "MessagePack",
    async run(rig) {
      const { default: parser } =
        await import("../../../src/msgpack-parser.js");
      const server = await rig.start({ options: { serializer: "msgpack" } });
      const { client } = await rig.ends(server, { parser });
      const data = { list: [bytes(0, 255), 1.5, null], text: "€ 😀" };
      await server.reply("echo", tuple(data, 1));
      expect(await asked(client, "echo", data)).toEqual([data, 1]);
      expect(await server.told.args("echo")).toEqual([data]);
    },
  },
];

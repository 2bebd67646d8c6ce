/** Events, acknowledgements, binary data, and how much of them. */
import { expect } from "vitest";
import { tuple, Tuple } from "../values.js";
import { within } from "../told.js";
import { heard, type ServerFeature } from "./rig.js";

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

export const messages: readonly ServerFeature[] = [
  {
    name: "events to the server",
    async run(rig) {
      const { client, socket } = await rig.ends(await rig.start());
      const cases: [unknown, unknown[]][] = [
        [null, []],
        ["text", ["text"]],
        [42.5, [42.5]],
        [false, [false]],
        [{ a: [1, { b: null }] }, [{ a: [1, { b: null }] }]],
        [["a", "list"], [["a", "list"]]],
        [tuple("several", 2, [3]), ["several", 2, [3]]],
        [tuple(), []],
        [tuple(null), [null]],
      ];
      for (const [data, args] of cases) {
        const arrived = heard(socket, "my event");
        await client.emit("my event", data);
        expect(await arrived).toEqual(args);
      }
    },
  },
  {
    name: "events to the client",
    async run(rig) {
      const { client, socket } = await rig.ends(await rig.start());
      const cases: unknown[][] = [
        [],
        ["text"],
        [1.5, null, false],
        [{ a: [1, { b: null }] }, ["list"]],
      ];
      for (const args of cases) {
        socket.emit("my event", ...args);
        expect(await client.told.args("my event")).toEqual(args);
      }
    },
  },
  {
    name: "message events",
    async run(rig) {
      const { client, socket } = await rig.ends(await rig.start());
      const arrived = heard(socket, "message");
      await client.ask("send", { data: "hello" });
      expect(await arrived).toEqual(["hello"]);
      socket.send("hello", "you");
      expect(await client.told.args("message")).toEqual(["hello", "you"]);
    },
  },
  {
    name: "acks from the server",
    async run(rig) {
      const { client, socket } = await rig.ends(await rig.start());
      socket.on("none", (answer: Answer) => answer());
      socket.on("one", (x: number, answer: Answer) => answer({ x }));
      socket.on("null", (answer: Answer) => answer(null));
      socket.on("two", (answer: Answer) => answer("OK", 123));
      expect(await client.call("none")).toBe(null);
      expect(await client.call("one", 1)).toEqual({ x: 1 });
      expect(await client.call("null")).toBe(null);
      expect(await client.call("two")).toEqual(tuple("OK", 123));
      await client.emit("two", null, { callback: true });
      expect(await client.told.args("answer")).toEqual(["OK", 123]);
    },
  },
  {
    name: "acks from the client",
    async run(rig) {
      const { client, socket } = await rig.ends(await rig.start());
      const cases: [unknown, unknown[]][] = [
        [null, []],
        ["one", ["one"]],
        [tuple("OK", 123), ["OK", 123]],
        [["a", "list"], [["a", "list"]]],
        [bytes(1, 2), [bytes(1, 2)]],
      ];
      for (const [value, answers] of cases) {
        await client.reply("question", value);
        const answer = within(
          new Promise((resolve) =>
            socket.emit("question", 1, (...values: unknown[]) =>
              resolve(values),
            ),
          ),
          "the answer",
        );
        expect(await answer).toEqual(answers);
      }
    },
  },
  {
    name: "ack without a handler",
    async run(rig) {
      const { socket } = await rig.ends(await rig.start(), {
        handled: [],
        namespaces: ["/"],
      });
      expect(await socket.timeout(8_000).emitWithAck("question")).toBe(
        undefined,
      );
    },
  },
  {
    name: "class-based namespace",
    async run(rig) {
      const server = await rig.start();
      const { client, socket } = await rig.ends(
        server,
        { handled: [], classes: ["/class"] },
        server.io.of("/class").name,
      );
      await client.told.next("connect");
      const answers = await within(
        new Promise((resolve) =>
          socket.emit("greet", "Ada", (...values: unknown[]) =>
            resolve(values),
          ),
        ),
        "the answer of the class",
      );
      expect(answers).toEqual(["hello Ada", 3]);
      expect(await socket.timeout(8_000).emitWithAck("no such method")).toBe(
        undefined,
      );
    },
  },
  {
    name: "binary to the server",
    async run(rig) {
      const { client, socket } = await rig.ends(await rig.start());
      const data = { list: [bytes(0, 255), { deep: bytes() }], text: "ü" };
      const arrived = heard(socket, "binary");
      await client.emit("binary", tuple(bytes(1, 2, 3), data));
      expect(await arrived).toEqual([bytes(1, 2, 3), data]);
      socket.on("echo", (value: unknown, answer: Answer) => answer(value));
      expect(await client.call("echo", data)).toEqual(data);
    },
  },
  {
    name: "binary to the client",
    async run(rig) {
      const { client, socket } = await rig.ends(await rig.start());
      const data = { list: [bytes(0, 255), { deep: bytes() }], text: "ü" };
      socket.emit("binary", bytes(1, 2, 3), data);
      expect(await client.told.args("binary")).toEqual([bytes(1, 2, 3), data]);
      await client.reply("echo", tuple(data, bytes(9)));
      const answers = await within(
        new Promise((resolve) =>
          socket.emit("echo", (...values: unknown[]) => resolve(values)),
        ),
        "the answer with binary data",
      );
      expect(answers).toEqual([data, bytes(9)]);
    },
  },
  {
    name: "text of all kinds",
    async run(rig) {
      const { client, socket } = await rig.ends(await rig.start());
      for (const text of TEXTS) {
        const arrived = heard(socket, text);
        await client.emit(text, { [text]: text });
        expect(await arrived).toEqual([{ [text]: text }]);
        socket.emit(text, { [text]: text });
        expect(await client.told.args(text)).toEqual([{ [text]: text }]);
      }
    },
  },
  {
    name: "40 packets to the server",
    async run(rig) {
      const { client, socket } = await rig.ends(await rig.start());
      const numbers: unknown[] = [];
      const all = within(
        new Promise<void>((resolve) =>
          socket.on("burst", (number: number, data: unknown) => {
            expect(data).toBe("€");
            if (numbers.push(number) === 40) resolve();
          }),
        ),
        "40 events",
      );
      await client.emit("burst", "€", { times: 40 });
      await all;
      expect(numbers).toEqual(Array.from({ length: 40 }, (_, i) => i));
    },
  },
  {
    name: "40 packets to the client",
    async run(rig) {
      const { client, socket } = await rig.ends(await rig.start());
      for (let i = 0; i < 40; i++) socket.emit("burst", i);
      const all = await client.told.several("burst", 40);
      // Each event has a thread of its own in the client without asyncio.
      expect(all.map(({ args }) => Number(args[0])).sort(ascending)).toEqual(
        Array.from({ length: 40 }, (_, i) => i),
      );
      expect(await client.state()).toMatchObject({ connected: true });
    },
  },
  {
    name: "binary in a burst",
    async run(rig) {
      const { client, socket } = await rig.ends(await rig.start());
      const eight = Array.from({ length: 8 }, (_, i) => bytes(i));
      const arrived = within(
        new Promise<unknown[]>((resolve) => {
          const all: unknown[] = [];
          socket.on("burst", (_: number, data: unknown) => {
            if (all.push(data) === 5) resolve(all);
          });
        }),
        "5 events of 9 packets",
      );
      await client.emit("burst", eight, { times: 5 });
      expect(await arrived).toEqual(Array(5).fill(eight));
      // One at a time: the client without asyncio mixes up what comes together.
      for (let i = 0; i < (rig.isAsync ? 5 : 1); i++)
        socket.emit("burst", eight);
      const all = await client.told.several("burst", rig.isAsync ? 5 : 1);
      for (const { args } of all) expect(args).toEqual([eight]);
    },
  },
  {
    name: "300 kB each way",
    async run(rig) {
      const { client, socket } = await rig.ends(await rig.start());
      socket.on("echo", (value: unknown, answer: Answer) => answer(value));
      const text = "€uro".repeat(50_000);
      expect(await client.call("echo", text)).toBe(text);
      const data = Buffer.alloc(300_000, "binary");
      expect(data.equals((await client.call("echo", data)) as Buffer)).toBe(
        true,
      );
    },
  },
  {
    name: "more than the server takes",
    async run(rig) {
      const server = await rig.start({ maxHttpBufferSize: 10_000 });
      const { client, socket } = await rig.ends(server, {
        options: { reconnection: false },
      });
      const gone = heard(socket, "disconnect");
      await client.emit("too much", "x".repeat(10_001));
      await gone;
      // python-engineio tells nobody of a POST that failed.
      if (rig.transport !== "polling") await client.told.next("disconnect");
      await rig.ends(server);
    },
  },
  {
    name: "MessagePack",
    async run(rig) {
      const { default: parser } =
        await import("../../../src/msgpack-parser.js");
      const server = await rig.start({ parser });
      const { client, socket } = await rig.ends(server, {
        options: { serializer: "msgpack" },
      });
      const data = { list: [bytes(0, 255), 1.5, null], text: "€ 😀" };
      socket.on("echo", (value: unknown, answer: Answer) => answer(value, 1));
      const answer = await client.call("echo", data);
      expect(answer).toBeInstanceOf(Tuple);
      expect(answer).toEqual(tuple(data, 1));
      await client.reply("question", tuple(data, 1));
      const answers = await within(
        new Promise((resolve) =>
          socket.emit("question", data, (...values: unknown[]) =>
            resolve(values),
          ),
        ),
        "the answer",
      );
      expect(answers).toEqual([data, 1]);
      expect(await client.told.args("question")).toEqual([data]);
    },
  },
];

function ascending(a: number, b: number): number {
  return a - b;
}

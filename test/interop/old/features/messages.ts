/** What one end says to the other: messages, JSON, events, receipts and acknowledgements. */
import { expect } from "vitest";
import type { Ends, Rig } from "../rig.js";
import { acked, next, several, within } from "../rig.js";
import type { Feature } from "./feature.js";

const VALUES = [
  "text",
  "",
  0,
  -1.5,
  true,
  false,
  null,
  [],
  {},
  { nested: { list: [1, [2, { three: 3 }]] } },
  '"quotes" \\ and / \t 5:1+:: ~m~3~m~',
];

const directions = ({ client, server }: Ends) =>
  [
    [client, server],
    [server, client],
  ] as const;

export const connect: Feature = {
  name: "connect",
  async run(rig) {
    const server = await rig.start();
    const ends = await rig.ends(server);
    const state = await ends.client.state();
    expect(state.connected).toBe(true);
    expect(state.id).toBe(ends.server.id);
    const { client, server: host } = rig.pair;
    // Since 1.0 all that is not WebSocket is one to a client.
    const polls = client.generation === "now" && rig.transport !== "websocket";
    expect(state.transport).toBe(polls ? "polling" : rig.transport);
    // Sockets of 0.7 do not know it, and others miss a hyphen.
    const transport = await ends.server.transport();
    if (host.generation !== "0.7")
      expect(transport.replace("jsonpp", "jsonp-p")).toBe(rig.transport);
  },
};

export const text: Feature = {
  name: "text",
  async run(rig) {
    const server = await rig.start();
    const ends = await rig.ends(server);
    for (const [from, to] of directions(ends)) {
      const texts = ["hello", "5:::{}", "1", "a:b::c", " spaces "];
      const all = several(to, "message", texts.length);
      for (const one of texts) from.send(one);
      expect(await all).toEqual(texts);
    }
  },
};

/** Numbered messages, many at once: none lost, none twice, in order. */
export const burst: Feature = {
  name: "burst",
  async run(rig) {
    const server = await rig.start();
    const ends = await rig.ends(server);
    const numbers = Array.from({ length: 50 }, (_, number) => `n${number}`);
    await Promise.all(
      directions(ends).map(async ([from, to]) => {
        const all = several(to, "message", numbers.length);
        for (const number of numbers) from.send(number);
        expect(await all).toEqual(numbers);
      }),
    );
  },
};

export const json: Feature = {
  name: "json",
  async run(rig) {
    const server = await rig.start();
    const ends = await rig.ends(server);
    // 0.6 sends objects alone as JSON.
    const values = rig.plain
      ? [{}, { list: VALUES }, { "~j~": "~m~" }]
      : [{}, { list: VALUES }, [1, [2]], 7, true, null];
    for (const [from, to] of directions(ends)) {
      const all = several(to, "message", values.length);
      for (const value of values) from.json(value);
      expect(await all).toEqual(values);
    }
  },
};

export const events: Feature = {
  name: "events",
  async run(rig) {
    const server = await rig.start();
    const ends = await rig.ends(server);
    for (const [from, to] of directions(ends)) {
      const none = next(to, "nothing");
      const values = next(to, "values");
      const message = next(to, "message");
      from.emit("nothing");
      from.emit("values", ...VALUES);
      from.emit("message", "hello");
      expect(await none).toEqual([]);
      expect(await values).toEqual(VALUES);
      expect(await message).toEqual(["hello"]);
    }
  },
};

export const acks: Feature = {
  name: "acks",
  async run(rig) {
    const server = await rig.start();
    const ends = await rig.ends(server);
    for (const [from, to] of directions(ends)) {
      to.on("mirror", (...args: unknown[]) =>
        answer(args)(...args.slice(0, -1)),
      );
      expect(await acked(from, "mirror")).toEqual([]);
      expect(await acked(from, "mirror", ...VALUES)).toEqual(VALUES);

      // Answers in the other order still reach their questions.
      const waiting: (() => void)[] = [];
      to.on("hold", (number: number, done: (value: number) => void) => {
        waiting.push(() => done(number * 10));
        if (waiting.length === 3) for (const go of waiting.reverse()) go();
      });
      const answers = [1, 2, 3].map((number) => acked(from, "hold", number));
      expect(await Promise.all(answers)).toEqual([[10], [20], [30]]);
    }
  },
};

/** The acknowledgement function among a listener's arguments. */
export function answer(
  args: readonly unknown[],
): (...values: unknown[]) => void {
  const done = args.at(-1);
  if (typeof done !== "function")
    throw new TypeError("expected an acknowledgement function");
  return done as (...values: unknown[]) => void;
}

/** The libraries themselves confirm messages whose sender asked for it. */
export const receipts: Feature = {
  name: "receipts",
  async run(rig) {
    const server = await rig.start();
    const ends = await rig.ends(server);
    const { client, server: host } = rig.pair;
    for (const [[from, to], { generation }] of [
      [directions(ends)[0], client],
      [directions(ends)[1], host],
    ] as const) {
      // The current API has no question without an answer from the application.
      if (generation === "now") continue;
      const message = next(to, "message");
      await within(
        new Promise<void>((resolve) => from.send("registered", resolve)),
        "the receipt of a message",
      );
      expect(await message).toEqual(["registered"]);
      const object = several(to, "message", 1);
      await within(
        new Promise<void>((resolve) => from.json({ a: 1 }, resolve)),
        "the receipt of JSON",
      );
      expect(await object).toEqual([{ a: 1 }]);
    }
  },
};

const TEXTS = [
  "€",
  "grüße, добрый день, שלום",
  "漢字かな 한국어",
  "😀 👩‍👩‍👧‍👦 𝒳",
  "nul \u0000 inside",
  "\u0080\u07ff\u0800\u{10000}\u{10ffff}",
  "\u00e2\u0082\u00ac",
];

/** Before 0.8 a message ended at the end of its first line. */
const LINES = ["two\nlines", "\n", "\\n not a line"];

/** Forms make this of the above, so what was which is lost where text goes into them as it is. */
const WINDOWS_LINES = ["carriage\r\nreturn"];

/** Line ends to a regular expression, and nothing of the kind to JSON. */
const SEPARATORS = ["line \u2028 separator", "\u2029"];

/** The frames before RFC 6455 were searched for this character, at both ends. */
const REPLACEMENT = ["replacement \ufffd character", "\ufffd3\ufffdabc"];

function sent(
  label: string,
  textsFor: (rig: Rig) => readonly string[],
): Feature {
  return {
    name: label,
    async run(rig) {
      const texts = textsFor(rig);
      const server = await rig.start();
      const ends = await rig.ends(server);
      for (const [from, to] of directions(ends)) {
        const all = several(to, "message", texts.length);
        for (const one of texts) from.send(one);
        expect(await all).toEqual(texts);
        if (rig.plain) continue;
        to.on("mirror", (...args: unknown[]) =>
          answer(args)(...args.slice(0, -1)),
        );
        for (const one of texts)
          expect(await acked(from, "mirror", one, { [one]: one })).toEqual([
            one,
            { [one]: one },
          ]);
      }
    },
  };
}

export const unicode = sent("unicode", () => TEXTS);
export const newlines = sent("newlines", ({ pair, transport }) =>
  transport === "jsonp-polling" &&
  ["0.6", "0.7"].includes(pair.client.generation)
    ? LINES
    : [...LINES, ...WINDOWS_LINES],
);
export const separators = sent("U+2028", () => SEPARATORS);
export const replacement = sent("U+FFFD", () => REPLACEMENT);

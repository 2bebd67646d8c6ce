/** Connecting, and events and acknowledgements with what JSON can say. */
import { expect } from "vitest";
import { acked, next, within, type Ends } from "../rig.js";
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
  '"quotes" \\ and \n lines \r\n \\n \\\\n \t \u001e 2:40',
];

export const connect: Feature = {
  name: "connect",
  async run(rig) {
    const server = await rig.start();
    const ends = await rig.settledEnds(server);
    const wire = rig.transport === "jsonp" ? "polling" : rig.transport;
    const expected = wire === "upgrade" ? "websocket" : wire;
    expect(ends.client.connected).toBe(true);
    expect(ends.client.id).toBe(ends.server.id);
    expect(ends.client.io.engine.transport.name).toBe(expected);
    expect(ends.server.conn.transport.name).toBe(expected);
  },
};

export const events: Feature = {
  name: "events",
  async run(rig) {
    const server = await rig.start();
    const ends = await rig.ends(server);
    // At once, so that in the upgrade column they run into the change of transport.
    await Promise.all([inOrder(ends, "up"), inOrder(ends, "down")]);
    for (const [from, to] of [
      [ends.client, ends.server],
      [ends.server, ends.client],
    ] as const) {
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

/** Numbered events over several turns of the loop: none lost, none twice, in order. */
async function inOrder(ends: Ends, direction: "up" | "down"): Promise<void> {
  const [from, to] =
    direction === "up"
      ? [ends.client, ends.server]
      : [ends.server, ends.client];
  const count = 60;
  const seen: number[] = [];
  const all = new Promise<void>((resolve) => {
    to.on("count", (number: number) => {
      seen.push(number);
      if (number === count - 1) resolve();
    });
  });
  for (let number = 0; number < count; number++) {
    from.emit("count", number);
    if (number % 6 === 5) await new Promise((resolve) => setImmediate(resolve));
  }
  await within(all, `the last of ${count} events ${direction}`);
  expect(seen).toEqual(Array.from({ length: count }, (_, number) => number));
}

export const acks: Feature = {
  name: "acks",
  async run(rig) {
    const server = await rig.start();
    const ends = await rig.ends(server);
    for (const [from, to] of [
      [ends.client, ends.server],
      [ends.server, ends.client],
    ] as const) {
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

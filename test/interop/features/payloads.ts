/** Binary data, text beyond ASCII, and messages of a megabyte. */
import { expect } from "vitest";
import { acked, next, type Rig } from "../rig.js";
import { answer } from "./messages.js";
import type { Feature } from "./feature.js";

const bytes = (...values: number[]): Buffer => Buffer.from(values);

const EVERY_BYTE = Buffer.from(
  Array.from({ length: 256 }, (_, value) => value),
);

const NESTED = [
  "before",
  EVERY_BYTE,
  {
    file: {
      name: "a.bin",
      parts: [bytes(1), bytes(2, 2), { deep: bytes(0xff, 0x1e, 0x00) }],
    },
  },
  bytes(0x04),
  "after",
];

export const binary: Feature = {
  name: "binary",
  async run(rig) {
    const server = await rig.start();
    const ends = await rig.ends(server);
    for (const [from, to] of [
      [ends.client, ends.server],
      [ends.server, ends.client],
    ] as const) {
      const order: string[] = [];
      for (const event of ["text", "nested", "single", "last"])
        to.on(event, () => order.push(event));
      const nested = next(to, "nested");
      const single = next(to, "single");
      const last = next(to, "last");
      from.emit("text", 1);
      from.emit("nested", ...NESTED);
      from.emit("single", EVERY_BYTE);
      from.emit("last", 2);
      expect(await nested).toEqual(NESTED);
      expect(await single).toEqual([EVERY_BYTE]);
      expect(await last).toEqual([2]);
      expect(order).toEqual(["text", "nested", "single", "last"]);
    }
  },
};

export const binaryAcks: Feature = {
  name: "bin acks",
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
      to.on("give", (done: (...values: unknown[]) => void) => done(...NESTED));
      // A question with binary, an answer with binary, and both.
      to.on("take", (_: Buffer, done: (value: string) => void) =>
        done("taken"),
      );
      expect(await acked(from, "take", EVERY_BYTE)).toEqual(["taken"]);
      expect(await acked(from, "give")).toEqual(NESTED);
      expect(await acked(from, "mirror", ...NESTED)).toEqual(NESTED);
    }
  },
};

const TEXTS = [
  "€",
  "grüße, добрый день, שלום",
  "漢字かな 한국어",
  "😀 👩‍👩‍👧‍👦 𝒳",
  "nul \u0000 inside",
  "\u0000",
  "line \u2028 paragraph \u2029 separators",
  "replacement \ufffd character",
  "\ufeff byte order mark",
  "\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}",
];

/**
 * Characters that are UTF-8 bytes: what a 1.x peer would send for `€` on
 * polls. A 2.x peer cannot be told from one, so there it is read as `€`; all
 * others get it through as it is.
 */
const LIKE_BYTES = "\u00e2\u0082\u00ac";

function textsFor({ pair, transport }: Rig): readonly string[] {
  const unsure =
    transport !== "websocket" &&
    (pair.client.generation === 2 || pair.server.generation === 2);
  return unsure ? TEXTS : [...TEXTS, LIKE_BYTES];
}

export const unicode: Feature = {
  name: "unicode",
  async run(rig) {
    const server = await rig.start();
    const ends = await rig.ends(server);
    const texts = textsFor(rig);
    for (const [from, to] of [
      [ends.client, ends.server],
      [ends.server, ends.client],
    ] as const) {
      to.on("mirror", (...args: unknown[]) =>
        answer(args)(...args.slice(0, -1)),
      );
      for (const text of texts)
        expect(await acked(from, "mirror", text, { [text]: text })).toEqual([
          text,
          { [text]: text },
        ]);
      // All in one go, so that several land in one payload, next to binary.
      const together = texts.map((text) =>
        acked(from, "mirror", text, bytes(0xe2, 0x82)),
      );
      expect(await Promise.all(together)).toEqual(
        texts.map((text) => [text, bytes(0xe2, 0x82)]),
      );
      const named = next(to, "événement €😀");
      from.emit("événement €😀", "ok");
      expect(await named).toEqual(["ok"]);
    }
  },
};

const MEGABYTE = 1_000_000;

export const large: Feature = {
  name: "1 MB",
  async run(rig) {
    const server = await rig.start({ maxHttpBufferSize: 10 * MEGABYTE });
    const ends = await rig.ends(server);
    const text = "0123456789".repeat(MEGABYTE / 10);
    const wide = "€".repeat(MEGABYTE / 4);
    const data = Buffer.alloc(MEGABYTE, EVERY_BYTE);
    for (const [from, to] of [
      [ends.client, ends.server],
      [ends.server, ends.client],
    ] as const) {
      to.on("mirror", (value: unknown, done: (value: unknown) => void) =>
        done(value),
      );
      expect((await acked(from, "mirror", text))[0] === text).toBe(true);
      expect((await acked(from, "mirror", wide))[0] === wide).toBe(true);
      const [returned] = await acked(from, "mirror", data);
      expect(Buffer.isBuffer(returned) && returned.equals(data)).toBe(true);
    }
  },
};

/** Against notepack.io: 3 as installed, and 2.2, which socket.io-msgpack-parser 3.0 brings along. */
import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eio3, eio4 } from "../../src/dialects/index.js";
import { LINES, type Parser } from "../../src/dialects/dialect.js";
import * as ours from "../../src/dialects/msgpack.js";
import { decode } from "../../src/dialects/msgpack-read.js";
import { encode } from "../../src/dialects/msgpack-write.js";
import { type Packet, ProtocolError } from "../../src/dialects/packet.js";
import {
  ackId,
  asBuffer,
  buffers,
  PROPERTY_RUNS,
  reading,
  receive,
} from "./support.js";

interface Notepack {
  encode(value: unknown): Buffer;
  decode(bytes: Buffer): unknown;
}

const require = createRequire(import.meta.url);
const theirs = require("socket.io-msgpack-parser") as Parser;
const notepack3 = require("notepack.io") as Notepack;
const notepack2 = createRequire(require.resolve("socket.io-msgpack-parser"))(
  "notepack.io",
) as Notepack;

/** Values at the borders of the format's sizes. */
const borders: unknown[] = [
  ...[7, 8, 16, 32, 53].flatMap((bits) =>
    [-1, 0, 1].flatMap((off) => [2 ** bits + off, -(2 ** bits) + off]),
  ),
  -32,
  -33,
  2 ** 63 - 1024,
  0.5,
  -1.5e-300,
  NaN,
  Infinity,
  "a".repeat(31),
  "a".repeat(32),
  "é".repeat(128),
  "😀".repeat(16384),
  Buffer.alloc(255),
  Buffer.alloc(256),
  Buffer.alloc(65536),
  Array.from({ length: 15 }, () => 1),
  Array.from({ length: 16 }, () => 1),
  Array.from({ length: 65536 }, () => 1),
  Object.fromEntries(Array.from({ length: 16 }, (_, i) => [i, i])),
  Object.fromEntries(Array.from({ length: 65536 }, (_, i) => [i, i])),
];
const dates = fc.date({ noInvalidDate: true });
const undefineds = fc.constant(undefined);
const value = buffers.map(wellFormed);

/** Without what notepack.io garbles: halves of surrogate pairs, integers beyond 64 bits. */
function wellFormed(value: unknown): unknown {
  if (typeof value === "number" && Math.abs(value) >= 2 ** 63) return 0.5;
  if (typeof value === "string") return Buffer.from(value).toString();
  if (typeof value !== "object" || value === null || Buffer.isBuffer(value))
    return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      Buffer.from(key).toString(),
      wellFormed(item),
    ]),
  );
}

describe.each([
  ["notepack.io 2.2", notepack2],
  ["notepack.io 3", notepack3],
])("%s", (_, notepack) => {
  test("reads what we write", () => {
    fc.assert(
      fc.property(fc.oneof(value, dates, undefineds), (value) => {
        expect(notepack.decode(asBuffer(encode(value)))).toEqual(value);
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  test("writes what we read", () => {
    fc.assert(
      fc.property(fc.oneof(value, dates), (value) => {
        expect(decode(notepack.encode(value))).toEqual(value);
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  test("at the borders of sizes", () => {
    for (const value of borders) {
      const bytes = asBuffer(encode(value));
      expect(bytes.equals(notepack.encode(value))).toBe(true);
      expect(notepack.decode(bytes)).toEqual(decode(bytes));
    }
  });

  test("writes the same bytes, but for dates", () => {
    fc.assert(
      fc.property(value, (value) => {
        expect(asBuffer(encode(value))).toEqual(notepack.encode(value));
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });
});

test("undefined and ArrayBuffer of notepack.io 2", () => {
  expect(decode(notepack2.encode([undefined]))).toEqual([undefined]);
  const { buffer } = Uint8Array.of(1, 2);
  expect(decode(notepack2.encode(buffer))).toEqual(buffer);
});

test("what is no data is written as in JSON", () => {
  expect(
    decode(
      encode([
        () => 1,
        Symbol("a"),
        new Date(NaN),
        { call: () => 1, a: 1 },
        { toJSON: () => ({ b: 1 }) },
        2 ** 64,
        -0,
      ]),
    ),
  ).toEqual([null, null, null, { a: 1 }, { b: 1 }, 2 ** 64, 0] as unknown[]);
});

test("binary values are parts of what was received, in its class", () => {
  const bytes = encode({ a: Uint8Array.of(1, 2), b: new ArrayBuffer(1) });
  expect(decode(bytes)).toEqual({
    a: Uint8Array.of(1, 2),
    b: Uint8Array.of(0),
  });
  const parts = decode(asBuffer(bytes)) as Record<string, Buffer>;
  expect(Buffer.isBuffer(parts.a)).toBe(true);
  expect(parts.a.buffer).toBe(bytes.buffer);
  expect(decode(new Uint8Array(bytes).buffer)).toEqual({
    a: Uint8Array.of(1, 2).buffer,
    b: new ArrayBuffer(1),
  });
});

test("__proto__ is plain data", () => {
  const value = JSON.parse('{"__proto__":{"a":1}}') as object;
  const read = decode(encode(value)) as object;
  expect(Object.keys(read)).toEqual(["__proto__"]);
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  expect("a" in read).toBe(false);
});

describe("malformed input", () => {
  const nest = (code: number) => new Uint8Array(100_000).fill(code);
  test.each<[string, Uint8Array]>([
    ["nothing", Uint8Array.of()],
    ["the code that is never used", Uint8Array.of(0xc1)],
    ["bytes after the value", Uint8Array.of(1, 1)],
    ["a string beyond the end", Uint8Array.of(0xa2, 0x61)],
    ["a length beyond the end", Uint8Array.of(0xdb, 0, 0)],
    ["4 GiB of string", Uint8Array.of(0xdb, 255, 255, 255, 255, 1)],
    ["4 GiB of bytes", Uint8Array.of(0xc6, 255, 255, 255, 255, 1)],
    ["4 G items", Uint8Array.of(0xdd, 255, 255, 255, 255, 1)],
    ["4 G entries", Uint8Array.of(0xdf, 255, 255, 255, 255, 1)],
    ["4 GiB of extension", Uint8Array.of(0xc9, 255, 255, 255, 255, 1)],
    ["half a float", Uint8Array.of(0xcb, 1, 2)],
    ["a map as a key", Uint8Array.of(0x81, 0x80, 1)],
    ["null as a key", Uint8Array.of(0x81, 0xc0, 1)],
    ["arrays in arrays", nest(0x91)],
    ["maps in keys of maps", nest(0x81)],
    ["pairs of arrays in arrays", nest(0x92)],
  ])("%s", (_, bytes) => {
    expect(() => decode(bytes)).toThrow(ProtocolError);
  });

  test("values that cannot be written", () => {
    const self: unknown[] = [];
    self.push(self);
    expect(() => encode(self)).toThrow(RangeError);
    expect(() => encode(1n)).toThrow(TypeError);
    expect(() => encode(new Blob([]))).toThrow(/arrayBuffer/);
  });

  test.each<[string, unknown]>([
    ["no map", []],
    ["no type", { nsp: "/" }],
    ["unknown type", { type: 5, nsp: "/", data: ["a"] }],
    ["type as a string", { type: "2", nsp: "/", data: ["a"] }],
    ["no namespace", { type: 2, data: ["a"] }],
    ["namespace of another type", { type: 2, nsp: ["/"], data: ["a"] }],
    ["event without arguments", { type: 2, nsp: "/" }],
    ["reserved name", { type: 2, nsp: "/", data: ["disconnecting"] }],
    ["name of another type", { type: 2, nsp: "/", data: [{}] }],
    ["id of another type", { type: 2, nsp: "/", data: ["a"], id: "1" }],
    ["negative id", { type: 2, nsp: "/", data: ["a"], id: -1 }],
    ["id by halves", { type: 2, nsp: "/", data: ["a"], id: 0.5 }],
    ["ack without an id", { type: 3, nsp: "/", data: ["a"] }],
    ["refusal without data", { type: 4, nsp: "/" }],
  ])("packet: %s", (_, packet) => {
    for (const parser of [ours, theirs]) {
      const decoder = reading(eio4({ parser, bytes: asBuffer }));
      expect(() => decoder.push(asBuffer(encode(packet)))).toThrow(
        expect.objectContaining({ layer: "packet" }) as Error,
      );
    }
  });

  test("text in place of MessagePack", () => {
    const decoder = reading(eio4({ parser: ours }));
    expect(() => decoder.push('42["a"]')).toThrow(ProtocolError);
  });
});

test("other languages write nil where nothing is", () => {
  const bytes = encode({ type: 1, nsp: "/a", data: null, id: null });
  expect(receive(eio4({ parser: ours }), [bytes], LINES.websocket)).toEqual([
    { type: "leave", nsp: "/a" },
  ]);
});

describe.each([
  ["ours to ours", ours, ours],
  ["ours to theirs", ours, theirs],
  ["theirs to ours", theirs, ours],
])("as a parser, %s", (_, from, to) => {
  test.each([eio4, eio3])("%o", (make) => {
    const sender = make({ parser: from });
    const receiver = make({ parser: to, bytes: asBuffer });
    const packets = fc.oneof(
      fc.record({ id: ackId, value }).map(({ id, value }): Packet => ({
        type: "event",
        nsp: "/a",
        args: ["b", value],
        id,
      })),
      fc.record({ id: ackId, value }).map(({ id, value }): Packet => ({
        type: "ack",
        nsp: "/",
        args: [value],
        id,
      })),
      fc.constantFrom<Packet>(
        { type: "leave", nsp: "/" },
        { type: "connect", nsp: "/" },
        { type: "refuse", nsp: "/", message: "no" },
      ),
    );
    fc.assert(
      fc.property(
        packets,
        fc.constantFrom(...Object.values(LINES)),
        (packet, line) => {
          const units = sender.encode(packet);
          expect(units).toHaveLength(1);
          const frames = sender.frame(units, line);
          expect(receive(receiver, frames, line)).toEqual([packet]);
        },
      ),
      { numRuns: PROPERTY_RUNS / 5 },
    );
  });
});

/** The `parser` option, and our own grammar in the same official interface. */
import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  LINES,
  type Parser,
  type RawPacket,
} from "../../src/dialects/dialect.js";
import { eio3, eio4 } from "../../src/dialects/index.js";
import type { Packet } from "../../src/dialects/packet.js";
import * as ours from "../../src/dialects/parser.js";
import {
  ackId,
  asBuffer,
  buffers,
  list,
  nsp,
  PROPERTY_RUNS,
  reading,
  receive,
} from "./support.js";

const theirs = createRequire(import.meta.url)("socket.io-parser") as Parser &
  typeof ours;

const event: Packet = {
  type: "event",
  nsp: "/a",
  args: ["b", { c: asBuffer(Uint8Array.of(1)) }],
  id: 1,
};

/** A parser of its own kind: two chunks for each packet, lines of JSON. */
class TwoChunks implements InstanceType<Parser["Decoder"]> {
  static packets: RawPacket[] = [];
  #listener: (packet: RawPacket) => void = () => {};
  #head: string | undefined;
  encode({ type, nsp, id, data }: RawPacket) {
    return [JSON.stringify([type, nsp, id]), JSON.stringify([data])];
  }
  on(_: "decoded", listener: (packet: RawPacket) => void) {
    this.#listener = listener;
  }
  add(chunk: unknown) {
    if (typeof chunk !== "string") throw new Error("bytes");
    if (this.#head === undefined) {
      this.#head = chunk;
      return;
    }
    const [type, nsp, id] = JSON.parse(this.#head) as [number, string, number];
    const [data] = JSON.parse(chunk) as [unknown];
    this.#head = undefined;
    this.#listener({ type, nsp, id, data });
  }
  destroy() {}
}
const twoChunks: Parser = { Encoder: TwoChunks, Decoder: TwoChunks };

describe.each([
  ["eio4", eio4],
  ["eio3", eio3],
])("%s with a parser", (_, make) => {
  test.each([
    ["socket.io-parser", theirs],
    ["our own", ours],
  ])("%s", (_, parser) => {
    const dialect = make({ parser, bytes: asBuffer });
    const plain = make({ bytes: asBuffer });
    for (const line of Object.values(LINES)) {
      const frames = dialect.frame(dialect.encode(event), line);
      expect(receive(dialect, frames, line)).toEqual([event]);
      expect(receive(plain, frames, line)).toEqual([event]);
    }
  });

  test("of several chunks", () => {
    const dialect = make({ parser: twoChunks });
    const decoder = reading(dialect);
    const packet: Packet = { type: "event", nsp: "/", args: ["a", "é"] };
    const [first, second] = dialect.encode(packet);
    expect(decoder.push(first)).toBeUndefined();
    expect(decoder.push("2")).toEqual({ type: "ping" });
    expect(decoder.push(second)).toEqual(packet);
  });

  test("that throws", () => {
    const decoder = reading(make({ parser: twoChunks }));
    decoder.push("4[");
    expect(() => decoder.push("4[")).toThrow(
      expect.objectContaining({ layer: "packet" }) as Error,
    );
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["an unknown type", { type: 9, nsp: "/" }],
    ["no namespace", { type: 1 }],
    ["a reserved name", { type: 2, nsp: "/", data: ["connect"] }],
    ["an object as a name", { type: 2, nsp: "/", data: [{}] }],
    ["an ack without an id", { type: 3, nsp: "/", data: [] }],
    ["an id that is none", { type: 2, nsp: "/", data: ["a"], id: NaN }],
  ])("that decodes to %s", (_, packet) => {
    class Decoder extends TwoChunks {
      #on: (packet: RawPacket) => void = () => {};
      override on(_: "decoded", listener: (packet: RawPacket) => void) {
        this.#on = listener;
      }
      override add() {
        this.#on(packet as RawPacket);
      }
    }
    const parser = { Encoder: TwoChunks, Decoder };
    expect(() => reading(make({ parser })).push("4")).toThrow(
      expect.objectContaining({ layer: "packet" }) as Error,
    );
  });

  test("that encodes to neither strings nor bytes", () => {
    class Encoder {
      encode(): unknown[] {
        return [{}];
      }
    }
    const dialect = make({ parser: { ...twoChunks, Encoder } });
    expect(() => dialect.encode(event)).toThrow(TypeError);
  });
});

describe("our grammar in the interface of socket.io-parser", () => {
  const raw = fc.record(
    {
      type: fc.constantFrom(2, 3),
      nsp,
      data: list(buffers).map((args) => ["a", ...args]),
      id: ackId,
    },
    { requiredKeys: ["type", "nsp", "data"] },
  );

  test.each([
    ["ours to theirs", ours, theirs],
    ["theirs to ours", theirs, ours],
  ])("%s", (_, from, to) => {
    fc.assert(
      fc.property(raw, (packet) => {
        const chunks = new from.Encoder().encode({ ...packet });
        const decoder = new to.Decoder();
        const decoded: RawPacket[] = [];
        decoder.on("decoded", (packet) => decoded.push(packet));
        for (const chunk of chunks) decoder.add(chunk);
        expect(decoded).toEqual([packet]);
      }),
      { numRuns: PROPERTY_RUNS / 5 },
    );
  });

  test("the same constants", () => {
    expect(theirs.PacketType).toMatchObject(ours.PacketType);
    expect(theirs.protocol).toBe(ours.protocol);
  });

  test("replacer and reviver", () => {
    const [text] = new ours.Encoder((key, value) =>
      key === "a" ? undefined : value,
    ).encode({ type: 2, nsp: "/", data: ["x", { a: 1, b: 2 }] });
    expect(text).toBe('2["x",{"b":2}]');
    for (const reviver of [
      (_: string, value: unknown) => (value === 2 ? "two" : value),
    ]) {
      for (const options of [reviver, { reviver }]) {
        const decoder = new ours.Decoder(options);
        const listener = vi.fn();
        decoder.on("decoded", listener).add(text);
        expect(listener).toHaveBeenCalledWith({
          type: 2,
          nsp: "/",
          data: ["x", { b: "two" }],
        });
      }
    }
  });

  test("listeners can be removed, and a half-received packet forgotten", () => {
    const decoder = new ours.Decoder();
    const listener = vi.fn();
    decoder.on("decoded", listener).off("decoded", listener);
    decoder.on("decoded", listener).removeListener("decoded", listener);
    decoder.on("decoded", listener).removeAllListeners();
    decoder.add('2["a"]');
    expect(listener).not.toHaveBeenCalled();
    decoder.on("decoded", listener);
    decoder.add('51-["a"]');
    decoder.destroy();
    decoder.add('2["a"]');
    expect(listener).toHaveBeenCalledOnce();
    expect(() => decoder.add(Uint8Array.of(1))).toThrow();
    expect(() =>
      new ours.Decoder({ maxAttachments: 2 }).add('53-["a"]'),
    ).toThrow();
  });

  test.each<[RawPacket]>([
    [{ type: 0, nsp: "/" }],
    [{ type: 0, nsp: "/", data: {} }],
    [{ type: 0, nsp: "/", data: [] }],
    [{ type: 1, nsp: "/" }],
    [{ type: 1, nsp: "/", data: null }],
    [{ type: 2, nsp: "/", data: ["a"], id: 1 }],
    [{ type: 2, nsp: "/", data: [1] }],
    [{ type: 2, nsp: "/", data: [] }],
    [{ type: 2, nsp: "/", data: ["connect"] }],
    [{ type: 2, nsp: "/", data: ["a"], id: 0.5 }],
    [{ type: 3, nsp: "/", data: [] }],
    [{ type: 3, nsp: "/", data: "a" }],
    [{ type: 4, nsp: "/", data: "a" }],
    [{ type: 4, nsp: "/", data: { message: "a" } }],
    [{ type: 4, nsp: "/", data: 1 }],
    [{ type: 4, nsp: "/" }],
    [{ type: 5, nsp: "/", data: ["a"] }],
    [{ type: 7, nsp: "/" }],
  ])("isPacketValid(%j) agrees", (packet) => {
    expect(ours.isPacketValid(packet)).toBe(theirs.isPacketValid(packet));
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  encodeClose,
  encodeFrame,
  encodeFrames,
  encodePing,
  encodePongs,
  headerSize,
  payloadSize,
  writeHeader,
  writeInto,
} from "../../../src/carriers/websocket/encoder.js";
import {
  portablePorts,
  type FramePorts,
} from "../../../src/carriers/websocket/ports.js";
import {
  concat,
  hex,
  PORTS,
  serverFrames,
  toHex,
  utf8,
  type Heard,
} from "./support.js";
import { heardByWs } from "./ws-receiver.js";

const unit = fc.oneof(
  fc.string({ maxLength: 300 }),
  // Lone surrogates too.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }))
    .map((codes) => String.fromCharCode(...codes)),
  fc.uint8Array({ maxLength: 300 }),
);

/** Ports whose memory is full of what must not leave. */
const dirty = (ports: FramePorts): FramePorts => ({
  ...ports,
  allocate: (size) => ports.allocate(size).fill(0xdd),
});

/** What a client, as ws has it, reads. */
const readByWs = (bytes: Uint8Array) => heardByWs(bytes, { isServer: false });

describe.each(PORTS)("the encoder, with %s", (_, ports) => {
  it.each<[string, Uint8Array, string]>([
    ["RFC 6455, 5.7: Hello", encodeFrame("Hello", ports), "810548656c6c6f"],
    ["an empty text", encodeFrame("", ports), "8100"],
    ["bytes", encodeFrame(hex("00ff"), ports), "820200ff"],
    ["no bytes", encodeFrame(new Uint8Array(0), ports), "8200"],
    ["UTF-8", encodeFrame("ä€😀", ports), "8109c3a4e282acf09f9880"],
    ["a lone surrogate", encodeFrame("\ud800", ports), "8103efbfbd"],
    ["two frames", encodeFrames(["a", hex("01")], ports), "810161820101"],
    ["no frames", encodeFrames([], ports), ""],
    [
      "RFC 6455, 5.7: a ping",
      encodePing(utf8("Hello"), ports),
      "890548656c6c6f",
    ],
    ["pongs", encodePongs([hex(""), hex("01")], ports), "8a008a0101"],
    ["a close without code", encodeClose(undefined, "ignored", ports), "8800"],
    [
      "a close with a code that stays here",
      encodeClose(1005, "", ports),
      "8800",
    ],
    ["a close with a code", encodeClose(1009, "", ports), "880203f1"],
    [
      "a close with a reason",
      encodeClose(1001, "bye", ports),
      "880503e9627965",
    ],
  ])("%s", (_name, bytes, expected) => {
    expect(toHex(bytes)).toBe(expected);
  });

  it.each([0, 1, 125, 126, 127, 65535, 65536, 70_000])(
    "a payload of %i bytes",
    (size) => {
      const payload = new Uint8Array(size).fill(7);
      const frame = encodeFrame(payload, ports);
      expect(frame.length).toBe(headerSize(size) + size);
      expect(serverFrames(frame)).toEqual([
        { first: 0x82, payload: Buffer.from(payload) },
      ]);
      const asText = encodeFrame("x".repeat(size), ports);
      expect(serverFrames(asText)).toEqual([
        { first: 0x81, payload: Buffer.alloc(size, "x") },
      ]);
    },
  );

  it("writes lengths beyond 32 bits", () => {
    const header = new Uint8Array(10);
    expect(writeHeader(header, 0, 2, 2 ** 40 + 5)).toBe(10);
    expect(toHex(header)).toBe("827f0000010000000005");
  });

  it("cuts a long reason between characters", () => {
    for (const reason of [
      "x".repeat(500),
      "€".repeat(100),
      "😀".repeat(60),
      `a${"😀".repeat(60)}`,
    ]) {
      const [frame] = serverFrames(encodeClose(1000, reason, ports));
      const told = Buffer.from(frame?.payload ?? []).subarray(2);
      expect(told.length).toBeGreaterThan(119);
      expect(told.length).toBeLessThanOrEqual(123);
      expect(reason.startsWith(told.toString())).toBe(true);
    }
  });

  it("refuses control frames of more than 125 bytes", () => {
    expect(() => encodePing(new Uint8Array(126), ports)).toThrow(RangeError);
    expect(() => encodePongs([new Uint8Array(126)], ports)).toThrow(RangeError);
  });

  it("writes what ws reads", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(unit), async (units) => {
        const expected = units.map((one): Heard =>
          typeof one === "string"
            ? ["text", Buffer.from(one).toString()]
            : ["binary", toHex(one)],
        );
        expect(await readByWs(encodeFrames(units, ports))).toEqual(expected);
        const singly = concat(units.map((one) => encodeFrame(one, ports)));
        expect(await readByWs(singly)).toEqual(expected);
      }),
    );
    expect(await readByWs(encodePing(hex("01"), ports))).toEqual([
      ["ping", "01"],
    ]);
    expect(await readByWs(encodePongs([hex("01"), hex("")], ports))).toEqual([
      ["pong", "01"],
      ["pong", ""],
    ]);
    expect(await readByWs(encodeClose(4000, "ä", ports))).toEqual([
      ["close", 4000, "ä"],
    ]);
  });

  // CVE-2026-45736
  it("leaves no byte as it was allocated", () => {
    fc.assert(
      fc.property(fc.array(unit), (units) => {
        expect(encodeFrames(units, dirty(ports))).toEqual(
          encodeFrames(units, ports),
        );
      }),
    );
    const reason = "because";
    expect(encodeClose(1000, reason, dirty(ports))).toEqual(
      encodeClose(1000, reason, ports),
    );
    expect(encodePongs([hex("01"), hex("")], dirty(ports))).toEqual(
      encodePongs([hex("01"), hex("")], ports),
    );
  });

  it("knows the size of any text before writing it", () => {
    fc.assert(
      fc.property(unit, (one) => {
        const payload = payloadSize(one, ports.text);
        expect(payload).toBe(Buffer.byteLength(one));
        const into = ports.allocate(payload + 20).fill(0xdd);
        const end = writeInto(into, 5, one, payload, ports.text);
        expect(end).toBe(5 + headerSize(payload) + payload);
        expect(
          [...into.subarray(0, 5), ...into.subarray(end)].every(
            (byte) => byte === 0xdd,
          ),
        ).toBe(true);
      }),
    );
  });
});

describe("a codec that contradicts itself", () => {
  it("does not get memory sent out", () => {
    const text = {
      ...portablePorts.text,
      byteLength: (content: string) => content.length,
    };
    expect(() => encodeFrame("ä", { ...portablePorts, text })).toThrow(
      RangeError,
    );
  });
});

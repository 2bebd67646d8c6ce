import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameWriter } from "../../../src/carriers/websocket/frame-writer.js";
import { portablePorts } from "../../../src/carriers/websocket/ports.js";
import { LINES, type Line } from "../../../src/dialects/dialect.js";
import { Outgoing } from "../../../src/dialects/outgoing.js";
import type { Unit } from "../../../src/dialects/packet.js";
import { concat, hex, serverFrames, toHex } from "./support.js";

/** A dialect that counts how often it frames. */
function counting() {
  const dialect = {
    framed: 0,
    frame(units: readonly Unit[], line: Line): Unit[] {
      dialect.framed++;
      return units.map((unit) =>
        line.binary || typeof unit === "string" ? unit : `b${toHex(unit)}`,
      );
    },
  };
  return dialect;
}

const shared = (...units: Unit[]) => new Outgoing(units, false, true, true);
const own = (...units: Unit[]) => new Outgoing(units);

const payloads = (bytes: Uint8Array | readonly Uint8Array[]) =>
  serverFrames(bytes instanceof Uint8Array ? bytes : concat(bytes)).map(
    ({ payload }) => payload.toString(),
  );

describe("packets for one receiver", () => {
  it("are written into one piece, attachments included", () => {
    const writer = new FrameWriter(counting(), LINES.websocket, portablePorts);
    const bytes = writer.bytesOf([own("51-", hex("61")), own("42")]);
    expect(bytes).toBeInstanceOf(Uint8Array);
    expect(payloads(bytes)).toEqual(["51-", "a", "42"]);
  });

  it("are not prepared", () => {
    const outgoing = own("a");
    new FrameWriter(counting(), LINES.websocket, portablePorts).bytesOf([
      outgoing,
    ]);
    expect(outgoing.prepared).toBeUndefined();
  });
});

describe("text that is written as it is", () => {
  const write = (...batch: Outgoing[]) =>
    new FrameWriter(counting(), LINES.websocket, portablePorts).textOf(batch);

  it("has a character for each byte of the frames", () => {
    const ascii = fc.string({ unit: "binary-ascii", maxLength: 300 });
    const units = fc.array(ascii, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(units, { minLength: 1 }), (all) => {
        const batch = all.map((some) => own(...some));
        const writer = new FrameWriter(
          counting(),
          LINES.websocket,
          portablePorts,
        );
        const bytes = [writer.bytesOf(batch)].flat();
        expect(writer.textOf(batch)).toBe(
          Buffer.concat(bytes).toString("latin1"),
        );
      }),
    );
  });

  it("may be as long as a header of four bytes allows, up to 8 KiB", () => {
    expect(write(own("x".repeat(126)))).toBe(
      `\x81\x7e\x00\x7e${"x".repeat(126)}`,
    );
    expect(write(own("x".repeat(8192)))).toBe(
      `\x81\x7e\x20\x00${"x".repeat(8192)}`,
    );
    expect(write(own("x".repeat(8193)))).toBeUndefined();
  });

  it("is none of what is not ASCII, binary, or framed once for many", () => {
    expect(write(own("a"), own("é"))).toBeUndefined();
    expect(write(own("\u{1f600}"))).toBeUndefined();
    expect(write(own("51-", hex("61")))).toBeUndefined();
    expect(write(shared("a"))).toBeUndefined();
    expect(write(own("a"), shared("a"))).toBeUndefined();
  });
});

describe("packets for many receivers", () => {
  it("are framed once and give the same bytes to all", () => {
    const dialect = counting();
    const writer = new FrameWriter(dialect, LINES.websocket, portablePorts);
    const outgoing = shared("a", hex("62"));
    const first = writer.bytesOf([outgoing]);
    expect(payloads(first)).toEqual(["a", "b"]);
    expect(writer.bytesOf([outgoing])).toBe(first);
    expect(outgoing.prepared).toEqual({ line: LINES.websocket, bytes: first });
    expect(dialect.framed).toBe(1);
  });

  it("are framed again for another line, and the first line keeps its frames", () => {
    const dialect = counting();
    const bytesLine = new FrameWriter(dialect, LINES.websocket, portablePorts);
    const textLine = new FrameWriter(
      dialect,
      LINES.websocketText,
      portablePorts,
    );
    const outgoing = shared(hex("62"));
    const first = bytesLine.bytesOf([outgoing]);
    expect(payloads(textLine.bytesOf([outgoing]))).toEqual(["b62"]);
    expect(bytesLine.bytesOf([outgoing])).toBe(first);
  });

  it("are joined once for all receivers of the same batch", () => {
    const dialect = counting();
    const writer = new FrameWriter(dialect, LINES.websocket, portablePorts);
    const batch = [shared("a"), shared("b"), shared("c")];
    const first = writer.bytesOf(batch);
    expect(payloads(first)).toEqual(["a", "b", "c"]);
    expect(writer.bytesOf([...batch])).toBe(first);
    expect(dialect.framed).toBe(3);
  });

  it("are joined anew for a batch that differs, though it ends alike", () => {
    const writer = new FrameWriter(counting(), LINES.websocket, portablePorts);
    const [a, b, c] = [shared("a"), shared("b"), shared("c")];
    expect(payloads(writer.bytesOf([a, b, c]))).toEqual(["a", "b", "c"]);
    expect(payloads(writer.bytesOf([b, c]))).toEqual(["b", "c"]);
    expect(payloads(writer.bytesOf([b, a, c]))).toEqual(["b", "a", "c"]);
    expect(payloads(writer.bytesOf([a, b, c]))).toEqual(["a", "b", "c"]);
  });

  it("are joined as they were, though the caller uses its array again", () => {
    const writer = new FrameWriter(counting(), LINES.websocket, portablePorts);
    const [a, b, c] = [shared("a"), shared("b"), shared("c")];
    const batch = [a, c];
    writer.bytesOf(batch);
    batch[0] = b;
    expect(payloads(writer.bytesOf(batch))).toEqual(["b", "c"]);
  });

  it("keep their order among packets of one receiver", () => {
    const writer = new FrameWriter(counting(), LINES.websocket, portablePorts);
    const common = shared("b");
    const bytes = writer.bytesOf([own("a"), common, own("c")]);
    expect(payloads(bytes)).toEqual(["a", "b", "c"]);
    expect(common.prepared).toBeDefined();
  });

  it("are not copied when they are large", () => {
    const writer = new FrameWriter(counting(), LINES.websocket, portablePorts);
    const batch = [shared("x".repeat(40_000)), shared("y".repeat(40_000))];
    const pieces = writer.bytesOf(batch);
    expect(pieces).toEqual(batch.map((outgoing) => outgoing.prepared?.bytes));
    expect(payloads(pieces).map((payload) => payload.length)).toEqual([
      40_000, 40_000,
    ]);
  });
});

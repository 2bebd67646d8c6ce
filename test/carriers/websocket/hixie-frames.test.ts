/**
 * Frames of hixie-75 and hixie-76: what old peers put on the wire, what nobody
 * may, and that it does not matter how the bytes are cut.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HixieDecoder } from "../../../src/carriers/websocket/hixie-decoder.js";
import { encodeHixieFrames } from "../../../src/carriers/websocket/hixie-encoder.js";
import {
  portablePorts,
  type FramePorts,
} from "../../../src/carriers/websocket/ports.js";
import { concat, cut, hex, PORTS, toHex, utf8 } from "./support.js";

type Heard = string | { closed: true } | { error: number };

function decode(
  chunks: readonly Uint8Array[],
  { limit = 1000, ports = portablePorts } = {},
): Heard[] {
  const heard: Heard[] = [];
  const decoder = new HixieDecoder(
    {
      onMessage: (message) => heard.push(message),
      onClose: () => heard.push({ closed: true }),
      onError: (error) => heard.push({ error }),
    },
    limit,
    ports,
  );
  for (const chunk of chunks) {
    // In memory that is overwritten right after it was read.
    const reused = Uint8Array.from(chunk);
    decoder.push(reused);
    reused.fill(0xee);
  }
  return heard;
}

const frame = (text: string | Uint8Array): Uint8Array =>
  concat([hex("00"), typeof text === "string" ? utf8(text) : text, hex("ff")]);

const closed = { closed: true } as const;
const broken = { error: 1002 } as const;
const tooBig = { error: 1009 } as const;

const FRAMES: [name: string, bytes: string, heard: Heard[]][] = [
  ["0.7's greeting", "00 313a3a ff", ["1::"]],
  ["a message of 0.8", "00 333a3a3a68c3a96c6c6f ff", ["3:::héllo"]],
  ["0.6's session id", "00 7e6d7e347e6d7e31323334 ff", ["~m~4~m~1234"]],
  ["an empty message", "00 ff", [""]],
  ["two messages", "00 61 ff 00 62 ff", ["a", "b"]],
  ["a message and a close", "00 61 ff ff 00", ["a", closed]],
  ["a close and what nobody reads", "ff 00 00 61 ff 81", [closed]],
  ["NUL in a message", "00 61 00 62 ff", ["a\0b"]],
  ["U+FFFD in a message", "00 efbfbd ff", ["\ufffd"]],
  ["U+FFFF in a message", "00 efbfbf ff", ["\uffff"]],
  ["a byte order mark", "00 efbbbf61 ff", ["\ufeffa"]],
  ["an emoji", "00 f09f9880 ff", ["😀"]],
  ["a lone surrogate", "00 61eda08062 ff", ["a\ufffd\ufffd\ufffdb"]],
  ["half a character", "00 c3 ff 00 61 ff", ["\ufffd", "a"]],
  ["a byte that UTF-8 never has", "00 fe ff", ["\ufffd"]],
  ["a frame without an end", "00 61", []],
  ["nothing but the type of a close", "ff", []],
  ["a close that is none", "ff 01", [broken]],
  ["a close with a long length", "ff 80 00", [broken]],
  ["a frame with a length", "80 02 6161", [broken]],
  ["a length without end", "80 ffffffffffffffff", [broken]],
  ["a frame of another type", "01 61 ff", [broken]],
  ["a frame of RFC 6455", "81 80 00000000", [broken]],
  ["an end without a start", "00 61 ff 61 ff", ["a", broken]],
  ["HTTP", "474554202f", [broken]],
];

describe.each(PORTS)("frames, with %s", (_, ports) => {
  describe.each(FRAMES)("%s", (_, bytes, heard) => {
    it("in one piece", () => {
      expect(decode([hex(bytes)], { ports })).toEqual(heard);
    });
    it("byte by byte", () => {
      expect(decode(cut(hex(bytes), [1]), { ports })).toEqual(heard);
    });
  });
});

describe("a message at the limit", () => {
  it.each([[[1000]], [[1]], [[600]], [[1001, 1]]])(
    "arrives in pieces of %j",
    (sizes) => {
      const text = `${"a".repeat(96)}€`;
      expect(decode(cut(frame(text), sizes), { limit: 99 })).toEqual([text]);
      expect(decode(cut(frame(`${text}b`), sizes), { limit: 99 })).toEqual([
        tooBig,
      ]);
    },
  );

  it("is refused before its end, and nothing is heard after that", () => {
    const chunks = [
      hex("00"),
      utf8("a".repeat(60)),
      utf8("a".repeat(60)),
      hex("ff00ff"),
    ];
    expect(decode(chunks, { limit: 100 })).toEqual([tooBig]);
  });
});

describe("memory", () => {
  /** Ports that count what is asked for. */
  function counting(): { ports: FramePorts; asked: () => number } {
    let asked = 0;
    const allocate = (size: number) => {
      asked += size;
      return new Uint8Array(size);
    };
    return { ports: { ...portablePorts, allocate }, asked: () => asked };
  }

  it("is a small multiple of what arrives, however it is cut", () => {
    const { ports, asked } = counting();
    const bytes = frame("a".repeat(100_000));
    expect(decode(cut(bytes, [1]), { limit: 1e6, ports })).toHaveLength(1);
    expect(asked()).toBeLessThan(5 * bytes.length);
  });

  it("is none for messages in one piece", () => {
    const { ports, asked } = counting();
    expect(decode([concat([frame("a"), frame("b")])], { ports })).toEqual([
      "a",
      "b",
    ]);
    expect(asked()).toBe(0);
  });

  it("that is not there ends the connection", () => {
    const ports: FramePorts = {
      ...portablePorts,
      allocate() {
        throw new RangeError("no memory");
      },
    };
    expect(decode([hex("0061"), hex("62ff")], { ports })).toEqual([tooBig]);
  });
});

it("a handler that throws stops the reading", () => {
  const heard: string[] = [];
  const decoder = new HixieDecoder(
    {
      onMessage(message) {
        heard.push(message);
        throw new Error("the application's");
      },
      onClose: () => heard.push("closed"),
      onError: () => heard.push("error"),
    },
    100,
    portablePorts,
  );
  expect(() => decoder.push(concat([frame("a"), frame("b")]))).toThrow(
    "the application's",
  );
  decoder.push(frame("c"));
  expect(heard).toEqual(["a"]);
});

describe("any bytes", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    // Mostly frames.
    fc
      .array(fc.constantFrom(0x00, 0xff, 0x61, 0xc3, 0xa9, 0x80), {
        maxLength: 60,
      })
      .map((list) => Uint8Array.from([0, ...list])),
  );
  const sizes = fc.array(fc.integer({ min: 1, max: 20 }), {
    minLength: 1,
    maxLength: 8,
  });

  it.each(PORTS)("are read alike however they are cut, with %s", (_, ports) => {
    fc.assert(
      fc.property(
        bytes,
        sizes,
        fc.integer({ min: 0, max: 20 }),
        (all, sizes, limit) => {
          expect(decode(cut(all, sizes), { limit, ports })).toEqual(
            decode([all], { limit, ports }),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("are read as the drafts say", () => {
    // The plainest reader there is.
    const read = (all: Buffer): Heard[] => {
      const [type, next] = all;
      if (type === undefined) return [];
      if (type === 0xff)
        return next === undefined ? [] : next === 0 ? [closed] : [broken];
      if (type !== 0) return [broken];
      const end = all.indexOf(0xff);
      if (end < 0) return [];
      return [all.subarray(1, end).toString(), ...read(all.subarray(end + 1))];
    };
    fc.assert(
      fc.property(bytes, (all) => {
        expect(decode([all])).toEqual(read(Buffer.from(all)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe.each(PORTS)("what is sent, with %s", (_, ports) => {
  it("is what old servers sent", () => {
    expect(toHex(encodeHixieFrames(["1::"], ports))).toBe("00313a3aff");
    expect(toHex(encodeHixieFrames(["3:::héllo", "2::"], ports))).toBe(
      "00333a3a3a68c3a96c6c6fff00323a3aff",
    );
    expect(toHex(encodeHixieFrames([], ports))).toBe("");
  });

  it("is read back, lone surrogates as U+FFFD", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .array(fc.integer({ min: 0, max: 0xffff }))
        .map((units) => String.fromCharCode(...units)),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
        const frames = encodeHixieFrames(texts, ports);
        expect(decode([frames], { ports, limit: 1e6 })).toEqual(
          texts.map((text) => Buffer.from(text).toString()),
        );
      }),
    );
  });

  it("is never bytes", () => {
    expect(() => encodeHixieFrames(["a", hex("00")], ports)).toThrow(TypeError);
  });
});

it("no unwritten memory leaves, if the codec contradicts itself", () => {
  const ports: FramePorts = {
    ...portablePorts,
    text: { ...portablePorts.text, byteLength: () => 5 },
  };
  expect(() => encodeHixieFrames(["a"], ports)).toThrow(RangeError);
});

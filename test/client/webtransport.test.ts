import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { io, WebTransport } from "../../src/client/index.js";
import { readFrame, withHeader } from "../../src/client/webtransport.js";
import { connect, nextValue } from "./support.js";

const { createPacketEncoderStream } = createRequire(import.meta.url)(
  "engine.io-parser",
) as {
  createPacketEncoderStream: () => TransformStream<object, Uint8Array>;
};

/** What engine.io-parser writes for a message. */
async function theirs(data: string | Uint8Array): Promise<Uint8Array> {
  const stream = createPacketEncoderStream();
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  void writer.write({ type: "message", data });
  const header = (await reader.read()).value!;
  const body = (await reader.read()).value!;
  return Buffer.concat([header, body]);
}

describe("frames on a WebTransport stream", () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536])(
    "are those of engine.io-parser for %i bytes",
    async (length) => {
      const text = "a".repeat(length);
      expect(Buffer.from(withHeader("4" + text))).toEqual(await theirs(text));
      const bytes = Buffer.alloc(length, 7);
      expect(Buffer.from(withHeader(bytes))).toEqual(await theirs(bytes));
    },
  );

  it("are read as they were written, wherever the stream is cut", () => {
    const unit = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.uint8Array({ maxLength: 300 }),
    );
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1 }), fc.nat(), (units, cut) => {
        const all = new Uint8Array(Buffer.concat(units.map(withHeader)));
        const read: unknown[] = [];
        let waiting: Uint8Array<ArrayBuffer> = all.slice(0, cut % all.length);
        for (const more of [new Uint8Array(), all.slice(waiting.length)]) {
          waiting = new Uint8Array(Buffer.concat([waiting, more]));
          for (
            let frame = readFrame(waiting);
            frame;
            frame = readFrame(waiting)
          ) {
            read.push(frame.unit);
            waiting = frame.rest;
          }
        }
        expect(read).toEqual(units);
        expect(waiting.length).toBe(0);
      }),
    );
  });
});

describe("WebTransport", () => {
  it("fails with an error where the platform does not have it", async () => {
    const socket = connect("https://localhost:1", {
      transports: [WebTransport],
      reconnection: false,
    });
    expect((await nextValue<Error>(socket, "connect_error")).message).toBe(
      "webtransport error",
    );
    expect(io.Manager).toBeDefined();
  });
});

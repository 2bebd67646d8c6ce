/**
 * The decoder against itself (bytes may be cut anywhere) and against `ws`
 * (the same events, or the same close code) on streams of frames that are
 * mostly valid, sometimes damaged, sometimes pure noise.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clientFrame,
  closePayload,
  concat,
  cut,
  decode,
  PORTS,
} from "./support.js";
import { heardByWs } from "./ws-receiver.js";

const LIMIT = 2000;
const mask = fc.uint8Array({ minLength: 4, maxLength: 4 });

const control = fc.record({
  opcode: fc.constantFrom(9, 10),
  payload: fc.uint8Array({ maxLength: 125 }),
  mask,
});

const content = fc.oneof(
  fc
    .string({ unit: "binary", maxLength: 200 })
    .map((s) => ({ opcode: 1, payload: Buffer.from(s) })),
  fc
    .string({ maxLength: 300 })
    .map((s) => ({ opcode: 1, payload: Buffer.from(s) })),
  fc.uint8Array({ maxLength: 400 }).map((payload) => ({ opcode: 2, payload })),
  // Mostly not UTF-8.
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ maxLength: 8 })
      .map((payload) => ({ opcode: 1, payload })),
  },
);

/** A message in one to four fragments, with control frames in between. */
const message = fc
  .tuple(
    content,
    fc.array(fc.nat(400), { maxLength: 3 }),
    fc.array(control, { maxLength: 2 }),
    mask,
  )
  .map(([{ opcode, payload }, cuts, controls, mask]) => {
    const edges = [
      0,
      ...cuts.map((at) => Math.min(at, payload.length)).sort((a, b) => a - b),
      payload.length,
    ];
    const frames = edges.slice(1).map((end, i) =>
      clientFrame({
        opcode: i === 0 ? opcode : 0,
        payload: payload.subarray(edges[i], end),
        fin: i === edges.length - 2,
        mask,
      }),
    );
    controls.forEach((frame, i) => frames.splice(i + 1, 0, clientFrame(frame)));
    return concat(frames);
  });

const closing = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(1000, 1001, 1005, 1015, 3000, 4999),
      fc.nat(65535),
    ),
    fc.string({ maxLength: 40 }),
  )
  .map(([code, reason]) =>
    clientFrame({ opcode: 8, payload: closePayload(code, reason) }),
  );

/** Any frame, as wrong as can be. */
const wild = fc
  .record({
    opcode: fc.nat(15),
    payload: fc.uint8Array({ maxLength: 130 }),
    fin: fc.boolean(),
    reserved: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat(7)),
    mask: fc.oneof({ weight: 5, arbitrary: mask }, fc.constant(null)),
    lengthBytes: fc.constantFrom<(0 | 2 | 8)[]>(2, 8),
  })
  .map(clientFrame);

const oversize = fc
  .tuple(fc.constantFrom(1, 2), fc.bigInt(1n, (1n << 64n) - 1n))
  .map(([opcode, announced]) =>
    clientFrame({ opcode, announced, lengthBytes: 8 }),
  );

const stream = fc
  .tuple(
    fc.array(message, { maxLength: 6 }),
    fc.array(
      fc.oneof(
        closing,
        wild,
        oversize,
        fc.uint8Array({ maxLength: 20 }),
        message,
      ),
      { maxLength: 2 },
    ),
    fc.option(fc.tuple(fc.nat(3000), fc.integer({ min: 1, max: 255 }))),
    fc.option(fc.nat(40)),
  )
  .map(([messages, rest, damage, missing]) => {
    const bytes = Uint8Array.from(concat([...messages, ...rest]));
    if (damage !== null && bytes.length > 0) {
      const at = damage[0] % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ damage[1];
    }
    return bytes.subarray(0, Math.max(0, bytes.length - (missing ?? 0)));
  });

describe.each(PORTS)("on any stream of bytes, with %s", (_, ports) => {
  it("cuts change nothing", () => {
    fc.assert(
      fc.property(
        stream,
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
        (bytes, sizes) => {
          const whole = decode([bytes], { limit: LIMIT, ports });
          expect(
            decode(cut(bytes, sizes), { limit: LIMIT, ports }).heard,
          ).toEqual(whole.heard);
          expect(
            decode(cut(bytes, [1]), { limit: LIMIT, ports }).heard,
          ).toEqual(whole.heard);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("the events are those of ws", async () => {
    await fc.assert(
      fc.asyncProperty(stream, async (bytes) => {
        expect(decode([bytes], { limit: LIMIT, ports }).heard).toEqual(
          await heardByWs(bytes, { isServer: true, maxPayload: LIMIT }),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("noise is never fatal", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 10 }),
        (chunks) => {
          decode(chunks, { limit: LIMIT, ports });
        },
      ),
    );
  });
});

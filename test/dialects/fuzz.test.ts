/**
 * Whatever arrives, a decoder answers with packets or with a ProtocolError;
 * doors and JSONP never throw at all.
 */
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type HostedDialect, LINES } from "../../src/dialects/dialect.js";
import { eio3, eio4 } from "../../src/dialects/index.js";
import { jsonpBody, jsonpPayload } from "../../src/dialects/jsonp.js";
import * as msgpack from "../../src/dialects/msgpack.js";
import { decode } from "../../src/dialects/msgpack-read.js";
import { ProtocolError, type Unit } from "../../src/dialects/packet.js";
import { FUZZ_RUNS, LIMITS, list, mixed, nsp } from "./support.js";

const TIMEOUT = Math.max(60_000, FUZZ_RUNS * 20);

/** Runs `decode`; anything but a ProtocolError is a defect. */
function survive(decode: () => void): void {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
}

/** What parsers trip over, glued together. */
const pieces = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'0123456789-,/:[]{}"\\b?&='.split(""),
        "\x1e",
        "42[",
        "451-",
        "452-[",
        "0{",
        '{"_placeholder":true,"num":0}',
        '{"_placeholder":true,"num":-1}',
        '"__proto__"',
        '"sid"',
        "null",
        "1e9",
        "99999999999999999999",
        "\ud83d",
        "é",
        "Ã©",
      ),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

const rawText = fc.oneof(pieces, fc.string({ unit: "binary" }));
const rawBytes = fc.oneof(
  fc.uint8Array({ maxLength: 30 }),
  // What looks like the beginning of a binary payload.
  fc
    .tuple(
      fc.constantFrom(0, 1, 2),
      fc.array(fc.integer({ min: 0, max: 10 }), { maxLength: 3 }),
      fc.uint8Array({ maxLength: 12 }),
    )
    .map(([kind, digits, rest]) =>
      Uint8Array.from([kind, ...digits, 255, ...rest]),
    ),
);
const frame: fc.Arbitrary<Unit> = fc.oneof(rawText, rawBytes);
const line = fc.constantFrom(...Object.values(LINES));

describe.each<[string, HostedDialect, number]>([
  ["eio4", eio4(), FUZZ_RUNS],
  ["eio3", eio3(), FUZZ_RUNS],
  // What these have of their own is little.
  ["eio4 with msgpack", eio4({ parser: msgpack }), FUZZ_RUNS / 5],
  ["eio3 of 1.0", eio3({ text: "1.0" }), FUZZ_RUNS / 5],
  ["eio3 of 1.x", eio3({ text: "1.x" }), FUZZ_RUNS / 10],
  ["eio3 of 2.x", eio3({ text: "2.x" }), FUZZ_RUNS / 10],
])("%s", (_, dialect, numRuns) => {
  test("units", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 4 }), (units) => {
        const decoder = dialect.decoder(LIMITS);
        for (const unit of units) survive(() => decoder.push(unit));
      }),
      { numRuns },
    );
  });

  test("messages", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(frame, frame, (first, second) => {
        const decoder = dialect.decoder(LIMITS);
        survive(() => decoder.push(dialect.wrap(first)));
        survive(() => decoder.push(dialect.wrap(second)));
      }),
      { numRuns },
    );
  });

  test("frames", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(frame, line, (frame, line) => {
        survive(() => {
          const decoder = dialect.decoder(LIMITS);
          for (const unit of dialect.unframe(frame, line)) {
            dialect.describe(unit);
            decoder.push(unit);
          }
        });
        dialect.recognises(frame);
      }),
      { numRuns },
    );
  });

  test("good frames with one thing wrong", { timeout: TIMEOUT }, () => {
    const damage = fc.record({
      at: fc.nat(200),
      drop: fc.nat(3),
      put: fc.oneof(pieces, fc.constant("")),
    });
    fc.assert(
      fc.property(list(mixed), nsp, line, damage, (args, nsp, line, damage) => {
        const units = dialect.encode({
          type: "event",
          nsp,
          args: ["x", ...args],
          id: 1,
        });
        survive(() => {
          const decoder = dialect.decoder(LIMITS);
          for (const frame of dialect.frame(units, line)) {
            const { at, drop, put } = damage;
            const broken =
              typeof frame === "string"
                ? frame.slice(0, at) + put + frame.slice(at + drop)
                : Uint8Array.from([
                    ...frame.subarray(0, at),
                    ...Buffer.from(put),
                    ...frame.subarray(at + drop),
                  ]);
            for (const unit of dialect.unframe(broken, line))
              decoder.push(unit);
          }
        });
      }),
      { numRuns },
    );
  });

  test("requests at the door", () => {
    const value = fc.oneof(
      fc.constantFrom(undefined, "4", "3", "polling", "websocket", "", "1"),
      fc.string(),
      fc.array(fc.string(), { maxLength: 3 }),
    );
    const request = fc.record({
      method: fc.string(),
      path: fc.oneof(
        fc.constantFrom("", "/", "/1/", "/websocket", "foo"),
        fc.webPath(),
        fc.string(),
      ),
      query: fc.oneof(
        fc.record(
          { EIO: value, transport: value, sid: value, j: value, b64: value },
          { requiredKeys: [] },
        ),
        fc.dictionary(fc.string(), value),
      ),
      upgrade: fc.boolean(),
    });
    fc.assert(
      fc.property(request, (request) => {
        const knock = dialect.door.knock(request);
        if (knock === undefined) return;
        expect(typeof knock.transport).toBe("string");
        expect(["string", "undefined"]).toContain(typeof knock.sid);
        expect(knock.jsonp ?? "").toMatch(/^\d*$/);
        expect(Object.values(LINES)).toContain(knock.line);
      }),
      { numRuns: numRuns / 5 },
    );
  });
});

test("MessagePack", { timeout: TIMEOUT }, () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .array(fc.integer({ min: 0x80, max: 0xdf }), { maxLength: 20 })
      .map((codes) => Uint8Array.from(codes)),
  );
  fc.assert(
    fc.property(bytes, (bytes) => {
      survive(() => decode(bytes));
    }),
    { numRuns: FUZZ_RUNS },
  );
});

test("forms of JSONP", { timeout: TIMEOUT }, () => {
  fc.assert(
    fc.property(rawText, (form) => {
      expect(typeof jsonpPayload(form)).toBe("string");
      expect(typeof jsonpPayload("d=" + form)).toBe("string");
    }),
    { numRuns: FUZZ_RUNS },
  );
});

test("JSONP bodies are scripts with one call", { timeout: TIMEOUT }, () => {
  fc.assert(
    fc.property(rawText, (payload) => {
      const calls: unknown[] = [];
      runInNewContext(jsonpBody("0", payload), {
        ___eio: [(value: unknown) => calls.push(value)],
      });
      expect(calls).toEqual([payload]);
    }),
    { numRuns: FUZZ_RUNS / 100 },
  );
});

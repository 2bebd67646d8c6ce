/** Writing arguments: the same as `JSON.stringify`, whatever is in them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "../../src/dialects/json.js";

const LONG = "The quick brown fox jumps over the lazy dog. ".repeat(20);

test("texts with any character", () => {
  for (let code = 0; code < 0x10000; code++) {
    const text = `a${String.fromCharCode(code)}`;
    expect(stringify([text, 1, null])).toBe(JSON.stringify([text, 1, null]));
  }
});

test("long texts with any character", () => {
  for (let code = 0; code < 0x300; code++) {
    const char = String.fromCharCode(code);
    for (const text of [char + LONG, LONG + char, LONG + char + LONG])
      expect(stringify(["event", text])).toBe(JSON.stringify(["event", text]));
  }
  for (const char of ["\ud83d\ude00", "\ud800", "\udfff", "\u2028", "€"])
    expect(stringify(["event", LONG + char])).toBe(
      JSON.stringify(["event", LONG + char]),
    );
});

test("lists with holes", () => {
  const data: unknown[] = ["event"];
  data[3] = LONG;
  expect(stringify(data)).toBe(JSON.stringify(data));
});

test("long texts beside anything", () => {
  const told = { toJSON: (key: string) => `key ${key}` };
  const item = fc.oneof(
    fc.constant(LONG),
    fc.constant(`${LONG}"`),
    fc.constant(undefined),
    fc.constant(told),
    fc.constant(() => 1),
    fc.constant(-0),
    fc.constant(NaN),
    fc.string({ unit: "binary" }),
    fc.anything(),
  );
  fc.assert(
    fc.property(fc.array(item, { maxLength: 4 }), (data) => {
      let expected: string | undefined;
      try {
        expected = JSON.stringify(data);
      } catch {
        expect(() => stringify(data)).toThrow();
        return;
      }
      expect(stringify(data)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

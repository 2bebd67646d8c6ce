import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { didYouMean, nearestName } from "../../src/naming/nearest-name.js";

const OPTIONS = [
  "to",
  "room",
  "skip",
  "callback",
  "namespace",
  "pingTimeout",
  "pingInterval",
  "maxHttpBufferSize",
  "cors",
];

describe("what was meant", () => {
  test.each([
    ["rooms", "room"],
    ["pingTimout", "pingTimeout"],
    ["pingtimeout", "pingTimeout"],
    ["pnigTimeout", "pingTimeout"],
    ["maxHTTPBufferSize", "maxHttpBufferSize"],
    ["maxBufferSize", "maxHttpBufferSize"],
    ["bufferSize", undefined],
    ["namspace", "namespace"],
    ["except", undefined],
    ["x", undefined],
    ["", undefined],
    ["o".repeat(10_000), undefined],
  ])("%s: %s", (name, meant) => {
    expect(nearestName(name, OPTIONS)).toBe(meant);
  });
});

test("a sentence to put behind a message, or nothing", () => {
  expect(didYouMean("coors", OPTIONS)).toBe('. Did you mean "cors"?');
  expect(didYouMean("express", OPTIONS)).toBe("");
});

test("one letter more, less or other, or two swapped, is always found", () => {
  const letter = fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz");
  fc.assert(
    fc.property(
      fc.constantFrom(...OPTIONS.filter(({ length }) => length > 4)),
      fc.nat(),
      letter,
      fc.constantFrom("insert", "delete", "replace", "swap"),
      (name, where, other, edit) => {
        const at = where % name.length;
        const [before, here] = [name.slice(0, at), name.slice(at, at + 1)];
        const after = name.slice(at + 1);
        const misspelt = {
          insert: before + other + here + after,
          delete: before + after,
          replace: before + other + after,
          swap: before + after.slice(0, 1) + here + after.slice(1),
        }[edit];
        expect(nearestName(misspelt, OPTIONS)).toBe(name);
      },
    ),
    { numRuns: 2000 },
  );
});

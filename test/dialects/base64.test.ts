import fc from "fast-check";
import { expect, test } from "vitest";
import { base64 } from "../../src/dialects/base64.js";
import { asBuffer } from "./support.js";

test("agrees with Node.js", () => {
  fc.assert(
    fc.property(fc.uint8Array({ size: "large" }), (bytes) => {
      const text = asBuffer(bytes).toString("base64");
      expect(base64.encode(bytes)).toBe(text);
      expect(base64.decode(text)).toEqual(bytes);
    }),
  );
});

test("takes megabytes", () => {
  const bytes = new Uint8Array(3_000_000).map((_, i) => i);
  const again = asBuffer(base64.decode(base64.encode(bytes)));
  expect(again.equals(bytes)).toBe(true);
});

test("skips what is not of the alphabet, whatever it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(base64.decode(text)).toBeInstanceOf(Uint8Array);
    }),
  );
  expect(base64.decode("A Q\n=ID")).toEqual(Uint8Array.of(1, 2, 3));
});

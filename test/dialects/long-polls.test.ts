import { expect, test } from "vitest";
import { eio3 } from "../../src/dialects/index.js";
import { LINES } from "../../src/dialects/dialect.js";

test("long text goes to clients of EIO 3 in the binary framing, where they take it", () => {
  const dialect = eio3();
  const units = dialect.encode({
    type: "event",
    nsp: "/",
    args: ["x", "y".repeat(40_000)],
  });
  const [bytes] = dialect.frame(units, LINES.polling);
  expect(bytes).toBeInstanceOf(Uint8Array);
  expect(dialect.unframe(bytes, LINES.polling)).toEqual(units);
  const [text] = dialect.frame(units, LINES.pollingText);
  expect(text).toBe(`${units[0].length}:${String(units[0])}`);
  const [short] = dialect.frame(["42[]"], LINES.polling);
  expect(short).toBe("4:42[]");
});

import { describe, expect, it } from "vitest";
import { readOffset } from "../../src/client/offsets.js";

describe("recovery offsets of omnio", () => {
  it("are taken off the arguments", () => {
    expect(readOffset(["news", 1, "~a3"], "~9")).toEqual({
      args: ["news", 1],
      offset: "~a3",
    });
  });

  it.each(["text", "~", "~A3", "~8", "~ä", "a3"])(
    "are not mistaken for %s at the end of a volatile event",
    (text) => {
      expect(readOffset(["news", text], "~9")).toEqual({
        args: ["news", text],
        offset: "~9",
      });
    },
  );

  it("are compared as numbers", () => {
    expect(readOffset(["news", "~10"], "~z").offset).toBe("~10");
  });

  it("are never the name of the event", () => {
    expect(readOffset(["~zz"], "~9")).toEqual({ args: ["~zz"], offset: "~9" });
  });
});

describe("recovery offsets of other servers", () => {
  it.each([
    "PfGh3k1",
    "PfGh3k1.0",
    "1700000000000-0",
    "65f1c2e8a1b2c3d4e5f60718",
  ])("%s is one, and stays an argument", (offset) => {
    expect(readOffset(["news", offset], undefined)).toEqual({
      args: ["news", offset],
      offset,
    });
  });

  it.each([
    "hello world",
    "short",
    "",
    "a sentence that is longer",
    7,
    undefined,
    { a: 1 },
  ])("%s is none", (value) => {
    expect(readOffset(["news", value], "PfGh3k1")).toEqual({
      args: ["news", value],
      offset: "PfGh3k1",
    });
  });
});

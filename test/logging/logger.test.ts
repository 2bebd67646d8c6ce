/** Loggers of all shapes, `DEBUG`, and what is never told. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { isNamed, namesInDebug } from "../../src/logging/debug.js";
import {
  logFor,
  shortened,
  withoutSecrets,
  type Logger,
} from "../../src/logging/logger.js";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** A logger with these methods, and what they were called with. */
function recorder(...methods: string[]) {
  const lines: string[] = [];
  const logger = Object.fromEntries(
    methods.map((method) => [
      method,
      (message: string) => void lines.push(`${method}: ${message}`),
    ]),
  ) as unknown as Logger;
  return { logger, lines };
}

function sayAll(logger: Logger): void {
  const log = logFor(logger, "omnio:test");
  log?.debug("d");
  log?.info("i");
  log?.warn("w");
  log?.error("e");
}

describe("a logger", () => {
  it.each([
    [
      "with all levels, as console and pino have them",
      ["debug", "info", "warn", "error"],
      ["debug", "info", "warn", "error"],
    ],
    [
      "with warning, as Python's",
      ["debug", "info", "warning", "error", "critical"],
      ["debug", "info", "warning", "error"],
    ],
    ["without warnings", ["info", "error"], ["info", "info", "error"]],
    ["of errors alone", ["error"], ["error", "error"]],
  ])("%s", (_, methods, expected) => {
    const { logger, lines } = recorder(...methods);
    sayAll(logger);
    expect(lines.map((line) => line.split(":")[0])).toEqual(expected);
    expect(lines.at(-1)).toBe("error: omnio:test e");
  });

  it("that throws breaks nothing", () => {
    sayAll({
      error() {
        throw new Error("disk full");
      },
    });
  });

  it.each([[1], ["info"], [null], [{ info() {} }]])("is not %j", (wrong) => {
    expect(() => logFor(wrong as never, "omnio:test", "engineLogger")).toThrow(
      'the option "engineLogger" must be true, false or a logger',
    );
  });
});

describe("standard error", () => {
  it("gets everything from info on with true", () => {
    const error = vi.spyOn(console, "error").mockReturnValue();
    const log = logFor(true, "omnio:test");
    log?.debug("d");
    log?.info("i");
    expect(error.mock.calls).toEqual([
      [expect.stringMatching(/^\d{4}-\S+Z INFO omnio:test i$/)],
    ]);
  });

  it("gets nothing by default, and everything with DEBUG", () => {
    const error = vi.spyOn(console, "error").mockReturnValue();
    expect(logFor(undefined, "omnio:test")).toBeUndefined();
    expect(logFor(false, "omnio:test")).toBeUndefined();
    vi.stubEnv("DEBUG", "omnio:*");
    logFor(undefined, "omnio:test")?.debug("d");
    expect(error.mock.calls).toEqual([
      [expect.stringContaining("DEBUG omnio:test d")],
    ]);
  });

  it("in browsers localStorage.debug asks for it", () => {
    // What some bundlers put in its place.
    vi.stubGlobal("process", { env: {}, versions: {} });
    vi.stubGlobal("localStorage", { getItem: () => "omnio:client*" });
    expect(logFor(undefined, "omnio:client:engine")).toBeDefined();
    expect(logFor(undefined, "omnio:server")).toBeUndefined();
    vi.stubGlobal("localStorage", {
      getItem() {
        throw new Error("not for this page");
      },
    });
    expect(logFor(undefined, "omnio:client")).toBeUndefined();
    vi.stubGlobal("process", undefined);
    vi.stubGlobal("localStorage", undefined);
    expect(logFor(undefined, "omnio:client")).toBeUndefined();
  });

  it("where there are variables localStorage is not touched", () => {
    vi.stubEnv("DEBUG", undefined);
    const touched = vi.fn();
    vi.stubGlobal("localStorage", undefined);
    Object.defineProperty(globalThis, "localStorage", {
      configurable: true,
      get: touched,
    });
    expect(namesInDebug()).toBe("");
    expect(touched).not.toHaveBeenCalled();
  });

  it.each([
    ["granted", "omnio:*"],
    ["prompt", ""],
    ["denied", ""],
  ])("in Deno the variable is read if that is %s", (state, names) => {
    vi.stubEnv("DEBUG", "omnio:*");
    const querySync = vi.fn(() => ({ state }));
    vi.stubGlobal("Deno", { permissions: { querySync } });
    expect(namesInDebug()).toBe(names);
    expect(querySync).toHaveBeenCalledWith({ name: "env", variable: "DEBUG" });
  });
});

it.each([
  ["omnio:client", true],
  ["omnio:*", true],
  ["*", true],
  ["express:*, omnio:cl*", true],
  ["omnio:*ent", true],
  ["omnio:c*i*t", true],
  ["omnio", false],
  ["omnio:client:*", false],
  ["omnio:*,-omnio:client", false],
  ["-omnio:client omnio:*", false],
  ["o*client*x", false],
  ["omnio:clien*nt", false],
  ["", false],
])("DEBUG=%j asks for omnio:client: %s", (list, expected) => {
  expect(isNamed("omnio:client", list)).toBe(expected);
});

it.each([
  ["http://user:secret@host:1/a?token=x#y", "http://host:1/a"],
  ["https://host?token=x", "https://host"],
  ["//u@host/", "//host/"],
  ["/?token=x", "/"],
])("%s is told as %s", (address, told) => {
  expect(withoutSecrets(address)).toBe(told);
});

it("ids are told as far as they tell two apart", () => {
  expect(shortened("abcdefghij")).toBe("abcd…");
  expect(shortened(undefined)).toBe("none");
});

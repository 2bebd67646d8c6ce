/** What the options of both ends are checked with, and how it is said that one is wrong. */

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function fail(name: string, value: unknown, expected: string): never {
  throw new TypeError(
    `${name} must be ${expected}, but it is ${describe(value)}`,
  );
}

/** A value as messages show it. */
export function describe(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (["bigint", "number", "symbol"].includes(typeof value))
    return String(value);
  return JSON.stringify(value) ?? "undefined";
}

/** Not given, as `null` from a configuration file is. */
export function isUnset(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/**
 * Environment variables are texts, and the reference computes with them:
 * `"5000"` is 5000. Other texts stay what they are, and are refused.
 */
export function numeric(value: unknown): unknown {
  return typeof value === "string" && value.trim() !== "" ? +value : value;
}

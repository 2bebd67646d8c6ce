/**
 * Checks of single options. All say the same three things: which option, what
 * it was, and what it may be.
 */

/** A timer of longer than this fires at once. */
const LONGEST = 2 ** 31 - 1;

type Options = object;

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
  if (typeof value === "bigint" || typeof value === "symbol")
    return String(value);
  return JSON.stringify(value) ?? "undefined";
}

function read(options: Options, name: string): unknown {
  return (options as Record<string, unknown>)[name];
}

export function boolean(
  options: Options,
  name: string,
  otherwise: boolean,
): boolean {
  const value = read(options, name);
  if (value === undefined) return otherwise;
  if (typeof value !== "boolean") fail(name, value, "true or false");
  return value;
}

/** A time, in ms. */
export function ms(options: Options, name: string, otherwise: number): number {
  const value = read(options, name);
  if (value === undefined) return otherwise;
  if (typeof value !== "number" || !(value >= 0 && value <= LONGEST))
    fail(name, value, `a number of milliseconds from 0 to ${LONGEST}`);
  return value;
}

/** A size, in bytes. */
export function size(
  options: Options,
  name: string,
  otherwise: number,
  least = 1,
): number {
  const value = read(options, name);
  if (value === undefined) return otherwise;
  if (typeof value !== "number" || !(value >= least))
    fail(name, value, `a number of bytes, ${least} or more`);
  return value;
}

/** How many of something there may be. */
export function count(
  options: Options,
  name: string,
  otherwise: number,
): number {
  const value = read(options, name);
  if (value === undefined) return otherwise;
  if (
    typeof value !== "number" ||
    !(value >= 0 && (Number.isInteger(value) || value === Infinity))
  )
    fail(name, value, "a whole number, 0 or more, or Infinity");
  return value;
}

/** A function or a class. */
export function fn<Options extends object, Name extends keyof Options & string>(
  options: Options,
  name: Name,
):
  | Extract<Options[Name], (...args: never[]) => unknown>
  | Extract<Options[Name], new (...args: never[]) => unknown>
  | undefined {
  const value = options[name];
  if (value !== undefined && typeof value !== "function")
    fail(name, value, "a function");
  return value as never;
}

/** One of these, the first by default. */
export function choice<T extends string>(
  options: Options,
  name: string,
  choices: readonly [T, ...T[]],
): T {
  const value = read(options, name);
  if (value === undefined) return choices[0];
  const chosen = choices.find((choice) => choice === value);
  if (chosen === undefined)
    fail(name, value, choices.map((choice) => `"${choice}"`).join(" or "));
  return chosen;
}

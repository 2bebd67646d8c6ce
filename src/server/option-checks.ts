/**
 * Checks of single options. All say the same three things: which option, what
 * it was, and what it may be.
 */
import { fail, isUnset, numeric } from "../options/values.js";

export { describe, fail, isObject } from "../options/values.js";

/** A timer of longer than this fires at once. */
const LONGEST = 2 ** 31 - 1;

type Options = object;

function read(options: Options, name: string): unknown {
  return (options as Record<string, unknown>)[name];
}

/** A switch of our own: nothing but `true` and `false`. */
export function boolean(
  options: Options,
  name: string,
  otherwise: boolean,
): boolean {
  const value = read(options, name);
  if (isUnset(value)) return otherwise;
  if (typeof value !== "boolean") fail(name, value, "true or false");
  return value;
}

/** A switch that the reference only asks whether it is truthy. */
export function truthy(
  options: Options,
  name: string,
  otherwise: boolean,
): boolean {
  const value = read(options, name);
  return value === undefined ? otherwise : Boolean(value);
}

/** A switch that is on in the reference unless it is `false` itself. */
export function unlessFalse(options: Options, name: string): boolean {
  return read(options, name) !== false;
}

/** A time, in ms. */
export function ms(options: Options, name: string, otherwise: number): number {
  const given = read(options, name);
  if (isUnset(given)) return otherwise;
  const value = numeric(given);
  if (typeof value !== "number" || !(value >= 0 && value <= LONGEST))
    fail(name, given, `a number of milliseconds from 0 to ${LONGEST}`);
  return value;
}

/** A time that may be without end: `Infinity` is the longest that a timer can wait, 25 days. */
export function patience(
  options: Options,
  name: string,
  otherwise: number,
): number {
  const endless = read(options, name) === Infinity;
  return endless ? LONGEST : ms(options, name, otherwise);
}

/** A time for which the reference takes whatever is falsy, 0 too, as its default. */
export function patienceIfAny(
  options: Options,
  name: string,
  otherwise: number,
): number {
  return read(options, name)
    ? patience(options, name, otherwise) || otherwise
    : otherwise;
}

/** A size, in bytes. */
export function size(
  options: Options,
  name: string,
  otherwise: number,
  least = 1,
): number {
  const given = read(options, name);
  if (isUnset(given)) return otherwise;
  const value = numeric(given);
  if (typeof value !== "number" || !(value >= least))
    fail(name, given, `a number of bytes, ${least} or more`);
  return value;
}

/** How many of something there may be. */
export function count(
  options: Options,
  name: string,
  otherwise: number,
): number {
  const given = read(options, name);
  if (isUnset(given)) return otherwise;
  const value = numeric(given);
  if (
    typeof value !== "number" ||
    !(value >= 0 && (Number.isInteger(value) || value === Infinity))
  )
    fail(name, given, "a whole number, 0 or more, or Infinity");
  return value;
}

/** A function or a class; what is falsy is none, as in the reference. */
export function fn<Options extends object, Name extends keyof Options & string>(
  options: Options,
  name: Name,
):
  | Extract<Options[Name], (...args: never[]) => unknown>
  | Extract<Options[Name], new (...args: never[]) => unknown>
  | undefined {
  const value: unknown = options[name] || undefined;
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
  if (isUnset(value)) return choices[0];
  const chosen = choices.find((choice) => choice === value);
  if (chosen === undefined)
    fail(name, value, choices.map((choice) => `"${choice}"`).join(" or "));
  return chosen;
}

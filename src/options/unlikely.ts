/**
 * Options in values that the reference takes, and works with, although nobody
 * can have meant them so: they are taken here as well, and the log says what
 * they were taken for.
 */
import { describe, isObject, isUnset, numeric } from "./values.js";

/** Which options are what. */
export interface Kinds {
  readonly numbers: readonly string[];
  /** `true` or `false`. */
  readonly switches: readonly string[];
  /** `true`, `false` or an object. */
  readonly settings: readonly string[];
}

/** A sentence for each of them. */
export function unlikelyOptions(options: object, kinds: Kinds): string[] {
  const notes: string[] = [];
  for (const [name, value] of Object.entries<unknown>({ ...options })) {
    if (isUnset(value)) continue;
    const say = (meant: string) =>
      notes.push(
        `the option ${name} is ${describe(value)}, and surely meant to be ${meant}`,
      );
    if (kinds.numbers.includes(name)) {
      const number = numeric(value);
      if (typeof number !== "number") say("a number");
      else if (number !== value)
        say(`the number ${number}, which it counts as`);
    } else if (kinds.switches.includes(name)) {
      if (typeof value !== "boolean") say("true or false");
    } else if (kinds.settings.includes(name)) {
      const sound = typeof value === "boolean" || typeof value === "function";
      if (!sound && !isObject(value)) say("true, false or an object");
    }
  }
  return notes;
}

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
    const told = `the option ${name} is ${describe(value)}`;
    if (kinds.numbers.includes(name)) {
      const number = numeric(value);
      if (typeof value === "string")
        notes.push(
          typeof number === "number"
            ? `${told}, a text, and is taken for ${number}`
            : `${told}, and is taken for its default`,
        );
    } else if (
      kinds.switches.includes(name)
        ? typeof value !== "boolean"
        : kinds.settings.includes(name) &&
          !["boolean", "function"].includes(typeof value) &&
          !isObject(value)
    )
      notes.push(`${told}, which is neither true nor false`);
  }
  return notes;
}

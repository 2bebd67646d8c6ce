/**
 * Checks what arrived against a contract. Validators may change values (a
 * default, a date made of text), so what comes out is what handlers get.
 */
import { parts, type EventShapes } from "./contract.js";
import type { AckFailure, Issue } from "./failure.js";
import type { Complaint, Result, Validator } from "./validator.js";

/** An event, or its answer, that does not keep to the contract. */
export class ValidationError extends Error {
  override readonly name = "ValidationError";

  constructor(
    readonly event: string,
    readonly issues: readonly Issue[],
    /** The event is part of the contract. */
    readonly known = true,
  ) {
    super(`"${event}" was refused: ${issues.map(sentence).join("; ")}`);
  }

  /** What the sender's acknowledgement gets. */
  get answer(): AckFailure {
    return { error: { message: this.message, issues: this.issues } };
  }
}

/** The values as the validators made them, or why they are refused. */
export type Checked = readonly unknown[] | ValidationError;

/** One side of a contract, ready to check. */
export class Checks {
  readonly #events = new Map<
    string,
    { args: readonly Validator[]; ack: readonly Validator[] }
  >();

  constructor(shapes: EventShapes = {}) {
    for (const [event, shape] of Object.entries(shapes))
      this.#events.set(event, parts(shape));
  }

  /** The names of the events. */
  get events(): Iterable<string> {
    return this.#events.keys();
  }

  /** Checks an event's arguments, without a callback. A promise only where a validator gives one. */
  args(event: string, values: readonly unknown[]): Checked | Promise<Checked> {
    const shape = this.#events.get(event);
    if (shape === undefined)
      return new ValidationError(
        event,
        [{ argument: 0, path: [], message: "the contract has no such event" }],
        false,
      );
    return check(event, shape.args, values);
  }

  /** Checks an answer to an event. An event without validators for it takes any. */
  ack(event: string, values: readonly unknown[]): Checked | Promise<Checked> {
    const validators = this.#events.get(event)?.ack ?? [];
    return validators.length === 0 ? values : check(event, validators, values);
  }
}

function check(
  event: string,
  validators: readonly Validator[],
  values: readonly unknown[],
): Checked | Promise<Checked> {
  if (values.length > validators.length)
    return new ValidationError(event, [
      {
        argument: validators.length,
        path: [],
        message: `expected ${validators.length} in all, but there are ${values.length}`,
      },
    ]);
  const results = validators.map((validator, i) =>
    validator["~standard"].validate(values[i]),
  );
  return areThere(results) ? collect(event, results) : waitFor(event, results);
}

function areThere<T>(
  results: readonly (T | Promise<T>)[],
): results is readonly T[] {
  return results.every((result) => !(result instanceof Promise));
}

async function waitFor(
  event: string,
  results: readonly (Result<unknown> | Promise<Result<unknown>>)[],
): Promise<Checked> {
  const all: Result<unknown>[] = [];
  for (const result of results) all.push(await result);
  return collect(event, all);
}

function collect(event: string, results: readonly Result<unknown>[]): Checked {
  const issues = results.flatMap((result, argument) =>
    (result.issues ?? []).map((complaint) => ({
      argument,
      path: pathOf(complaint),
      message: complaint.message,
    })),
  );
  return issues.length > 0
    ? new ValidationError(event, issues)
    : results.map((result) => ("value" in result ? result.value : undefined));
}

function pathOf({ path = [] }: Complaint): (string | number)[] {
  // Not `map`: paths of some libraries are arrays of their own kind.
  return Array.from(path, (part) => {
    const key = typeof part === "object" ? part.key : part;
    return typeof key === "number" ? key : String(key);
  });
}

/** `argument 1, user.age: must be a number` */
function sentence({ argument, path, message }: Issue): string {
  const where = path.length === 0 ? "" : `, ${path.join(".")}`;
  return `argument ${argument + 1}${where}: ${message}`;
}

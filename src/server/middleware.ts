/**
 * Middlewares, run one after another until one refuses. The same for those of
 * a namespace and those of a socket.
 */
import type { ExtendedError } from "./socket-types.js";

export type Next = (error?: ExtendedError) => void;
export type Middleware<Subject> = (subject: Subject, next: Next) => unknown;

/** What came out of a chain: passed, refused with an error, or failed by throwing or rejecting. */
export type Outcome =
  { passed: true } | { passed: false; error: ExtendedError; thrown: boolean };

const PASSED: Outcome = { passed: true };

/** Calls `done` once, whatever the middlewares do. */
export function runMiddlewares<Subject>(
  middlewares: readonly Middleware<Subject>[],
  subject: Subject,
  done: (outcome: Outcome) => void,
): void {
  const chain = [...middlewares];
  let finished = false;
  const finish = (outcome: Outcome) => {
    if (finished) return;
    finished = true;
    done(outcome);
  };
  const fail = (error: unknown) =>
    finish({ passed: false, error: toError(error), thrown: true });
  const step = (index: number) => {
    const middleware = chain[index];
    if (middleware === undefined) return finish(PASSED);
    let called = false;
    const next: Next = (error) => {
      if (called) return;
      called = true;
      // Anything truthy refuses, as with the reference.
      if (error) finish({ passed: false, error, thrown: false });
      else step(index + 1);
    };
    attempt(() => middleware(subject, next), fail);
  };
  step(0);
}

/** Reports the rejection of what a handler returned, if it is a promise. */
function watch(result: unknown, rejected: (error: unknown) => void): void {
  if (
    typeof result === "object" &&
    result !== null &&
    "then" in result &&
    typeof result.then === "function"
  )
    Promise.resolve(result).catch(rejected);
}

/** Runs code of the application, which may throw, or return a promise that is rejected. */
export function attempt(
  task: () => unknown,
  failed: (error: unknown) => void,
): void {
  try {
    watch(task(), failed);
  } catch (error) {
    failed(error);
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/**
 * Several values where one is expected: Python's tuple, so to say. An array
 * that is data stays one value.
 */
export class Args {
  constructor(readonly values: readonly unknown[]) {}
}

/** Several arguments, or several values of an answer. */
export function args(...values: unknown[]): Args {
  return new Args(values);
}

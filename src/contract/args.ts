/**
 * Several values where one is expected: Python's tuple, so to say. An array
 * that is data stays one value.
 */
export class Args<Values extends readonly unknown[] = readonly unknown[]> {
  constructor(readonly values: Values) {}
}

/** Several arguments, or several values of an answer. */
export function args<Values extends readonly unknown[]>(
  ...values: Values
): Args<Values> {
  return new Args(values);
}

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

/** What is emitted: nothing, one value, or several. */
export function valuesOf(data: unknown): readonly unknown[] {
  if (data === undefined) return [];
  return data instanceof Args ? (data.values as readonly unknown[]) : [data];
}

/** What a handler returned, as values of an acknowledgement: an array is several. */
export function answersOf(result: unknown): readonly unknown[] {
  return Array.isArray(result) ? (result as unknown[]) : valuesOf(result);
}

/** What the other end answered: nothing, one value, or several as an array. */
export function answerOf(values: readonly unknown[]): unknown {
  return values.length > 1 ? [...values] : values[0];
}

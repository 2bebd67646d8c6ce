/**
 * One value or several: `emit()` of a client takes one and then options, so that
 * no value is ever mistaken for options; several go in `args()`.
 */
import { Args } from "../../contract/args.js";

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

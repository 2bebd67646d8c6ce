/**
 * How an acknowledgement says that an event was not handled: in place of the
 * answer there is one value with an `error`. Both ends know it by this shape.
 */

/** What is wrong with one argument of an event. */
export interface Issue {
  /** Which argument, from 0. */
  readonly argument: number;
  /** Where in it: keys and indexes, from the outside. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The one value of an acknowledgement that says no. */
export interface AckFailure {
  readonly error: {
    /** A sentence for people. */
    readonly message: string;
    /** What the application has added. */
    readonly data?: unknown;
    /** If the event did not keep to the contract. */
    readonly issues?: readonly Issue[];
  };
}

/** Whether an acknowledgement's first value says that the event was not handled. */
export function isAckFailure(value: unknown): value is AckFailure {
  return (
    typeof value === "object" &&
    value !== null &&
    "error" in value &&
    typeof value.error === "object" &&
    value.error !== null &&
    "message" in value.error &&
    typeof value.error.message === "string"
  );
}

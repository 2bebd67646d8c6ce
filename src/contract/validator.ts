/**
 * What we need of a validator: the part of Standard Schema, version 1, that
 * zod, valibot, arktype and others have in common. A structural type, so that
 * neither end needs any of them.
 */

/** `Input` is what may be given, `Output` what comes of it. */
export interface Validator<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (
      value: unknown,
    ) => Result<Output> | Promise<Result<Output>>;
    readonly types?:
      { readonly input: Input; readonly output: Output } | undefined;
  };
}

export type Result<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Complaint[] };

/** What is wrong with a value, and where in it. */
export interface Complaint {
  readonly message: string;
  readonly path?:
    readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What may be given to a validator. */
export type InputOf<V extends Validator> = NonNullable<
  V["~standard"]["types"]
>["input"];

/** What comes out of it. */
export type OutputOf<V extends Validator> = NonNullable<
  V["~standard"]["types"]
>["output"];

/** Validators of some libraries are objects, of others functions. */
export function isValidator(value: unknown): value is Validator {
  return (
    ((typeof value === "object" && value !== null) ||
      typeof value === "function") &&
    "~standard" in value
  );
}

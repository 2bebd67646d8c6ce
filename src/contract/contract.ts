/**
 * A contract: which events the two ends send each other, and what their
 * arguments and acknowledgements look like. One object, imported by both ends,
 * gives the types and checks what arrives.
 */
import {
  isValidator,
  type InputOf,
  type OutputOf,
  type Validator,
} from "./validator.js";

type OneOrMore = Validator | readonly Validator[];

/**
 * An event: a validator for its one argument, a list of them for several, or
 * both with validators for the acknowledgement.
 */
export type EventShape =
  OneOrMore | { readonly args?: OneOrMore; readonly ack?: OneOrMore };

export interface EventShapes {
  readonly [event: string]: EventShape;
}

export interface Contract {
  /** What clients emit and the server listens to. */
  readonly toServer?: EventShapes;
  /** What the server emits and clients listen to. */
  readonly toClient?: EventShapes;
}

/**
 * A contract, checked and typed. It can be given to any number of namespaces.
 *
 * @throws {TypeError} an event is described by something else than validators
 */
export function contract<const C extends Contract>(shapes: C): C {
  assertContract("contract", shapes);
  for (const side of SIDES)
    for (const [event, shape] of Object.entries(shapes[side] ?? {}))
      if (!isShape(shape))
        throw new TypeError(
          `contract: ${side}["${event}"] is described by something else than validators: expected a Standard Schema validator (zod, valibot, arktype, ...), a list of them, or { args, ack }`,
        );
  return shapes;
}

const SIDES = ["toServer", "toClient"] as const;

/** @throws {TypeError} it is no object, or has sides that there are not: nothing would be checked */
export function assertContract(call: string, shapes: unknown): void {
  const other =
    typeof shapes === "object" && shapes !== null && !Array.isArray(shapes)
      ? Object.keys(shapes).find((name) => !SIDES.some((side) => side === name))
      : typeof shapes;
  if (other !== undefined)
    throw new TypeError(
      `${call}: a contract is { toServer: { event: validator }, toClient: { event: validator } }, but got ${typeof shapes === "object" ? `"${other}"` : other}`,
    );
}

function isShape(shape: EventShape): boolean {
  if (typeof shape !== "object" && typeof shape !== "function") return false;
  const { args, ack } = parts(shape);
  return [...args, ...ack].every(isValidator);
}

/** The validators of an event's arguments and of its acknowledgement. */
export function parts(shape: EventShape): {
  args: readonly Validator[];
  ack: readonly Validator[];
} {
  if (isValidator(shape) || isList(shape))
    return { args: list(shape), ack: [] };
  return { args: list(shape.args), ack: list(shape.ack) };
}

function list(one: OneOrMore | undefined): readonly Validator[] {
  if (one === undefined) return [];
  return isList(one) ? one : [one];
}

function isList(shape: EventShape): shape is readonly Validator[] {
  return Array.isArray(shape);
}

// The types that follow. What is sent is a validator's input, what arrives its output.

type Inputs<V> = V extends Validator
  ? [InputOf<V>]
  : V extends readonly Validator[]
    ? {
        -readonly [K in keyof V]: V[K] extends Validator
          ? InputOf<V[K]>
          : never;
      }
    : [];

type Outputs<V> = V extends Validator
  ? [OutputOf<V>]
  : V extends readonly Validator[]
    ? {
        -readonly [K in keyof V]: V[K] extends Validator
          ? OutputOf<V[K]>
          : never;
      }
    : [];

type ArgsOf<S> = S extends OneOrMore
  ? S
  : S extends { readonly args: infer A }
    ? A
    : undefined;

type AckOf<S> = S extends OneOrMore
  ? undefined
  : S extends { readonly ack: infer A }
    ? A
    : undefined;

type Sent<S> =
  AckOf<S> extends OneOrMore
    ? (
        ...args: [
          ...Inputs<ArgsOf<S>>,
          ack: (...answer: Outputs<AckOf<S>>) => void,
        ]
      ) => void
    : (...args: Inputs<ArgsOf<S>>) => void;

type Received<S> =
  AckOf<S> extends OneOrMore
    ? (
        ...args: [
          ...Outputs<ArgsOf<S>>,
          ack: (...answer: Inputs<AckOf<S>>) => void,
        ]
      ) => void
    : (...args: Outputs<ArgsOf<S>>) => void;

type AllSent<Events> = { -readonly [Ev in keyof Events]: Sent<Events[Ev]> };
type AllReceived<Events> = {
  -readonly [Ev in keyof Events]: Received<Events[Ev]>;
};
type Side<C extends Contract, Name extends keyof Contract> =
  C extends Record<Name, infer Events> ? Events : Record<never, never>;

/** What the server listens to: an event map, as `Server` and `Socket` take it. */
export type ServerListens<C extends Contract> = AllReceived<
  Side<C, "toServer">
>;
/** What the server emits. */
export type ServerEmits<C extends Contract> = AllSent<Side<C, "toClient">>;
/** What clients listen to. */
export type ClientListens<C extends Contract> = AllReceived<
  Side<C, "toClient">
>;
/** What clients emit. */
export type ClientEmits<C extends Contract> = AllSent<Side<C, "toServer">>;

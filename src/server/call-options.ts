/**
 * The options of calls that name a receiver. A name that is misspelt, or that
 * holds nothing, is an error: left to itself it would widen "these" to "all".
 */
import { didYouMean } from "../naming/nearest-name.js";
import type { Room, SocketId } from "./adapter.js";
import { describe, isObject } from "./option-checks.js";
import type { Any } from "./typed-events.js";

export interface InNamespace {
  /** The name of an existing namespace. @default the one that is called, of a server `/` */
  namespace?: string;
}

/** Whom an event goes to. Nobody named: everybody in the namespace. */
export interface Recipients extends InNamespace {
  /** Socket ids or rooms. */
  to?: Room | Room[];
  /** The same as `to`. If both are given, both are meant. */
  room?: Room | Room[];
  /** Socket ids or rooms that get nothing. */
  skip?: Room | Room[];
}

export interface EmitToOptions extends Recipients {
  /** Gets the answer. Only with one socket's id as `to`. Never called if it leaves without one. */
  callback?: (...answer: Any[]) => void;
}

export interface CallOptions extends InNamespace {
  /** The socket's id. */
  to: SocketId;
  /** How long the answer may take, in ms. @default 60000 */
  timeout?: number;
}

/** The options of `emitTo` and `sendTo`, as lists. */
export interface Receivers {
  readonly namespace: string | undefined;
  /** Ids and rooms; empty for everybody. */
  readonly to: readonly Room[];
  readonly skip: readonly Room[];
  readonly callback: ((...answer: unknown[]) => void) | undefined;
}

const RECEIVERS = ["to", "room", "skip", "callback", "namespace"];

/**
 * @param call - for messages: `emitTo("news")`
 * @throws {TypeError} an option that there is not, or a receiver that is named and is nobody
 */
export function receivers(call: string, given: unknown): Receivers {
  const options = checked(call, given, RECEIVERS);
  const { callback } = options;
  if (callback !== undefined && typeof callback !== "function")
    throw new TypeError(
      `${call}: callback must be a function, but it is ${describe(callback)}`,
    );
  return {
    namespace: namespaceOf(call, options),
    to: [...named(call, options, "to"), ...named(call, options, "room")],
    // Nobody to leave out is no mistake: everybody who is meant still gets it.
    skip: options.skip === undefined ? [] : rooms(call, "skip", options.skip),
    callback: callback as Receivers["callback"],
  };
}

/** @throws {TypeError} no socket's id, or an option that there is not */
export function callOptions(
  call: string,
  given: unknown,
): { to: SocketId; timeout: number; namespace: string | undefined } {
  const options = checked(call, given, ["to", "timeout", "namespace"]);
  const { to, timeout = 60_000 } = options;
  if (typeof to !== "string" || to === "")
    throw new TypeError(
      `${call}: expected the id of one socket as \`to\`, got ${describe(to)}`,
    );
  if (typeof timeout !== "number" || !(timeout >= 0))
    throw new TypeError(
      `${call}: timeout must be a number of milliseconds, 0 or more, but it is ${describe(timeout)}`,
    );
  return { to, timeout, namespace: namespaceOf(call, options) };
}

/** @throws {TypeError} options other than `namespace` */
export function inNamespace(call: string, given: unknown): string | undefined {
  return namespaceOf(call, checked(call, given, ["namespace"]));
}

/** @throws {TypeError} what is to be entered, left or closed is no room */
export function assertRoom(call: string, room: unknown): void {
  if (typeof room !== "string" || room === "")
    throw new TypeError(
      `${call}: expected the name of a room, got ${describe(room)}`,
    );
}

function checked(
  call: string,
  given: unknown,
  names: readonly string[],
): Record<string, unknown> {
  if (given === undefined) return {};
  if (!isObject(given))
    throw new TypeError(
      `${call}: expected options (${names.join(", ")}) as an object, got ${describe(given)}` +
        (names === RECEIVERS
          ? "; a room is { room: name }, several arguments are args(a, b)"
          : ""),
    );
  for (const name of Object.keys(given))
    if (!names.includes(name))
      throw new TypeError(
        `${call}: there is no option "${name}", there are ${names.join(", ")}${didYouMean(name, names)}`,
      );
  return given;
}

function namespaceOf(
  call: string,
  options: Record<string, unknown>,
): string | undefined {
  if (!("namespace" in options)) return undefined;
  const { namespace } = options;
  if (typeof namespace !== "string" || namespace === "")
    throw new TypeError(
      `${call}: namespace is ${describe(namespace)}; name one, or leave it out for the default`,
    );
  return namespace;
}

function named(
  call: string,
  options: Record<string, unknown>,
  name: "to" | "room",
): readonly Room[] {
  if (!(name in options)) return [];
  const list = rooms(call, name, options[name]);
  if (list.length === 0)
    throw new TypeError(
      `${call}: ${name} is an empty list, which would reach nobody; leave it out to reach everybody`,
    );
  return list;
}

function rooms(call: string, name: string, value: unknown): readonly Room[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  for (const room of list)
    if (typeof room !== "string" || room === "")
      throw new TypeError(
        `${call}: ${name} must be an id, a room or a list of them, but it ${list === value ? "has" : "is"} ${describe(room)}` +
          (name === "skip" ? "" : "; leave it out to reach everybody"),
      );
  return list as Room[];
}

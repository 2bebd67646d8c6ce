/** Options as they arrive: what is none is said at once, before data is taken for options or the other way round. */
import { didYouMean } from "../../naming/nearest-name.js";
import { pageLocation } from "../url.js";
import type { CallOptions, EmitOptions } from "./namespace.js";
import type { ConnectOptions } from "./options.js";

/** The third value of `emit()`, or the second if that is the callback. @throws {TypeError} */
export function emitOptions(
  event: string,
  data: unknown,
  given: unknown,
): EmitOptions {
  const callback = [data, given].find((value) => typeof value === "function");
  if (callback === given || given === undefined)
    return callback ? { callback: callback as () => void } : {};
  const options: EmitOptions = known("emit", event, given, [
    "namespace",
    "callback",
  ]);
  if (callback) options.callback ??= callback as () => void;
  if (options.callback !== undefined && typeof options.callback !== "function")
    throw new TypeError(
      `the callback of "${event}" must be a function; it is ${typeof options.callback}`,
    );
  return options;
}

/** @throws {TypeError} */
export function callOptions(event: string, given: unknown): CallOptions {
  if (given === undefined) return {};
  const options: CallOptions = known("call", event, given, [
    "namespace",
    "timeout",
  ]);
  const { timeout = 0 } = options;
  if (typeof timeout !== "number" || !(timeout >= 0))
    throw new TypeError(
      `the timeout of "${event}" must be a number of ms; it is ${String(timeout)}`,
    );
  return options;
}

/** A page may leave it out: it means where it was loaded from. @throws {TypeError} */
export function assertAddress(address: unknown): void {
  if (
    typeof address === "string" ||
    typeof address === "function" ||
    (address === undefined && pageLocation())
  )
    return;
  throw new TypeError(
    `connect() takes the server's address, such as "http://localhost:3000", or a function that gives it; got ${typeof address}`,
  );
}

/** @throws {TypeError} */
export function connectOptions(given: unknown): ConnectOptions {
  return known("connect", "the address", given, [
    "namespaces",
    "auth",
    "headers",
    "transports",
    "path",
    "wait",
    "waitTimeout",
    "retry",
  ]);
}

function known(
  method: string,
  what: string,
  given: unknown,
  names: readonly string[],
): Record<string, never> {
  const list = names.join(", ");
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new TypeError(
      method === "connect"
        ? `connect() takes an address and options (${list}); the options are ${typeof given}`
        : `${method}() takes an event, its data and options (${list}): several values of "${what}" go in args(a, b)`,
    );
  const other = Object.keys(given).find((name) => !names.includes(name));
  if (other !== undefined)
    throw new TypeError(
      `${method}() has no option "${other}"; there is ${list}${didYouMean(other, names)}` +
        (method === "connect"
          ? ""
          : `. Several values of "${what}" go in args(a, b)`),
    );
  if ("namespace" in given && typeof given.namespace !== "string")
    throw new TypeError(
      `the namespace of "${what}" is ${String(given.namespace)}; name one, or leave it out for the default`,
    );
  return { ...given };
}

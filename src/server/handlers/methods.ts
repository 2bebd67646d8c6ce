/**
 * The methods of a handler class that events reach, and complaints about those
 * that none does.
 */
import { isReached, methodOf } from "../../naming/event-method.js";
import { isFunction } from "../typed-events.js";

export type Method = (...args: unknown[]) => unknown;

/** What is called for other reasons than an event of that name. */
const HOOKS: ReadonlySet<string> = new Set([
  "onConnect",
  "onDisconnect",
  "onUnknownEvent",
]);

/** Names that look as if the library's own events came there, with what to do instead. */
const NEVER: Readonly<Record<string, string>> = {
  onError: "errors go to the server's option onHandlerError",
  onConnectError: "a client that is not let in is not connected: see onConnect",
  onDisconnecting: "there is onDisconnect",
};

/** What was meant by names without capitals. */
const LOWER_CASE = /^on(connect|disconnect|message|open|close|unknownevent)$/;

/**
 * The methods by name.
 *
 * @param base the class whose own methods are none of these
 * @throws {TypeError} no event can reach one of them
 */
export function methodsOf(object: object, base: object): Map<string, Method> {
  const methods = new Map<string, Method>();
  let level: object | null = object;
  for (; level !== null && level !== base; level = prototypeOf(level))
    for (const name of Object.getOwnPropertyNames(level)) {
      if (methods.has(name) || !/^on./.test(name)) continue;
      const method: unknown = Reflect.get(object, name);
      if (!isFunction(method)) continue;
      const complaint = complaintAbout(name);
      if (complaint !== undefined)
        throw new TypeError(
          `${object.constructor.name}.${name} can be reached by no event: ${complaint}`,
        );
      if (isReached(name)) methods.set(name, method);
    }
  return methods;
}

/** The method that a client's event reaches. It cannot name a hook. */
export function reachedBy(
  event: string,
  methods: ReadonlyMap<string, Method>,
): Method | undefined {
  const name = methodOf(event);
  return HOOKS.has(name) ? undefined : methods.get(name);
}

function complaintAbout(name: string): string | undefined {
  if (Object.hasOwn(NEVER, name)) return NEVER[name];
  const odd = /^on[^\p{Ll}]/u.test(name) && !isReached(name);
  if (!odd && !LOWER_CASE.test(name)) return undefined;
  const meant = methodOf(name.slice(2));
  return meant === "on"
    ? "its name has neither letters nor digits behind on"
    : `write ${meant}, which "${name.slice(2).replace(/^_+/, "")}" and similar names reach`;
}

function prototypeOf(object: object): object | null {
  const prototype: unknown = Object.getPrototypeOf(object);
  return typeof prototype === "object" ? prototype : null;
}

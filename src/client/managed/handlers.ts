/**
 * Who handles what: functions by namespace and event, classes by namespace. The
 * first of these that is there gets an event, and nobody else:
 *
 * 1. the function for the event in the namespace
 * 2. the function for `*` in the namespace: (event, ...args)
 * 3. the function for the event in `*`: (namespace, ...args)
 * 4. the function for `*` in `*`: (event, namespace, ...args)
 * 5. the class of the namespace
 * 6. the class of `*`: (namespace, ...args)
 */
import { ClientNamespace, type Registry } from "./namespace.js";

type Handler = (...args: unknown[]) => unknown;

/** Events of the connection. A server cannot send them, and `*` does not catch them. */
const RESERVED: ReadonlySet<string> = new Set([
  "connect",
  "connect_error",
  "disconnect",
  "disconnect_final",
]);

export class Handlers {
  private readonly _functions = new Map<string, Map<string, Handler>>();
  private readonly _classes = new Map<string, ClientNamespace>();

  /** The last one counts. */
  set(namespace: string, event: string, handler: Handler): void {
    const events: Map<string, Handler> =
      this._functions.get(namespace) ?? new Map<string, Handler>();
    events.set(event, handler);
    this._functions.set(namespace, events);
  }

  remove(namespace: string, event: string): void {
    const events = this._functions.get(namespace);
    events?.delete(event);
    if (events?.size === 0) this._functions.delete(namespace);
  }

  /**
   * @throws {TypeError} it is no such instance
   * @throws {Error} the namespace has another one
   */
  register(instance: ClientNamespace, registry: Registry): void {
    if (!(instance instanceof ClientNamespace))
      throw new TypeError(
        'register() takes an instance of a class that extends ClientNamespace, such as new Chat("/chat")',
      );
    const { namespace } = instance;
    const there = this._classes.get(namespace);
    if (there && there !== instance)
      throw new Error(
        `"${namespace}" is handled by an instance of ${there.constructor.name} already: there is one for each namespace`,
      );
    instance._register(registry);
    this._classes.set(namespace, instance);
  }

  /** Those that have handlers. */
  get namespaces(): string[] {
    const all = new Set([...this._functions.keys(), ...this._classes.keys()]);
    all.delete("*");
    return [...all];
  }

  /** An event came from the server. */
  event(namespace: string, event: string, args: readonly unknown[]): unknown {
    const own = this._functions.get(namespace);
    const any = this._functions.get("*");
    const named = RESERVED.has(event) ? undefined : event;
    let handler = named === undefined ? undefined : own?.get(named);
    if (handler) return handler(...args);
    handler = own?.get("*");
    if (handler) return handler(event, ...args);
    handler = named === undefined ? undefined : any?.get(named);
    if (handler) return handler(namespace, ...args);
    handler = any?.get("*");
    if (handler) return handler(event, namespace, ...args);
    const instance = this._classes.get(namespace);
    if (instance) return instance.triggerEvent(event, ...args);
    return this._classes.get("*")?.triggerEvent(event, namespace, ...args);
  }

  /** Something happened to the connection. */
  lifecycle(
    namespace: string,
    event: string,
    args: readonly unknown[],
  ): unknown {
    if (RESERVED.has(event)) {
      const own = this._functions.get(namespace)?.get(event);
      if (own) return own(...args);
      const any = this._functions.get("*")?.get(event);
      if (any) return any(namespace, ...args);
    }
    const instance = this._classes.get(namespace);
    if (instance) return instance._lifecycle(event, args);
    return this._classes.get("*")?._lifecycle(event, [namespace, ...args]);
  }
}

/**
 * `@on("my message")`: any method of a `NamespaceHandler` as the handler of an
 * event. A decorator as JavaScript has them (TC39), so neither a compiler's
 * option nor metadata are needed.
 */
import { RESERVED_EVENTS } from "../socket-types.js";
import type { Any } from "../typed-events.js";
import type { HandlerOf } from "./handler-types.js";
import type { Method } from "./methods.js";
import { NamespaceHandler } from "./namespace-handler.js";

/**
 * @param event - any name; `connect` and `disconnect` are possible, too
 * @throws {TypeError} no client can send the event, or it does not stand before a method
 */
export function on<Event extends string>(event: Event) {
  if (
    event === "error" ||
    (RESERVED_EVENTS.has(event) &&
      event !== "connect" &&
      event !== "disconnect")
  )
    throw new TypeError(
      `@on("${event}"): no client can send this event, so the method would never be called`,
    );
  return function <
    This extends NamespaceHandler<Any, Any, Any, Any>,
    M extends HandlerOf<This, Event>,
  >(method: M, context: ClassMethodDecoratorContext<This, M>): void {
    if (typeof context !== "object")
      throw new TypeError(
        `@on("${event}") is a standard decorator: turn experimentalDecorators off in tsconfig.json`,
      );
    if (context.kind !== "method" || context.static)
      throw new TypeError(
        `@on("${event}"): expected a method that is not static, got ${context.static ? "a static" : "a"} ${context.kind} "${String(context.name)}"`,
      );
    context.addInitializer(function () {
      if (!(this instanceof NamespaceHandler))
        throw new TypeError(
          `@on("${event}"): ${String(context.name)} is no method of a NamespaceHandler`,
        );
      this._mark(event, method as Method);
    });
  };
}

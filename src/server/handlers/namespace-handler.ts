/**
 * A namespace's handlers as the methods of one object.
 */
import type { Namespace } from "../namespace.js";
import type { Socket } from "../socket.js";
import { RESERVED_EVENTS } from "../socket-types.js";
import type { Any, DefaultEventsMap, EventsMap } from "../typed-events.js";
import { methodsOf, reachedBy, type Method } from "./methods.js";
import type { Target } from "./target.js";

/**
 * To be extended. The event `chat message` (or `chat_message`, `chat-message`,
 * `chat.message`, `chatMessage`) calls `onChatMessage(socket, ...args)`; what
 * that returns, or resolves to, answers a client that asked. Three methods are
 * called for other reasons:
 *
 * - `onConnect(socket, auth)` decides, before the client is let in, whether it
 *   is: `false` or a `ConnectionRefusedError` refuses
 * - `onDisconnect(socket, reason)`
 * - `onUnknownEvent(event, socket, ...args)` gets the events without a method
 *
 * `@on("any name")` makes any method the handler of an event.
 */
export abstract class NamespaceHandler<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = Any,
> {
  readonly #name: string | RegExp;
  readonly #marked = new Map<string, Method>();
  #methods: ReadonlyMap<string, Method> = new Map();
  #nsp:
    | Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
    | undefined = undefined;

  /**
   * @param name - the namespace's; a regular expression stands for all that
   *   match it, `"*"` for every namespace that there is. @default "/"
   */
  constructor(name: string | RegExp = "/") {
    this.#name = name;
  }

  /**
   * The namespace, to emit and to call from.
   * @throws {Error} the object is not registered, or for all namespaces
   */
  get nsp(): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    if (this.#nsp === undefined)
      throw new Error(
        this.#name === "*"
          ? `${this.constructor.name} is for all namespaces: use socket.nsp`
          : `${this.constructor.name} belongs to no namespace yet: pass it to io.register() first`,
      );
    return this.#nsp;
  }

  /**
   * Calls the method for an event, `connect` and `disconnect` among them. To be
   * overridden by who wants to see, or change, what comes in; what it returns
   * answers the client.
   */
  triggerEvent(
    event: string,
    socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    ...args: unknown[]
  ): unknown {
    const method = this.#methodFor(event);
    if (method !== undefined) return method.call(this, socket, ...args);
    return RESERVED_EVENTS.has(event)
      ? undefined
      : this.#methods.get("onUnknownEvent")?.call(this, event, socket, ...args);
  }

  // What follows is not for applications.

  get _name(): string | RegExp {
    return this.#name;
  }

  /** @throws {TypeError} it belongs to a namespace already, or has a method that no event can reach */
  _join(
    nsp:
      | Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
      | undefined,
  ): Target & { readonly title: string } {
    if (this.#nsp !== undefined)
      throw new TypeError(
        `register: this ${this.constructor.name} already belongs to namespace "${this.#nsp.name}": make another one`,
      );
    this.#methods = methodsOf(this, NamespaceHandler.prototype);
    this.#nsp = nsp;
    return {
      title: this.constructor.name,
      room: (event) => {
        const method = this.#methodFor(event);
        if (method !== undefined) return method.length - 1;
        return (this.#methods.get("onUnknownEvent")?.length ?? 0) - 2;
      },
      run: (event, socket, args) =>
        this.triggerEvent(
          event,
          socket as Socket<
            ListenEvents,
            EmitEvents,
            ServerSideEvents,
            SocketData
          >,
          ...args,
        ),
    };
  }

  /** @throws {TypeError} two methods for one event */
  _mark(event: string, method: Method): void {
    if (this.#marked.has(event))
      throw new TypeError(
        `${this.constructor.name} has two methods with @on("${event}"): an event has one handler`,
      );
    this.#marked.set(event, method);
  }

  #methodFor(event: string): Method | undefined {
    const marked = this.#marked.get(event);
    if (marked !== undefined) return marked;
    if (event === "connect") return this.#methods.get("onConnect");
    if (event === "disconnect") return this.#methods.get("onDisconnect");
    return reachedBy(event, this.#methods);
  }
}

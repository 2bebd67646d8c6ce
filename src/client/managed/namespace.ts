/**
 * Classes whose methods are the handlers of a namespace: the event
 * `chat message` reaches `onChatMessage`. An instance stands for its namespace,
 * so that its methods emit to it without naming it.
 */
import { isReached, methodOf } from "../../naming/event-method.js";
import type { MethodOf } from "../../naming/method-type.js";
import type {
  Data,
  DefaultEventsMap,
  EventNames,
  EventsMap,
} from "../emitter.js";
import { BadNamespaceError, type ConnectionError } from "./errors.js";
import type { Answer, Answered, DataAndOptions, Handler } from "./types.js";

/** Options of `emit()` and `send()`. */
export interface EmitOptions<Callback = (...values: Data[]) => void> {
  /** @default "/", or that of the class */
  namespace?: string;
  /** Called with the values that the server answers, if it does. */
  callback?: Callback;
}

/** Options of `call()`. */
export interface CallOptions {
  /** @default "/", or that of the class */
  namespace?: string;
  /** How long to wait for the answer, in ms. @default 60000 */
  timeout?: number;
}

export type EmitArgs<F> = DataAndOptions<F, EmitOptions<Answer<F>> | Answer<F>>;
export type CallArgs<F> = DataAndOptions<F, CallOptions>;

/** What an instance needs of the client that it is registered with. */
export interface Registry {
  emit(event: string, data?: unknown, options?: unknown): void;
  call(event: string, data?: unknown, options?: unknown): Promise<unknown>;
  leave(namespace: string): Promise<void>;
  sidOf(namespace: string): string | undefined;
}

/**
 * The methods that the events of a map reach, for `implements`: the compiler
 * compares the parameters then.
 *
 * @example
 * class Chat extends ClientNamespace<Said> implements MethodsFor<Said> {
 *   onChatMessage(text: string) {}
 * }
 */
export type MethodsFor<Listen extends EventsMap> = {
  [Ev in EventNames<Listen> & string as MethodOf<Ev>]?: Handler<Listen[Ev]>;
};

type Method = (...args: unknown[]) => unknown;

/** What happens to the connection, and to no event of the server's. */
const LIFECYCLE: ReadonlySet<string> = new Set([
  "connect",
  "connect_error",
  "disconnect",
  "disconnect_final",
]);

export class ClientNamespace<
  Listen extends EventsMap = DefaultEventsMap,
  Emit extends EventsMap = Listen,
> {
  private _registry: Registry | undefined;
  private _namespace: string;

  /** @param namespace - `*` for those that have no class of their own: its methods get the namespace first */
  constructor(namespace = "/") {
    if (namespace !== "*" && !namespace.startsWith("/"))
      throw new TypeError(
        `"${namespace}" is no namespace: names begin with "/", as "/${namespace}" does`,
      );
    this._namespace = namespace;
  }

  /** The namespace whose events it handles. */
  get namespace(): string {
    return this._namespace;
  }

  /** The namespace is connected, also after each reconnection. It gets the instance itself. */
  onConnect?(socket: this): unknown;
  /** The connection could not be made, or the server refused the namespace. */
  onConnectError?(error: ConnectionError): unknown;
  /** The namespace is not connected any more; after an accident it will be tried again. */
  onDisconnect?(reason: string): unknown;
  /** It will not come back by itself. */
  onDisconnectFinal?(reason: string): unknown;
  /** An event that no method is for. */
  onUnknownEvent?(event: string, ...args: Data[]): unknown;

  /** The id of this namespace's socket, while it is connected. */
  get sid(): string | undefined {
    return this._registry?.sidOf(this.namespace);
  }

  /** As `emit()` of the client, to this namespace. */
  emit<Ev extends EventNames<Emit> & string>(
    event: Ev,
    ...rest: EmitArgs<Emit[Ev]>
  ): void;
  emit(event: string, data?: unknown, options?: unknown): void {
    this._client.emit(event, data, this._here(options));
  }

  /** As `send()` of the client, to this namespace. */
  send(data?: Data, options?: EmitOptions): void {
    this._client.emit("message", data, this._here(options));
  }

  /** As `call()` of the client, to this namespace. */
  call<Ev extends EventNames<Emit> & string>(
    event: Ev,
    ...rest: CallArgs<Emit[Ev]>
  ): Promise<Answered<Emit[Ev]>>;
  call(event: string, data?: unknown, options?: unknown): Promise<unknown> {
    return this._client.call(event, data, this._here(options));
  }

  /** Leaves this namespace; the connection ends with its last one. */
  disconnect(): Promise<void> {
    return this._client.leave(this.namespace);
  }

  /**
   * Finds the method for an event of the server's and calls it. Override it to
   * look at all events, or to find methods in another way.
   * @returns what the server gets if it asked for an acknowledgement
   */
  triggerEvent(event: string, ...args: unknown[]): unknown {
    const name = methodOf(event);
    const method = this._isLifecycle(name) ? undefined : this._method(name);
    return method
      ? method.apply(this, args)
      : this.onUnknownEvent?.(event, ...args);
  }

  /** @internal */
  _lifecycle(event: string, args: readonly unknown[]): unknown {
    if (!LIFECYCLE.has(event)) return undefined;
    const given = event === "connect" ? [...args, this] : args;
    return this._method(methodOf(event))?.apply(this, [...given]);
  }

  /** Has it handle another namespace: that of the channel that is opened. @internal */
  _at(namespace: string): void {
    if (this._registry && this.namespace !== namespace)
      throw new Error(
        `this ${this.constructor.name} handles "${this.namespace}" already: make another one for "${namespace}"`,
      );
    this._namespace = namespace;
  }

  /**
   * The client that the instance belongs to from now on.
   * @throws {TypeError} it has a method that looks like a handler and that no event can reach
   * @throws {Error} it belongs to another
   * @internal
   */
  _register(registry: Registry): void {
    if (this._registry !== undefined && this._registry !== registry)
      throw new Error(
        `this ${this.constructor.name} is registered with another client already: make one for each client`,
      );
    for (const method of methodsOf(this))
      if (/^on(?!\p{Ll}|$)/u.test(method) && !isReached(method))
        throw new TypeError(
          `no event reaches ${this.constructor.name}.${method}(): call it ${methodOf(method.slice(2))}(), which the events "${method.slice(2).replace(/^_/, "")}" and the like reach`,
        );
    this._registry = registry;
  }

  /** Whether a method is for the connection alone. @internal */
  _isLifecycle(method: string): boolean {
    return (
      method === "onUnknownEvent" ||
      [...LIFECYCLE].some((event) => methodOf(event) === method)
    );
  }

  /** @internal */
  _method(name: string): Method | undefined {
    const method: unknown = Reflect.get(this, name);
    return typeof method === "function" ? (method as Method) : undefined;
  }

  private get _client(): Registry {
    if (!this._registry)
      throw new BadNamespaceError(
        `this ${this.constructor.name} for "${this.namespace}" belongs to no client yet: pass it to client.register()`,
      );
    return this._registry;
  }

  private _here(options: unknown): unknown {
    const { namespace } = this;
    if (typeof options === "function") return { namespace, callback: options };
    return { namespace, ...(options as object | undefined) };
  }
}

/**
 * A handler in the manner of the clients for 0.9: besides the events of a
 * namespace it hears of the connection below. So a server's events `open`,
 * `close`, `error`, `retry` and `reconnect` reach its `onUnknownEvent` only.
 */
export class SocketHandler<
  Listen extends EventsMap = DefaultEventsMap,
  Emit extends EventsMap = Listen,
> extends ClientNamespace<Listen, Emit> {
  /** The connection below is open; the namespace is not connected yet. */
  onOpen?(): unknown;
  /** The connection below ended. */
  onClose?(reason: string): unknown;
  /** The server refused, or ended the connection with an error; what it advises, if it does. */
  onError?(reason: string, advice?: Data): unknown;
  /** The next attempt to come back begins; they are counted from 1. */
  onRetry?(attempt: number): unknown;
  /** The connection is back, after so many attempts. */
  onReconnect?(attempts: number): unknown;

  /** @internal */
  override _lifecycle(event: string, args: readonly unknown[]): unknown {
    return ALSO.has(event)
      ? this._method(methodOf(event))?.apply(this, [...args])
      : super._lifecycle(event, args);
  }

  /** @internal */
  override _isLifecycle(method: string): boolean {
    return (
      [...ALSO].some((event) => methodOf(event) === method) ||
      super._isLifecycle(method)
    );
  }
}

const ALSO: ReadonlySet<string> = new Set([
  "open",
  "close",
  "error",
  "retry",
  "reconnect",
]);

/** Names of an instance's methods, its own and those of its classes below ours. */
function methodsOf(instance: ClientNamespace): string[] {
  const names: string[] = [];
  let at: unknown = instance;
  while (
    typeof at === "object" &&
    at !== null &&
    at !== ClientNamespace.prototype
  ) {
    names.push(...Object.getOwnPropertyNames(at));
    at = Object.getPrototypeOf(at);
  }
  return names;
}

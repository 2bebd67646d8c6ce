/**
 * `Client`: an instance first, with handlers for its namespaces, and one
 * connection afterwards, which it keeps until `disconnect()`. Every handler is
 * there before the first event; what a handler returns is the acknowledgement.
 */
import {
  type Data,
  type DefaultEventsMap,
  type EventNames,
  type EventsMap,
} from "../emitter.js";
import { clientLogs, type ClientLogs } from "../logs.js";
import type { BaseManager } from "../manager.js";
import type { ManagerOptions } from "../options.js";
import { timersFor, type Timers } from "../timers.js";
import { answerOf, answersOf, valuesOf } from "../../contract/args.js";
import { Callbacks } from "./callbacks.js";
import {
  BadNamespaceError,
  ConnectionError,
  DisconnectedError,
  TimeoutError,
} from "./errors.js";
import type { Guard } from "./guard.js";
import { Handlers } from "./handlers.js";
import type { Inbox, Received } from "./inbox.js";
import { Inboxes } from "./inboxes.js";
import {
  ClientNamespace,
  type CallArgs,
  type EmitArgs,
  type EmitOptions,
  type Registry,
} from "./namespace.js";
import {
  assertAddress,
  callOptions,
  connectOptions,
  emitOptions,
} from "./option-checks.js";
import type {
  ClientOptions,
  ConnectOptions,
  Dynamic,
  FailedHandler,
} from "./options.js";
import { Run, type RunHost } from "./run.js";
import type { Answered, HandlerFor, Lifecycle } from "./types.js";

interface InNamespace {
  /** `*`: all that have no handlers of their own; their handlers get the namespace first. @default "/" */
  namespace?: string;
}

type AnyHandler = (...args: Data[]) => unknown;

export abstract class BaseClient<
  Listen extends EventsMap = DefaultEventsMap,
  Emit extends EventsMap = Listen,
> {
  private readonly _options: ClientOptions;
  private readonly _logs: ClientLogs | undefined;
  private readonly _handlers = new Handlers();
  private readonly _guards = new Map<string, Guard>();
  private readonly _callbacks = new Callbacks();
  private readonly _inboxes: Inboxes;
  private readonly _timers: Timers;
  private readonly _registry: Registry = {
    emit: (event, data, options) => this._emit(event, data, options),
    call: (event, data, options) => this._call(event, data, options),
    leave: (namespace) => this.disconnect({ namespace }),
    sidOf: (namespace) => this.getSid(namespace),
  };
  private _run: Run | undefined;

  /** @throws {TypeError} an option cannot work */
  constructor(options: ClientOptions = {}) {
    this._options = options;
    this._logs = clientLogs(options);
    this._timers = timersFor(options);
    this._inboxes = new Inboxes(this._timers, () =>
      this._logs?.client?.warn(
        "the oldest event was dropped, as too many wait to be received",
      ),
    );
  }

  protected abstract _createManager(
    uri: string,
    options: Partial<ManagerOptions>,
  ): BaseManager;

  /** Whether at least one namespace is connected. */
  get connected(): boolean {
    return !!this._run?.sids.size;
  }

  /** The connected namespaces and the ids of their sockets. */
  get namespaces(): ReadonlyMap<string, string> {
    return new Map(this._run?.sids);
  }

  /** The id of the socket of `/`, or of the first namespace that is connected. */
  get sid(): string | undefined {
    const [first] = this.namespaces.values();
    return this.getSid() ?? first;
  }

  /** The id of a namespace's socket, while it is connected. */
  getSid(namespace = "/"): string | undefined {
    return this._run?.sids.get(namespace);
  }

  /** What the connection is over now: `polling`, `websocket` or `webtransport`; `undefined` without one. */
  transport(): string | undefined {
    return this.connected
      ? this._run?.manager?.engine?.transport.name
      : undefined;
  }

  /**
   * Calls the handler for an event, in place of an earlier one. What it returns
   * or resolves to is the acknowledgement, if the server asks for one: an array
   * is several values.
   *
   * `*` is any event without a handler, and the handler gets its name first. The
   * events `connect`, `connect_error`, `disconnect` and `disconnect_final` are
   * those of the connection.
   */
  on<Ev extends keyof Lifecycle | (EventNames<Listen> & string)>(
    event: Ev,
    handler: HandlerFor<Listen, Ev>,
    options?: InNamespace & { namespace?: `/${string}` | "" },
  ): this;
  on(event: "*", handler: AnyHandler, options?: InNamespace): this;
  on(event: string, handler: AnyHandler, options: InNamespace): this;
  on(
    event: string,
    handler: AnyHandler,
    { namespace = "/" }: InNamespace = {},
  ): this {
    if (typeof handler !== "function")
      throw new TypeError(
        `the handler of "${event}" must be a function; it is ${typeof handler}`,
      );
    this._handlers.set(namespace || "/", event, handler);
    return this;
  }

  /** Removes the handler of an event. */
  off(event: string, { namespace = "/" }: InNamespace = {}): this {
    this._handlers.remove(namespace, event);
    return this;
  }

  /**
   * As `on()`, for the event that has the name of the function.
   * @throws {TypeError} the function has no name
   *
   * @example
   * client.event(function message(text) {});
   */
  event(handler: AnyHandler, options: InNamespace = {}): this {
    if (!handler.name)
      throw new TypeError(
        "event() needs a function with a name, as function message() {}: for others there is on(name, handler)",
      );
    return this.on(handler.name, handler, options);
  }

  /**
   * Has the methods of an instance handle the events of its namespace. A
   * function for the same event goes before them.
   *
   * @returns the instance, whose methods emit to its namespace
   * @throws {TypeError} a method looks like a handler and no event can reach it
   * @throws {Error} the namespace has an instance already
   */
  register<Instance extends ClientNamespace<EventsMap, EventsMap>>(
    instance: Instance,
  ): Instance {
    this._handlers.register(instance, this._registry);
    return instance;
  }

  /**
   * Opens a channel: one more namespace on the connection that there is, with an
   * instance for its events.
   *
   * @returns the instance, when the server has answered
   * @throws {ConnectionError} the server refused, or there is no connection
   */
  connect<Instance extends ClientNamespace<EventsMap, EventsMap>>(
    channel: `/${string}`,
    instance: Instance,
  ): Promise<Instance>;
  /**
   * Connects, with an instance for the events of its namespace.
   *
   * @returns the instance
   * @throws {ConnectionError} there is no connection; the message says what to look at
   */
  connect<Instance extends ClientNamespace<EventsMap, EventsMap>>(
    url: Dynamic<string>,
    instance: Instance,
  ): Promise<Instance>;
  /**
   * Connects.
   *
   * @param url - or a function that is asked for it before each attempt
   * @throws {ConnectionError} there is no connection, or a namespace was refused; the message says what to look at
   */
  connect(url: Dynamic<string>, options?: ConnectOptions): Promise<void>;
  async connect(
    to: Dynamic<string>,
    given: ConnectOptions | ClientNamespace<EventsMap, EventsMap> = {},
  ): Promise<unknown> {
    if (!(given instanceof ClientNamespace)) return this._connect(to, given);
    if (typeof to !== "string" || !/^\/(?!\/)/.test(to)) {
      this.register(given);
      await this._connect(to, {});
      return given;
    }
    given._at(to);
    if (!this._run)
      throw new ConnectionError(
        `cannot open the channel "${to}" before the client is connected`,
      );
    this.register(given);
    await this._run.join(to);
    return given;
  }

  /**
   * Sends an event. The second value is its data, the third options; several
   * values go in `args()`. A function in place of the options is the callback.
   *
   * @throws {BadNamespaceError} the namespace is not connected: nothing is kept for later
   * @throws {TypeError} the third value is no options
   */
  emit<Ev extends EventNames<Emit> & string>(
    event: Ev,
    ...rest: EmitArgs<Emit[Ev]>
  ): void;
  emit(event: string, data?: unknown, options?: unknown): void {
    this._emit(event, data, options);
  }

  /** Sends the event `message`. */
  send(
    data?: Data,
    options?: EmitOptions | ((...values: Data[]) => void),
  ): void {
    this._emit("message", data, options);
  }

  /**
   * Sends an event and waits for the answer: nothing, a value, or several as an array.
   *
   * @throws {TimeoutError} there is no answer in time
   * @throws {DisconnectedError} the namespace was disconnected before
   * @throws {BadNamespaceError} it is not connected at all
   */
  call<Ev extends EventNames<Emit> & string>(
    event: Ev,
    ...rest: CallArgs<Emit[Ev]>
  ): Promise<Answered<Emit[Ev]>>;
  call(event: string, data?: unknown, options?: unknown): Promise<unknown> {
    return this._call(event, data, options);
  }

  /** Resolves when the connection has ended for good, or after so many seconds. */
  async wait({ seconds }: { seconds?: number } = {}): Promise<void> {
    const ended = this._run?.ended;
    if (ended) await this._atMost(seconds, ended);
  }

  /** Resolves when all callbacks of `emit()` were called or cannot be any more, or after so many seconds. */
  async waitForCallbacks({
    seconds,
  }: { seconds?: number } = {}): Promise<void> {
    await this._atMost(seconds, this._callbacks.settled());
  }

  /** Resolves after so many seconds. */
  sleep(seconds = 0): Promise<void> {
    return new Promise((done) => this._timers.set(done, seconds * 1000));
  }

  /**
   * Runs a function beside the program. If it fails, `onHandlerError` hears of it.
   * @returns what it returns, for those who want to wait for it
   */
  startBackgroundTask<Args extends unknown[], Value>(
    task: (...args: Args) => Value | Promise<Value>,
    ...args: Args
  ): Promise<Value> {
    const running = Promise.resolve().then(() => task(...args));
    running.catch((error: unknown) =>
      this._report(error, { event: task.name || "task", namespace: "none" }),
    );
    return running;
  }

  /** Leaves one namespace, or all and ends the connection, or what is done to get one. It does not come back. */
  async disconnect({ namespace }: InNamespace = {}): Promise<void> {
    if (namespace === undefined) await this._run?.disconnect();
    else await this._run?.leave(namespace);
  }

  /** The same as `disconnect()`, which here ends attempts to reconnect as well. */
  shutdown(): Promise<void> {
    return this.disconnect();
  }

  /** Events from now on, until the connection ends for good. */
  events({ namespace }: InNamespace = {}): AsyncIterableIterator<Received> {
    return this._inboxes.events(this._inbox(namespace));
  }

  /** The events of all namespaces: `for await (const [event, ...args] of client)`. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Received> {
    return this.events();
  }

  /** @throws {Error} the namespace has a contract, or the client is connected @internal */
  _guardWith(namespace: string, guard: Guard): void {
    if (this._guards.has(namespace))
      throw new Error(`namespace "${namespace}" already has a contract`);
    if (this._run)
      throw new Error(
        "a contract has to be in force before connect(), as events may come at once",
      );
    this._guards.set(namespace, guard);
  }

  /** @internal */
  _inbox(namespace?: string): Inbox {
    return this._inboxes.open(namespace);
  }

  private async _connect(
    url: Dynamic<string>,
    given: ConnectOptions,
  ): Promise<void> {
    if (this._run)
      throw new ConnectionError(
        "the client is connected or connecting already: disconnect() it first, or make another one",
      );
    assertAddress(url);
    const options = connectOptions(given);
    const { namespaces = this._handlers.namespaces } = options;
    const names = typeof namespaces === "string" ? [namespaces] : namespaces;
    const run = new Run(
      url,
      options,
      this._options,
      names.length ? names : ["/"],
      this._host(),
    );
    this._run = run;
    await run.start();
  }

  private _host(): RunHost {
    return {
      logs: this._logs,
      createManager: (uri, options) => this._createManager(uri, options),
      lifecycle: (namespace, event, ...args) => {
        if (event === "disconnect") this._callbacks.forget(namespace);
        this._guard({ event, namespace }, () =>
          this._handlers.lifecycle(namespace, event, args),
        );
      },
      event: (namespace, args, answer) =>
        this._received(namespace, args, answer),
      made: (socket) => this._guards.get(socket.nsp)?.watch(socket),
      over: () => {
        this._run = undefined;
        this._inboxes.end();
      },
    };
  }

  private _received(
    namespace: string,
    all: unknown[],
    answer: ((...values: unknown[]) => void) | undefined,
  ): void {
    const event = String(all[0]);
    const args = all.slice(1);
    this._inboxes.push(namespace, [event, ...args]);
    this._guard(
      { event, namespace },
      () => this._handlers.event(namespace, event, args),
      answer && ((result) => answer(...answersOf(result))),
    );
  }

  /** Runs what the application handed to us; whatever becomes of it ends nothing. */
  private _guard(
    context: FailedHandler,
    task: () => unknown,
    then?: (result: unknown) => void,
  ): void {
    const failed = (error: unknown) => this._report(error, context);
    try {
      const result = task();
      if (result instanceof Promise) result.then(then, failed).catch(failed);
      else then?.(result);
    } catch (error) {
      failed(error);
    }
  }

  private _report(error: unknown, context: FailedHandler): void {
    const { onHandlerError } = this._options;
    if (onHandlerError) return onHandlerError(error, context);
    const { event, namespace } = context;
    const sentence = `the handler of "${event}" failed (namespace ${namespace})`;
    this._logs?.client?.error(sentence);
    console.error(`omnio: ${sentence}:`, error);
  }

  private _emit(event: string, data: unknown, given: unknown): void {
    const { namespace = "/", callback } = emitOptions(event, data, given);
    const values = typeof data === "function" ? [] : valuesOf(data);
    const socket = this._socket(namespace, event);
    if (!callback) return void socket.emit(event, ...values);
    const settle = this._callbacks.add(namespace);
    const guard = this._guards.get(namespace);
    const told = guard?.callback(event, namespace, callback) ?? callback;
    socket.emit(event, ...values, (...answers: unknown[]) => {
      settle();
      this._guard({ event, namespace }, () => told(...answers));
    });
  }

  private async _call(
    event: string,
    data: unknown,
    given: unknown,
  ): Promise<unknown> {
    const { namespace = "/", timeout = 60_000 } = callOptions(event, given);
    const socket = this._socket(namespace, event);
    const answer = await new Promise<readonly unknown[]>((resolve, reject) => {
      const answered = (error: Error | null, ...values: unknown[]) => {
        if (!error) resolve(values);
        else if (socket.connected)
          reject(
            new TimeoutError(
              `"${event}" was not answered within ${timeout} ms (namespace ${namespace})`,
            ),
          );
        else
          reject(
            new DisconnectedError(
              `"${event}" was not answered before ${namespace} was disconnected`,
            ),
          );
      };
      socket.timeout(timeout).emit(event, ...valuesOf(data), answered);
    });
    const guard = this._guards.get(namespace);
    return answerOf(guard ? await guard.answer(event, answer) : answer);
  }

  private _socket(namespace: string, event: string) {
    const socket = this._run?.socket(namespace);
    if (socket) {
      this._logs?.client?.debug(`emitting "${event}" on ${namespace}`);
      return socket;
    }
    const connected = [...this.namespaces.keys()];
    throw new BadNamespaceError(
      `cannot emit "${event}": the namespace "${namespace}" is not connected ` +
        (connected.length
          ? `(${connected.join(", ")} is); pass { namespace } to emit to another`
          : "(none is); await connect() first"),
    );
  }

  private async _atMost(
    seconds: number | undefined,
    task: Promise<unknown>,
  ): Promise<void> {
    if (seconds === undefined) return void (await task);
    await new Promise<void>((done) => {
      const timer = this._timers.set(done, seconds * 1000);
      void task.then(() => {
        this._timers.clear(timer);
        done();
      });
    });
  }
}

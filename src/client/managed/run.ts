/**
 * One life of a client: from `connect()`, over any number of connections, until
 * it ends for good. The address, the headers and the credentials are asked for
 * before each attempt, which is why the manager does not reconnect by itself.
 */
import { Backoff } from "../backoff.js";
import type { ClientLogs } from "../logs.js";
import { withoutSecrets } from "../../logging/logger.js";
import type { BaseManager } from "../manager.js";
import type { ManagerOptions } from "../options.js";
import { explain } from "../problems.js";
import type { Socket } from "../socket.js";
import { timersFor, type Timers } from "../timers.js";
import { Answers } from "./answers.js";
import { ConnectionError } from "./errors.js";
import type { ClientOptions, ConnectOptions, Dynamic } from "./options.js";

/** What a run needs of its client. */
export interface RunHost {
  readonly logs: ClientLogs | undefined;
  createManager(uri: string, options: Partial<ManagerOptions>): BaseManager;
  /** Something happened to a namespace. */
  lifecycle(namespace: string, event: string, ...args: unknown[]): void;
  /** An event came; `answer` is there if the server wants one. */
  event(
    namespace: string,
    args: unknown[],
    answer: ((...values: unknown[]) => void) | undefined,
  ): void;
  /** A socket was made; it is not connected yet. */
  made(socket: Socket): void;
  /** The run is over. */
  over(): void;
}

type Auth = Record<string, unknown> | undefined;

export class Run {
  /** The ids of the connected namespaces. */
  readonly sids = new Map<string, string>();
  /** Resolves with the reason when nothing will come of it any more. */
  readonly ended: Promise<string>;
  manager: BaseManager | undefined;
  private _state: "connecting" | "open" | "waiting" | "ended" = "connecting";
  /** Namespaces that shall be connected. */
  private readonly _wanted: Set<string>;
  /** Those of them that have been. */
  private readonly _seen = new Set<string>();
  private readonly _answers: Answers;
  private readonly _timers: Timers;
  private readonly _backoff: Backoff;
  private readonly _attempts: number;
  /** The connection below is open. */
  private _line = false;
  private _finished = false;
  private _end!: (reason: string) => void;
  /** Gives up on what is under way. */
  private _abort: ((error: Error) => void) | undefined;

  constructor(
    private readonly _url: Dynamic<string>,
    private readonly _given: ConnectOptions,
    private readonly _options: ClientOptions,
    namespaces: readonly string[],
    private readonly _host: RunHost,
  ) {
    this._wanted = new Set(namespaces);
    this._timers = timersFor(_options);
    this._answers = new Answers(this._timers, _given.waitTimeout ?? 5000);
    this._attempts = _options.reconnectionAttempts || Infinity;
    this._backoff = new Backoff({
      reconnectionDelay: _options.reconnectionDelay ?? 1000,
      reconnectionDelayMax: _options.reconnectionDelayMax ?? 5000,
      randomizationFactor: _options.randomizationFactor ?? 0.5,
    });
    this.ended = new Promise((resolve) => (this._end = resolve));
  }

  get over(): boolean {
    return this._state === "ended";
  }

  socket(namespace: string): Socket | undefined {
    return this.sids.has(namespace) ? this.manager?.nsps[namespace] : undefined;
  }

  /** The first connection. @throws {ConnectionError} there is none */
  async start(): Promise<void> {
    const { wait = true, retry = false } = this._given;
    for (;;) {
      try {
        await this._attempt(wait, (failed) => failed.size === 0);
        return this._opened();
      } catch (error) {
        if (this.over) throw error;
        if (retry) {
          this._state = "waiting";
          this._hangUp();
          if (await this._pause()) continue;
        }
        for (const socket of this._sockets()) socket.disconnect();
        this._finish("connect error");
        throw error;
      }
    }
  }

  /** One more namespace on the connection that there is. */
  async join(namespace: string): Promise<void> {
    const { manager } = this;
    if (this._state !== "open" || !manager)
      throw new ConnectionError(
        `cannot open the channel "${namespace}" while the client is not connected`,
      );
    this._wanted.add(namespace);
    if (this.sids.has(namespace)) return;
    const auth = await resolve("auth", this._given.auth);
    const answers = this._answers.of([namespace]);
    this._prepare(manager, namespace, auth).connect();
    this._answers.begin();
    const failed = (await answers).get(namespace);
    if (!failed) return;
    this._wanted.delete(namespace);
    this.manager?.nsps[namespace]?.disconnect();
    throw new ConnectionError(
      `namespace "${namespace}" failed to connect: ${failed.message}`,
      failed.data,
    );
  }

  /** Leaves one namespace; with the last one everything ends. */
  async leave(namespace: string): Promise<void> {
    this.manager?.nsps[namespace]?.disconnect();
    this._wanted.delete(namespace);
    if (this._wanted.size === 0) await this.disconnect();
  }

  /** Ends it, whatever it is about. Resolves when what was sent is on its way. */
  async disconnect(): Promise<void> {
    if (this.over) return;
    const engine = this.manager?.engine;
    this._state = "ended";
    for (const socket of this._sockets()) socket.disconnect();
    this._finish("io client disconnect");
    this._abort?.(new ConnectionError("disconnect() was called meanwhile"));
    if (engine && engine.readyState !== "closed")
      await new Promise<void>((done) => engine.once("close", () => done()));
  }

  /** Resolves with what failed, if `enough` of it did not. */
  private async _attempt(
    wait: boolean,
    enough: (failed: ReadonlyMap<string, ConnectionError>) => boolean,
  ): Promise<void> {
    this._state = "connecting";
    const aborted = new Promise<never>((_, reject) => (this._abort = reject));
    const connecting = this._connect(wait);
    // Whichever is later has nobody to tell any more.
    connecting.catch(() => undefined);
    const failed = await Promise.race([connecting, aborted]).finally(() =>
      this._answers.enough(),
    );
    if (failed.size > 0 && !enough(failed)) throw severalFailed(failed);
  }

  private async _connect(
    wait: boolean,
  ): Promise<ReadonlyMap<string, ConnectionError>> {
    const manager = await this._ready();
    const answers = this._answers.of(this._wanted);
    await this._open(manager);
    if (wait) this._answers.begin();
    else this._answers.enough();
    return answers;
  }

  /** Everything that the application is asked for, and the sockets. */
  private async _ready(): Promise<BaseManager> {
    try {
      const url = await resolve("url", this._url);
      const headers = await resolve("headers", this._given.headers);
      const auth = await resolve("auth", this._given.auth);
      if (this.over) throw new ConnectionError("disconnect() was called");
      checkUrl(url);
      const manager = this._managerFor(url, headers);
      for (const namespace of this._wanted)
        this._prepare(manager, namespace, auth);
      return manager;
    } catch (error) {
      if (!this.over) this._failed(toConnectionError(error));
      throw toConnectionError(error);
    }
  }

  private _managerFor(
    url: string,
    headers: Record<string, string> | undefined,
  ): BaseManager {
    const { manager } = this;
    if (manager) {
      manager.uri = url;
      manager.opts.extraHeaders = headers;
      return manager;
    }
    const { transports, path } = this._given;
    const made = this._host.createManager(url, {
      ...this._options,
      ...(transports && { transports }),
      ...(path !== undefined && { path }),
      ...(headers && { extraHeaders: headers }),
      autoConnect: false,
      reconnection: false,
    });
    made.on("close", (reason) => this._closed(reason));
    return (this.manager = made);
  }

  private _open(manager: BaseManager): Promise<void> {
    return new Promise((resolve, reject) => {
      const attempted = {
        url: withoutSecrets(manager.uri ?? ""),
        path: manager.opts.path ?? "/socket.io",
      };
      const failed = (cause: unknown) =>
        reject(
          new ConnectionError(explain(cause, attempted), undefined, { cause }),
        );
      try {
        manager.open((error) => {
          if (error) return failed(error);
          this._line = true;
          this._each("open");
          resolve();
        });
        for (const namespace of this._wanted)
          manager.nsps[namespace]?.connect();
      } catch (cause) {
        // The address or a transport cannot be.
        this._failed(new ConnectionError(explain(cause, attempted)));
        failed(cause);
      }
    });
  }

  /** The socket of a namespace, with the credentials of this attempt. */
  private _prepare(manager: BaseManager, nsp: string, auth: Auth): Socket {
    const known = manager.nsps[nsp];
    const socket = known ?? manager.socket(nsp);
    socket.auth = auth;
    if (known) return socket;
    this._host.made(socket);
    socket
      .on("connect", () => {
        this.sids.set(nsp, socket.id ?? "");
        this._seen.add(nsp);
        this._answers.settle(nsp);
        this._host.lifecycle(nsp, "connect");
      })
      .on("connect_error", (error) => {
        const told = toConnectionError(error);
        this._host.lifecycle(nsp, "connect_error", told);
        this._host.lifecycle(nsp, "error", told.message, told.data);
        // Without a connection there is no answer either; that ends otherwise.
        if (!socket.active) this._answers.settle(nsp, told);
      })
      .on("disconnect", (reason, description) => {
        this.sids.delete(nsp);
        this._host.lifecycle(nsp, "disconnect", reason);
        if (description instanceof Error)
          this._host.lifecycle(nsp, "error", description.message);
        if (socket.active) return;
        this._wanted.delete(nsp);
        this._final(nsp, reason);
      })
      .onAny((...args: unknown[]) => {
        const answer = args.at(-1);
        if (typeof answer !== "function")
          return this._host.event(nsp, args, undefined);
        this._host.event(nsp, args.slice(0, -1), (...values) => {
          if (socket.connected) Reflect.apply(answer, undefined, values);
        });
      });
    return socket;
  }

  private _opened(): void {
    this._backoff.reset();
    this._state = "open";
    if (!this._wanted.size) this._finish("io server disconnect");
    // It may have been lost while answers were awaited.
    else if (this.manager?._readyState === "closed")
      void this._reconnect("transport close");
  }

  private _closed(reason: string): void {
    if (this._line) {
      this._line = false;
      for (const namespace of Object.keys(this.manager?.nsps ?? {}))
        this._host.lifecycle(namespace, "close", reason);
    }
    // The sockets hear of some ends only after the manager.
    const forced = reason === "forced close";
    if (this._state === "connecting" && !forced)
      this._abort?.(new ConnectionError(`the connection was lost: ${reason}`));
    if (this._state !== "open") return;
    if (!forced) return void this._reconnect(reason);
    queueMicrotask(() => {
      if (this._state === "open") this._finish("io server disconnect");
    });
  }

  private async _reconnect(reason: string): Promise<void> {
    if (this._options.reconnection === false) return this._finish(reason);
    this._state = "waiting";
    while (await this._pause()) {
      const { attempts } = this._backoff;
      this._each("retry", attempts);
      try {
        await this._attempt(true, () => this.sids.size > 0);
        this._opened();
        return this._each("reconnect", attempts);
      } catch {
        if (this.over) return;
        // Who is refused may have better credentials the next time.
        this._state = "waiting";
        this._hangUp();
      }
    }
    this._finish(reason);
  }

  /** Waits before the next attempt; `false`: there is none. */
  private async _pause(): Promise<boolean> {
    const { client } = this._host.logs ?? {};
    if (this._backoff.attempts >= this._attempts) {
      client?.error(`gives up after ${this._attempts} attempts`);
      return false;
    }
    const delay = this._backoff.duration();
    client?.info(
      `attempt ${this._backoff.attempts} to connect follows in ${delay} ms`,
    );
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = this._timers.set(resolve, delay);
        this._abort = (error) => {
          this._timers.clear(timer);
          reject(error);
        };
      });
    } catch {
      return false;
    }
    return !this.over;
  }

  private _sockets(): Socket[] {
    const { nsps = {} } = this.manager ?? {};
    return Object.values(nsps).filter(({ active }) => active);
  }

  private _hangUp(): void {
    this.manager?._close();
  }

  private _finish(reason: string): void {
    if (this._finished) return;
    this._finished = true;
    this._state = "ended";
    this._hangUp();
    for (const namespace of this._wanted) this._final(namespace, reason);
    this.sids.clear();
    this._host.logs?.client?.info(`disconnected for good: ${reason}`);
    this._end(reason);
    this._host.over();
  }

  private _final(namespace: string, reason: string): void {
    if (this._seen.delete(namespace))
      this._host.lifecycle(namespace, "disconnect_final", reason);
  }

  /** No attempt could be made at all. */
  private _failed(error: ConnectionError): void {
    this._each("connect_error", error);
    this._each("error", error.message);
  }

  private _each(event: string, ...args: unknown[]): void {
    for (const namespace of [...this._wanted])
      this._host.lifecycle(namespace, event, ...args);
  }
}

async function resolve<T>(name: string, value: Dynamic<T>): Promise<T> {
  if (!isFunction(value)) return value;
  try {
    return await value();
  } catch (cause) {
    throw new ConnectionError(
      `the function for "${name}" failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      undefined,
      { cause },
    );
  }
}

function isFunction<T>(value: Dynamic<T>): value is () => T | Promise<T> {
  return typeof value === "function";
}

function checkUrl(url: string): void {
  const [, path] = /^(?:\w+:)?\/\/[^/?#]*(\/[^?#]*)/.exec(url) ?? [];
  if (path !== undefined && path !== "/")
    throw new ConnectionError(
      `the address ${withoutSecrets(url)} has a path: name namespaces in \`namespaces\` (["${path}"]), and where the server listens in \`path\``,
    );
}

function toConnectionError(error: unknown): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const data: unknown =
    error instanceof Error && "data" in error ? error.data : undefined;
  return new ConnectionError(message, data, { cause: error });
}

function severalFailed(
  failed: ReadonlyMap<string, ConnectionError>,
): ConnectionError {
  const each = [...failed].map(([nsp, { message }]) => `${nsp} (${message})`);
  const [first] = failed.values();
  return new ConnectionError(
    `one or more namespaces failed to connect: ${each.join(", ")}`,
    first?.data,
  );
}

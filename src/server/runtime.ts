/**
 * What the public API asks of the runtime it lives in. `runtimes/` implements it.
 */
import type { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Base64, HostedDialect } from "../dialects/dialect.js";
import type { Clock } from "../hub/ports.js";
import type { Connection } from "./connection.js";
import type { Counters } from "./limits.js";
import type { AttachOptions, EngineOptions } from "./options.js";

/** A middleware as Express and Connect know it. */
export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** The public `io.engine`: connections before they are sockets. */
export interface Engine extends EventEmitter {
  readonly clientsCount: number;
  readonly clients: Record<string, Connection>;
  readonly opts: EngineOptions;
  readonly counters: Counters;
  /** Called for each connection, before the event `connection`, in the same tick. */
  accept: ((connection: Connection) => void) | undefined;
  /** The part of a URL that is ours, though it is not the path that we are mounted on. */
  otherPaths?: ((url: string) => string | undefined) | undefined;
  /** Adds a middleware that sees every HTTP request and every upgrade of this engine. */
  use(middleware: Middleware): this;
  generateId(request: unknown): string | Promise<string>;
  close(): this;
}

/** A native server with the engine attached to it. */
export interface Mounted {
  /** Node's `http.Server` and the like: the public `io.httpServer`. */
  readonly httpServer: unknown;
  /** Stops listening. Resolves when it is closed, also if it never listened. */
  close(): Promise<void>;
}

export interface Runtime {
  readonly clock: Clock;
  readonly base64: Base64;
  /** What applications get for received bytes. @default the `Uint8Array` itself */
  readonly bytes?: (bytes: Uint8Array) => unknown;
  /** At least 120 bits from a CSPRNG, 20 characters of base64url. */
  randomId(): string;
  /** Runs the task when the current callback is done, before any I/O. */
  defer(task: () => void): void;
  /**
   * A package that is not installed with us.
   * @param neededBy - what cannot do without it
   * @throws {Error} it is not installed, with what to do
   */
  load(name: string, neededBy: string): unknown;
  createEngine(
    options: EngineOptions,
    dialects: readonly HostedDialect[],
  ): Engine;
  /** Mounts the engine on a server or a port, with the client files if asked. */
  mount(
    engine: Engine,
    target: unknown,
    options: AttachOptions & { serveClient: boolean },
  ): Mounted;
}

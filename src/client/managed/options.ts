/** Options of `Client`, of its `connect()`, and those of `SimpleClient`. Times are in ms. */
import type { Parser } from "../../dialects/dialect.js";
import type { LoggingOptions } from "../logging-options.js";
import type { Data } from "../emitter.js";
import type { EngineOptions } from "../options.js";

/** A value, or a function that is asked for it before each attempt to connect. */
export type Dynamic<T> = T | (() => T | Promise<T>);

/** What a handler failed at. */
export interface FailedHandler {
  readonly event: string;
  readonly namespace: string;
}

export interface ClientOptions
  extends
    Omit<EngineOptions, "path" | "transports" | "extraHeaders">,
    LoggingOptions {
  /** Come back after the connection is lost. @default true */
  reconnection?: boolean;
  /** How often to try to come back, or with `retry` to connect at all; 0: for ever. @default 0 */
  reconnectionAttempts?: number;
  /** Delay before the first attempt, doubled each time. @default 1000 */
  reconnectionDelay?: number;
  /** @default 5000 */
  reconnectionDelayMax?: number;
  /** How far delays are spread, 0 to 1. @default 0.5 */
  randomizationFactor?: number;
  /** How long one attempt may take; `false`: no limit. @default 20000 */
  timeout?: number | false;
  /** Replaces the text grammar of packets, as in `omnio/msgpack-parser`. */
  parser?: Parser;
  /**
   * Hears of handlers and background tasks that throw or reject. They end nothing.
   * @default to the logger, and without one to the console
   */
  onHandlerError?: (error: unknown, context: FailedHandler) => void;
}

export interface ConnectOptions {
  /**
   * The namespaces to connect.
   * @default those with handlers; "/" if there are none
   */
  namespaces?: string | readonly string[];
  /** Credentials for the namespaces. */
  auth?: Dynamic<Record<string, Data> | undefined>;
  /** Headers of all requests. In browsers a WebSocket sends none. */
  headers?: Dynamic<Record<string, string> | undefined>;
  /** In the order in which they are tried. @default ["polling", "websocket", "webtransport"] */
  transports?: EngineOptions["transports"];
  /** Where the server listens. @default "/socket.io" */
  path?: string;
  /** Resolve only when the server has answered for all namespaces, and reject if it refused one. @default true */
  wait?: boolean;
  /** How long to wait for each answer. @default 5000 */
  waitTimeout?: number;
  /** Go on trying if the first attempt fails, as after a lost connection. @default false */
  retry?: boolean;
}

export interface SimpleConnectOptions extends Pick<
  ConnectOptions,
  "auth" | "headers" | "transports" | "path" | "waitTimeout"
> {
  /** @default "/" */
  namespace?: string;
}

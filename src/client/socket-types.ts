/**
 * Types that socket.io-client's users know: how a listener of an event maps to
 * what `emit`, `timeout` and `emitWithAck` take and give.
 */
import type { Data, EventsMap } from "./emitter.js";

type PrependTimeoutError<T extends Data[]> = {
  [K in keyof T]: T[K] extends (...args: infer Params) => infer Result
    ? (err: Error, ...args: Params) => Result
    : T[K];
};

/**
 * The events as seen through `timeout()`: acknowledgements get an error first.
 *
 * @example
 * socket.timeout(1000).emit("save", (err, value) => {});
 */
export type DecorateAcknowledgements<E extends EventsMap> = {
  [K in keyof E]: E[K] extends (...args: infer Params) => infer Result
    ? (...args: PrependTimeoutError<Params>) => Result
    : E[K];
};

export type Last<T extends Data[]> = T extends [...Data[], infer L] ? L : Data;
export type AllButLast<T extends Data[]> = T extends [...infer H, Data]
  ? H
  : Data[];
/** What an acknowledgement is called with, leaving out the error that comes first after `timeout()`. */
export type FirstArg<T> = T extends (...args: infer Params) => unknown
  ? FirstNonError<Params>
  : Data;
type FirstNonError<T extends Data[]> = T[0] extends Error ? T[1] : T[0];

/** What made a socket disconnect, where there is more to tell than the reason. */
export type DisconnectDescription =
  Error | { description: string; context?: unknown };

/** An error that the server sent, with what it added to it. */
export interface ExtendedError extends Error {
  data?: Data;
}

export interface SocketReservedEvents {
  /** Also after each reconnection. */
  connect: () => void;
  /** The connection could not be made (`socket.active`: it will be tried again), or was refused. */
  connect_error: (err: ExtendedError) => void;
  disconnect: (
    reason: ClientDisconnectReason,
    description?: DisconnectDescription,
  ) => void;
}

export type ClientDisconnectReason =
  | "io server disconnect"
  | "io client disconnect"
  | "ping timeout"
  | "transport close"
  | "transport error"
  | "parse error";

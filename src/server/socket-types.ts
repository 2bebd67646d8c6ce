/**
 * The small types around a socket that users import by name: its reserved
 * events, the reasons for its end, and its handshake.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { ParsedUrlQuery } from "node:querystring";
import type { Reason } from "../session/reasons.js";
import type { Any } from "./typed-events.js";

/** Why a socket was disconnected, as the server sees it. */
export type DisconnectReason = Reason;

/** An event as middlewares see it: its name, then its arguments. */
export type Event = [string, ...Any[]];

/** An error whose `data` goes to the client. */
export interface ExtendedError extends Error {
  data?: Any;
}

/** What the library itself emits on a socket. */
export interface SocketReservedEventsMap {
  /** The socket is gone; its rooms are left. */
  disconnect: (reason: DisconnectReason, description?: Any) => void;
  /** The socket is about to go; its rooms are still there. */
  disconnecting: (reason: DisconnectReason, description?: Any) => void;
  /** There is room for more, after `emit()` has returned `false`. Typed loosely, as applications may have an event of this name, too. */
  drain: (...args: Any[]) => void;
  /** A middleware refused an event, or the client sent what is not a packet. */
  error: (err: Error) => void;
}

/** Names with a meaning of their own, that can neither be emitted nor received. */
export const RESERVED_EVENTS: ReadonlySet<string | symbol> = new Set([
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "newListener",
  "removeListener",
]);

/**
 * @throws {Error} the name is reserved
 * @throws {TypeError} it is no name: clients end a connection that brings an event without one
 */
export function assertNotReserved(
  ev: string | symbol,
  reserved: ReadonlySet<string | symbol> = RESERVED_EVENTS,
): void {
  if (reserved.has(ev))
    throw new Error(`"${String(ev)}" is a reserved event name`);
  // Numbers are names in programs without types, and on the wire.
  if (typeof ev !== "string" && typeof ev !== "number")
    throw new TypeError(
      `emit: the first argument is the event's name, a string, but it is ${typeof ev === "symbol" ? "a symbol, which cannot be sent" : String(ev)}`,
    );
}

/** What a socket's client told when it connected. */
export interface Handshake {
  /** The headers of the opening request. */
  headers: IncomingHttpHeaders;
  /** When the socket was made, as text. */
  time: string;
  /** The client's IP address. */
  address: string;
  /** The opening request came from a page of another origin, or at least named one. */
  xdomain: boolean;
  /** TLS on the way here. */
  secure: boolean;
  /** When the socket was made, in ms since 1970. */
  issued: number;
  /** The URL of the opening request. */
  url: string;
  /** The query of the opening request. */
  query: ParsedUrlQuery;
  /** What the client passed as `auth`; for clients of 2.x the query of the namespace. */
  auth: { [key: string]: Any };
}

/**
 * The door seen from outside: where servers before Socket.IO 1.0 are found, and
 * how a client talks to them over HTTP.
 */
import type { Dialect } from "./dialect.js";
import type { Unit } from "./packet.js";

export interface Way {
  /** Knows the server's greeting. */
  readonly dialect: Dialect;
  /** Whether an answer to the first request, that is no greeting, is the refusal of such a server. */
  refuses(text: string): boolean;
  /** The session in a greeting, for servers that greet apart, and the transports that they offer. */
  offer(greeting: string): { sid: string; transports: string } | undefined;
  /** The path of the first request; `stamp` keeps caches away. */
  hello(stamp: string): string;
  poll(sid: string, stamp: string): string;
  post(sid: string): string;
  stream(sid: string): string;
  /** The body of a POST as a form, where such servers want one. */
  form?(this: void, body: Unit): string;
  /** The server says when it is ready, and wants no word before. */
  readonly patient: boolean;
}

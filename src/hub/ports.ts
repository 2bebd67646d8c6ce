/**
 * What the hub needs from outside: peers to deliver to, and a clock.
 */
import type { Dialect } from "../dialects/dialect.js";
import type { Outgoing } from "../dialects/outgoing.js";

/** Somebody who is joined to a namespace on this server. */
export interface Peer {
  /** The socket's public id. */
  readonly id: string;
  readonly dialect: Dialect;
  send(outgoing: Outgoing): void;
}

/** Time, for things that must happen later. */
export interface Clock {
  /** ms, monotonic. */
  now(): number;
  /** Runs `task` once after `ms`; the returned function cancels it. */
  after(ms: number, task: () => void): () => void;
}

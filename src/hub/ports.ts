/**
 * What the hub needs from outside: peers to deliver to, and a clock.
 */
import type { Dialect } from "../dialects/dialect.js";
import type { Outgoing } from "../dialects/outgoing.js";
import type { EventPacket } from "../dialects/packet.js";

/** Somebody who is joined to a namespace on this server. */
export interface Peer {
  /** The socket's public id. */
  readonly id: string;
  readonly dialect: Dialect;
  /** Takes what `event` is in the peer's dialect. */
  deliver(outgoing: Outgoing, event: EventPacket): void;
}

/** Time, for things that must happen later. */
export interface Clock {
  /** ms, monotonic. */
  now(): number;
  /** Runs `task` once after `ms`; the returned function cancels it. */
  after(ms: number, task: () => void): () => void;
}

/**
 * What a session asks of its owner, and is told by it.
 */
import type { Outgoing } from "../dialects/outgoing.js";
import type { Packet, ProtocolError, Unit } from "../dialects/packet.js";
import type { Carrier } from "./carrier.js";
import type { Beat, HeartbeatTimes } from "./heartbeat.js";
import type { Reason } from "./reasons.js";

export interface SessionTimes extends HeartbeatTimes {
  /** For a change of carrier, in ms. */
  readonly upgradeTimeout: number;
  /** How long the last packets wait for a poll after the end, in ms. */
  readonly linger: number;
}

/** Who owns the session and hears of what happens. */
export interface SessionHost {
  packet(packet: Packet): void;
  /** The time, for what comes neither from the peer nor from a timer of ours. */
  now(): number;
  /** The peer broke the packet protocol; the session ends right after. */
  malformed(error: ProtocolError): void;
  /** Said once. What was queued may still be on its way. */
  ended(reason: Reason, description?: unknown): void;
  /** Nothing more will be read or written. */
  gone(): void;
  /** There is something to flush when this tick is over. */
  dirty(): void;
  /** The deadline may have come nearer. */
  hurry(): void;
  heartbeat(): void;
  /**
   * The peer beats as its dialect does not. `true`: it is of another kind, which
   * the session is of from now on, and in which it may do so.
   */
  misnamed(said: Beat, carrier: Carrier | undefined): boolean;
  /** The session is on this carrier now. */
  rides(carrier: Carrier): void;
  /** A carrier wants to become the session's. */
  probing(carrier: Carrier): void;
  /** It has. */
  moved(carrier: Carrier): void;
  /** A batch was given to the carrier. */
  flushed(batch: readonly Outgoing[]): void;
  /** A packet was given up, as too much waits for the peer. */
  dropped(outgoing: Outgoing): void;
  /** There is room again, after `isHigh` was true. */
  drained(): void;
  /** Every unit that arrives, before it is decoded; only if somebody listens. */
  tap: ((unit: Unit) => void) | undefined;
}

/** How a session ends, beside the reason. */
export interface Ending {
  /** For the listener of `disconnect`. */
  description?: unknown;
  /** Nobody will read what is still queued. */
  discard?: boolean;
  /** The client has said so itself. */
  heard?: boolean;
  /** It learns of it by a poll that comes after the end. */
  late?: boolean;
  /** WebSocket close code, and what goes with it. */
  code?: number;
  words?: string;
}

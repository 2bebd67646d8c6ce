/**
 * The change of a session from polling to a stream, with a probe:
 *
 *     client, on the new carrier     server
 *       ping "probe"            ->
 *                               <-   pong "probe"
 *                               <-   noop, on a held poll, so that it ends
 *       upgrade                 ->   the new carrier is the session's carrier
 *
 * Anything else on the new carrier, or too long a wait, drops it, and the
 * session stays where it is. The probe may be left out, as in the reference:
 * arduinoWebSockets up to 2.3 does.
 */
import type { Packet, Signal } from "../dialects/packet.js";
import type { Carrier } from "./carrier.js";

/** Between two noops for a client that keeps polling, in ms (engine.io: 100). */
export const NOOP_INTERVAL = 100;

export class Upgrade {
  /** The probe was answered: `upgrade` may come. */
  probed = false;

  constructor(
    readonly candidate: Carrier,
    /** When our patience ends. */
    readonly expiresAt: number,
  ) {}

  /** What the candidate's message means. */
  read(item: Packet | Signal | undefined): "probe" | "switch" | "wrong" {
    if (item?.type === "ping" && item.data === "probe" && !this.probed) {
      this.probed = true;
      return "probe";
    }
    return item?.type === "upgrade" ? "switch" : "wrong";
  }
}

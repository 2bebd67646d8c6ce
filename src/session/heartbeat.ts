/**
 * Whether the peer is still there. One heartbeat for each session, whatever
 * carrier it is on: changing the carrier does not touch it, so it cannot die
 * during an upgrade.
 */

export interface HeartbeatTimes {
  /** Between two pings, in ms. */
  readonly pingInterval: number;
  /** For the answer, in ms. */
  readonly pingTimeout: number;
}

export class Heartbeat {
  /** When something is due: a ping of ours, or the end of our patience. */
  at: number;
  #waiting = false;
  #extended = false;

  constructor(
    private readonly ours: boolean,
    private readonly times: HeartbeatTimes,
    now: number,
  ) {
    this.at = ours
      ? now + times.pingInterval
      : now + times.pingInterval + times.pingTimeout;
  }

  /** To be called when `at` has come: what to do about it. */
  due(now: number): "ping" | "dead" {
    if (!this.ours || this.#waiting) return "dead";
    this.#waiting = true;
    this.#extended = false;
    this.at = now + this.times.pingTimeout;
    return "ping";
  }

  /** The peer pinged. `false`: that is not its part in this dialect. */
  ping(now: number): boolean {
    if (this.ours) return false;
    this.at = now + this.times.pingInterval + this.times.pingTimeout;
    return true;
  }

  /**
   * The peer answered. An answer to nothing changes nothing, so it cannot start
   * a second heartbeat. `false`: answering is not its part in this dialect.
   */
  pong(now: number): boolean {
    if (!this.ours) return false;
    if (this.#waiting) {
      this.#waiting = false;
      this.at = now + this.times.pingInterval;
    }
    return true;
  }

  /**
   * Another packet arrived. While an answer is awaited the first one buys time
   * once (engine.io 6.6.11): a large message may stand before the pong.
   */
  other(now: number): void {
    if (this.#waiting && !this.#extended) {
      this.#extended = true;
      this.at = now + this.times.pingTimeout;
    }
  }
}

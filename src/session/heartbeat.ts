/**
 * Whether the peer is still there. One heartbeat for each session, whatever
 * carrier it is on: changing the carrier does not touch it, so it cannot die
 * during an upgrade. Generations that do not beat on polls pause it there.
 */
import type { LinkPolicy } from "../dialects/dialect.js";

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
  #count = 0;
  readonly #times: HeartbeatTimes;

  constructor(
    private readonly beat: LinkPolicy["beat"],
    times: HeartbeatTimes,
    now: number,
  ) {
    this.#times = beat.times ?? times;
    this.at = now + this.#patience;
  }

  /** What the next ping says. */
  get data(): string | undefined {
    return this.beat.counted ? String(this.#count) : undefined;
  }

  /** The peer sits on a stream, or polls. */
  ride(once: boolean, now: number): void {
    if (this.beat.onPolls) return;
    if (once) this.at = Infinity;
    else if (this.at === Infinity) {
      this.#waiting = false;
      this.at = now + this.#patience;
    }
  }

  /** To be called when `at` has come: what to do about it. */
  due(now: number): "ping" | "dead" {
    if (!this.#ours || this.#waiting) return "dead";
    this.#waiting = true;
    this.#extended = false;
    this.#count++;
    this.at = now + this.#times.pingTimeout;
    return "ping";
  }

  /** The peer said `ping`. What is to be done: answer it, nothing, or the peer may not say that. */
  ping(now: number, data: string | undefined): "answer" | "heard" | "wrong" {
    if (this.#ours)
      return this.beat.reply === "same" ? this.#answered(now, data) : "wrong";
    this.at = now + this.#patience;
    return "answer";
  }

  /**
   * The peer said `pong`. An answer to nothing changes nothing, so it cannot
   * start a second heartbeat.
   */
  pong(now: number, data: string | undefined): "heard" | "wrong" {
    return this.#ours && this.beat.reply === "pong"
      ? this.#answered(now, data)
      : "wrong";
  }

  /**
   * Another packet arrived. While an answer is awaited the first one buys time
   * once (engine.io 6.6.11): a large message may stand before the pong.
   */
  other(now: number): void {
    if (this.#waiting && !this.#extended) {
      this.#extended = true;
      this.at = now + this.#times.pingTimeout;
    }
  }

  get #ours(): boolean {
    return this.beat.from === "server";
  }

  get #patience(): number {
    const { pingInterval, pingTimeout } = this.#times;
    return this.#ours ? pingInterval : pingInterval + pingTimeout;
  }

  #answered(now: number, data: string | undefined): "heard" {
    if (this.#waiting && (!this.beat.counted || data === this.data)) {
      this.#waiting = false;
      this.at = now + this.#times.pingInterval;
    }
    return "heard";
  }
}

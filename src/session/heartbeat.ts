/**
 * Whether the peer is still there. One heartbeat for each session, whatever
 * carrier it is on: changing the carrier does not touch it, so it cannot die
 * during an upgrade. Generations that do not beat on polls pause it there.
 *
 * The rules are one object for all sessions of a kind, and a session keeps two
 * numbers for them: an object for each was 80 bytes of an idle connection.
 */
import type { LinkPolicy } from "../dialects/dialect.js";

export interface HeartbeatTimes {
  /** Between two pings, in ms. */
  readonly pingInterval: number;
  /** For the answer, in ms. */
  readonly pingTimeout: number;
}

/** What is said of it by either end. */
export interface Beat {
  readonly type: "ping" | "pong";
  readonly data?: string | undefined;
}

/** Whose heart it is. */
export interface Beating {
  /** When something is due: a ping of ours, or the end of our patience. Written by `Heartbeat` only. */
  beatAt: number;
  /** What the flags below say, and the number of pings above them. Written by `Heartbeat` only. */
  beats: number;
}

/** An answer is awaited, */
const WAITING = 1;
/** and has been given more time. */
const EXTENDED = 2;
const FLAGS = WAITING | EXTENDED;
/** One ping in `beats`. */
const PING = FLAGS + 1;

export class Heartbeat {
  constructor(
    private readonly beat: LinkPolicy["beat"],
    private readonly defaults: HeartbeatTimes,
  ) {}

  begin(of: Beating, now: number): void {
    of.beatAt = now + this.#patience;
  }

  /** What the next ping says. */
  data({ beats }: Beating): string | undefined {
    return this.beat.counted ? String(Math.floor(beats / PING)) : undefined;
  }

  /** What answers a ping. */
  get answer(): Beat["type"] {
    return this.beat.reply === "same" ? "ping" : "pong";
  }

  /** The peer sits on a stream, or polls. */
  ride(of: Beating, once: boolean, now: number): void {
    if (this.beat.onPolls) return;
    if (once) of.beatAt = Infinity;
    else if (of.beatAt === Infinity) {
      of.beats &= ~WAITING;
      of.beatAt = now + this.#patience;
    }
  }

  /** To be called when `beatAt` has come: what to do about it. */
  due(of: Beating, now: number): "ping" | "dead" {
    if (!this.#ours || of.beats & WAITING) return "dead";
    of.beats = ((of.beats & ~FLAGS) | WAITING) + PING;
    of.beatAt = now + this.#times.pingTimeout;
    return "ping";
  }

  /**
   * What is to be done about a word of the peer's: answer it, nothing, or the
   * peer may not say that. An answer to nothing changes nothing, so it cannot
   * start a second heartbeat.
   */
  hear(
    of: Beating,
    { type, data }: Beat,
    now: number,
  ): "answer" | "heard" | "wrong" {
    if (this.#ours) {
      return type === this.answer ? this.#answered(of, data, now) : "wrong";
    }
    if (type === "pong") return "wrong";
    of.beatAt = now + this.#patience;
    return "answer";
  }

  /**
   * Another packet arrived. While an answer is awaited the first one buys time
   * once (engine.io 6.6.11): a large message may stand before the pong.
   */
  other(of: Beating, now: number): void {
    if ((of.beats & FLAGS) !== WAITING) return;
    of.beats |= EXTENDED;
    of.beatAt = now + this.#times.pingTimeout;
  }

  get #ours(): boolean {
    return this.beat.from === "server";
  }

  get #times(): HeartbeatTimes {
    return this.beat.times ?? this.defaults;
  }

  get #patience(): number {
    const { pingInterval, pingTimeout } = this.#times;
    return this.#ours ? pingInterval : pingInterval + pingTimeout;
  }

  #answered(of: Beating, data: string | undefined, now: number): "heard" {
    if (of.beats & WAITING && (!this.beat.counted || data === this.data(of))) {
      of.beats &= ~WAITING;
      of.beatAt = now + this.#times.pingInterval;
    }
    return "heard";
  }
}

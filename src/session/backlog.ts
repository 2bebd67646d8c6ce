/**
 * An outbox with bounds: how much may wait for a peer, and what is done beyond.
 * Counted is what waits here and what the carrier could not pass on yet
 * (`unsent`, which comes as an argument, as does the time).
 *
 * What an application says in one tick is never too much by itself: judged is
 * what was still there when the tick began, as the peer has had time for that.
 *
 * Lent to a session (`kind.ts`) for as long as it has something to remember.
 */
import type { Outgoing } from "../dialects/outgoing.js";
import type { Carrier } from "./carrier.js";
import type { SessionHost } from "./host.js";
import { Outbox, sizeOf } from "./outbox.js";

/**
 * With more than this many bytes unsent a stream is given nothing more: what
 * waits here can still be dropped, and costs no frames. No smaller than what
 * Node's streams take before they promise to say when they are empty.
 */
export const UNSENT = 64 * 1024;

export interface QueueBounds {
  readonly maxBufferedBytes: number;
  readonly maxBufferedPackets: number;
  /** How long a peer may be over them before it is given up, in ms. */
  readonly slowConsumerGrace: number;
}

/**
 * So many times the bounds, on top of what one tick began with, and the peer is
 * given up without any grace: memory has to be bounded in that time, too.
 */
const AT_MOST = 16;

/** At this share of the bounds the application is told to wait. */
const HIGH_WATER = 0.5;

interface Amount {
  bytes: number;
  packets: number;
}

const NOTHING: Amount = { bytes: 0, packets: 0 };

export class Backlog extends Outbox {
  /** The stream that will say when it has room again. */
  awaited: Carrier | undefined = undefined;
  /** The application was told to wait. */
  wasHigh = false;
  /** What was left from earlier ticks when this one began; between ticks there is none. */
  #left: Amount | undefined = undefined;
  /** Something was queued in this tick that must not be dropped. */
  #binding = false;
  /** Since when too much is left, and what the last tick before that had made of it. */
  #over: { since: number; from: Amount } | undefined = undefined;
  #lastTick: Amount = NOTHING;

  constructor(
    private readonly bounds: QueueBounds,
    /** Whose it is: changes with each loan. */
    public host: Pick<SessionHost, "dropped">,
  ) {
    super();
  }

  /** Nothing waits, and nothing of what was has to be remembered. */
  get isIdle(): boolean {
    return (
      this.length === 0 &&
      this.#left === undefined &&
      this.#over === undefined &&
      this.#lastTick === NOTHING &&
      this.awaited === undefined &&
      !this.wasHigh
    );
  }

  /** Something is about to be queued. `true`: for the first time in this tick. */
  begin(unsent: number): boolean {
    if (this.#left !== undefined) return false;
    const { bytes, length } = this;
    this.#left =
      bytes + unsent === 0
        ? NOTHING
        : { bytes: bytes + unsent, packets: length };
    return true;
  }

  /** Whether a packet can be queued without dropping any. */
  hasRoom(outgoing: Outgoing, unsent: number): boolean {
    const { maxBufferedBytes, maxBufferedPackets } = this.bounds;
    const waiting = this.bytes + unsent;
    // However large it is, a packet that waits alone has to be possible.
    return (
      (waiting === 0 || waiting + sizeOf(outgoing) <= maxBufferedBytes) &&
      this.length < maxBufferedPackets
    );
  }

  /** Queues a packet by its own policy. `false`: it was dropped. */
  add(outgoing: Outgoing, unsent: number): boolean {
    if (outgoing.whenSlow === "disconnect") this.#binding = true;
    else if (!this.#makeRoom(outgoing, unsent)) {
      this.host.dropped(outgoing);
      return false;
    }
    this.push(outgoing);
    return true;
  }

  /** The tick is over. Whether the peer is too slow for what it is sent. */
  isTooSlow(unsent: number, now: number): boolean {
    const left = this.#left;
    const binding = this.#binding;
    this.#left = undefined;
    this.#binding = false;
    if (left === undefined) return false;
    const { maxBufferedBytes, maxBufferedPackets, slowConsumerGrace } =
      this.bounds;
    if (!this.#exceeds(left)) {
      this.#over = undefined;
      this.#lastTick = this.#exceeds({
        bytes: this.bytes + unsent,
        packets: this.length,
      })
        ? { bytes: this.bytes + unsent, packets: this.length }
        : NOTHING;
      return false;
    }
    this.drop(isVolatile, () => false, this.host);
    this.#over ??= { since: now, from: this.#lastTick };
    const { since, from } = this.#over;
    return (
      binding &&
      (now - since >= slowConsumerGrace ||
        left.bytes > from.bytes + AT_MOST * maxBufferedBytes ||
        left.packets > from.packets + AT_MOST * maxBufferedPackets)
    );
  }

  /** Over the mark from which on an application should wait. */
  isHigh(unsent: number): boolean {
    return (
      this.bytes + unsent > HIGH_WATER * this.bounds.maxBufferedBytes ||
      this.length > HIGH_WATER * this.bounds.maxBufferedPackets
    );
  }

  #exceeds({ bytes, packets }: Amount): boolean {
    const { maxBufferedBytes, maxBufferedPackets } = this.bounds;
    return bytes > maxBufferedBytes || packets > maxBufferedPackets;
  }

  #makeRoom(outgoing: Outgoing, unsent: number): boolean {
    const enough = () => this.hasRoom(outgoing, unsent);
    if (enough()) return true;
    this.drop(isVolatile, enough, this.host);
    if (outgoing.whenSlow === "drop-oldest") {
      this.drop(mayGiveWay, enough, this.host);
      // The latest is worth keeping, even behind what is already on its way.
      if (this.length === 0) return true;
    }
    return enough();
  }
}

function isVolatile({ volatile }: Outgoing): boolean {
  return volatile;
}

function mayGiveWay({ whenSlow }: Outgoing): boolean {
  return whenSlow === "drop-oldest";
}

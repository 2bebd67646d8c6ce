/**
 * What all sessions of one engine and dialect have in common: made once and
 * shared, so that none of it is counted by connections. A session changes to
 * another kind if its peer turns out to speak another dialect than it said.
 */
import type { HostedDialect, Line } from "../dialects/dialect.js";
import type { Packet, Signal, Unit } from "../dialects/packet.js";
import { Backlog, type QueueBounds } from "./backlog.js";
import type { Decoders } from "./decoders.js";
import { Heartbeat } from "./heartbeat.js";
import type { SessionHost, SessionTimes } from "./host.js";

const NOBODY: Pick<SessionHost, "dropped"> = { dropped: () => {} };

export class SessionKind {
  readonly heartbeat: Heartbeat;
  /** Of all who have nothing to say. Never written to. */
  readonly nothing: Backlog;
  #idle: Backlog | undefined = undefined;
  #other: SessionKind | undefined = undefined;

  constructor(
    readonly dialect: HostedDialect,
    readonly decoders: Decoders,
    readonly times: SessionTimes,
    private readonly bounds: QueueBounds,
    nothing = new Backlog(bounds, NOBODY),
  ) {
    this.heartbeat = new Heartbeat(dialect.link.beat, times);
    this.nothing = nothing;
  }

  /**
   * The kind of those who turn out to speak another dialect, which is always the
   * same one. Their sessions go on with the queues that they have.
   */
  as(dialect: HostedDialect): SessionKind {
    const { decoders, times, bounds, nothing } = this;
    return (this.#other ??= new SessionKind(
      dialect,
      decoders,
      times,
      bounds,
      nothing,
    ));
  }

  /** One of its own for a session that has something to say, if it has none: mostly until the tick is over. */
  lend(backlog: Backlog, host: Pick<SessionHost, "dropped">): Backlog {
    if (backlog !== this.nothing) return backlog;
    const idle = this.#idle;
    if (idle === undefined) return new Backlog(this.bounds, host);
    this.#idle = undefined;
    idle.host = host;
    return idle;
  }

  /** Takes it from the session if it is idle. What the session goes on with. */
  giveBack(backlog: Backlog): Backlog {
    if (backlog === this.nothing || !backlog.isIdle) return backlog;
    backlog.host = NOBODY;
    this.#idle = backlog;
    return this.nothing;
  }

  /** See `Decoders.readAlone`. */
  readAlone(frame: Unit, line: Line): Packet | Signal | undefined {
    return this.decoders.readAlone(this.dialect, frame, line);
  }
}

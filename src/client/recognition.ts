/**
 * Finds out from a server's first frames which generation it is. Over HTTP the
 * first answer tells. Over WebSocket a hello may be of either of two
 * generations: one announces the root namespace right behind it, the other
 * waits to be asked. So if the hello does not say more, we listen for that
 * announcement for a moment before the connection counts as open.
 */
import type { Dialect, Line } from "../dialects/dialect.js";
import type { Hello, Unit } from "../dialects/packet.js";
import type { Timer, Timers } from "./timers.js";

/**
 * How long to listen for a root namespace that nobody asked for, in ms. Longer
 * than the two frames are ever apart, as they leave the server in one tick;
 * spent once per manager, and only on servers before socket.io 4.1.
 */
const ROOT_WAIT = 200;

const LIMITS = { maxPayload: Infinity, maxAttachments: Infinity };

export class Recognition {
  private _held: Unit[] = [];
  private _timer: Timer | undefined;

  constructor(
    private readonly _dialects: readonly [Dialect, ...Dialect[]],
    /** What the server spoke last time. */
    private readonly _known: Dialect | undefined,
    private readonly _timers: Timers,
  ) {}

  /** What to speak before the server said anything. */
  get guess(): Dialect {
    return this._known ?? this._dialects[0];
  }

  /**
   * Takes the first frames, until `done` is called with the dialect and all of
   * them. No dialect: the server speaks none that we know.
   */
  push(
    frame: Unit,
    line: Line,
    done: (dialect: Dialect | undefined, frames: Unit[]) => void,
  ): void {
    this._held.push(frame);
    const settle = (dialect: Dialect | undefined) => {
      this.stop();
      done(dialect, this._held);
    };
    const [first, ...others] = this._dialects;
    const implicit = others.find(({ link }) => link.root === "implicit");
    if (line.batch)
      return settle(
        this._dialects.find((dialect) => dialect.recognises(frame)),
      );
    if (this._timer !== undefined)
      return settle(
        implicit && announcesRoot(frame, implicit) ? implicit : first,
      );
    if (this._known) return settle(this._known);
    if (!implicit || helloOf(frame, first)?.maxPayload !== undefined)
      return settle(first);
    this._timer = this._timers.set(() => settle(first), ROOT_WAIT);
  }

  stop(): void {
    this._timers.clear(this._timer);
  }
}

function read(frame: Unit, dialect: Dialect) {
  try {
    return dialect.decoder(LIMITS).push(frame);
  } catch {
    return undefined;
  }
}

function helloOf(frame: Unit, dialect: Dialect): Hello | undefined {
  const item = read(frame, dialect);
  return item?.type === "open" ? item.hello : undefined;
}

function announcesRoot(frame: Unit, dialect: Dialect): boolean {
  const item = read(frame, dialect);
  return item?.type === "connect" && item.nsp === "/";
}

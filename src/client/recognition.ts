/**
 * Finds out from a server's first frames which generation it is. Over HTTP the
 * first answer tells. Over WebSocket a hello may be of either of two
 * generations: one announces the root namespace right behind it, the other
 * waits to be asked. So if the hello does not say more, we listen for that
 * announcement for a moment before the connection counts as open.
 */
import type { Dialect, Line } from "../dialects/dialect.js";
import type { Unit } from "../dialects/packet.js";
import type { Timer, Timers } from "./timers.js";

/**
 * How long to listen for a root namespace that nobody asked for, in ms. Longer
 * than the two frames are ever apart, as they leave the server in one tick;
 * spent once per manager, and only on servers before socket.io 4.1.
 */
const ROOT_WAIT = 200;

const LIMITS = { maxPayload: Infinity, maxAttachments: Infinity };

/** Who wants to know. */
export interface Asker {
  readonly _timers: Timers;
  /** The dialect, and the frames so far. No dialect: the server speaks none of ours. */
  _recognised(dialect: Dialect | undefined, frames: Unit[], line: Line): void;
}

/** Takes the first frames; `stop` ends it. */
export interface Recognition {
  push(frame: Unit, line: Line): void;
  stop(): void;
}

export type Recogniser = (
  asker: Asker,
  dialects: readonly Dialect[],
  /** What the server spoke last time. */
  known: Dialect | undefined,
) => Recognition;

export const recognise: Recogniser = (asker, dialects, known) => {
  const timers = asker._timers;
  const [first] = dialects;
  const implicit = dialects.find(({ link }) => link.root === "implicit");
  const held: Unit[] = [];
  let timer: Timer | undefined;

  const read = (frame: Unit, dialect: Dialect) => {
    try {
      return dialect.decoder(LIMITS).push(frame);
    } catch {
      return undefined;
    }
  };

  return {
    push(frame, line) {
      held.push(frame);
      const settle = (dialect: Dialect | undefined) => {
        timers.clear(timer);
        asker._recognised(dialect, held, line);
      };
      if (line.batch)
        return settle(dialects.find((dialect) => dialect.recognises(frame)));
      if (timer !== undefined) {
        const item = implicit && read(frame, implicit);
        return settle(
          item?.type === "connect" && item.nsp === "/" ? implicit : first,
        );
      }
      if (known ?? (implicit === undefined || implicit === first))
        return settle(known ?? first);
      const hello = read(frame, first);
      if (hello?.type === "open" && hello.hello.maxPayload !== undefined)
        return settle(first);
      timer = timers.set(() => settle(first), ROOT_WAIT);
    },
    stop() {
      timers.clear(timer);
    },
  };
};

import type { Line } from "./dialect.js";
import type { Unit } from "./packet.js";

/**
 * What is done when too much waits for a peer: `drop-oldest` makes room for the
 * new packet, `drop-newest` drops it, `disconnect` drops nothing, and the peer
 * in the end.
 */
export type SlowConsumer = "disconnect" | "drop-oldest" | "drop-newest";

/**
 * A packet already put into one dialect's words: made once for each dialect of
 * a broadcast and shared by all of its receivers.
 *
 * `prepared` belongs to the carriers: what one of them made of the units for
 * its kind of line (WebSocket frames), so that the next one need not do so
 * again. Its key is everything that changes those bytes: the dialect (an
 * Outgoing has one only) and the line.
 */
export class Outgoing {
  prepared: { line: Line; bytes: Uint8Array } | undefined = undefined;

  constructor(
    readonly units: readonly Unit[],
    /** May be dropped when the line is not ready to take it. */
    readonly volatile = false,
    /** May be compressed, where the line compresses at all. */
    readonly compress = true,
    /** Goes to several receivers, so preparing it pays. */
    readonly shared = false,
    /** What comes of it when too much waits for the receiver. */
    readonly whenSlow: SlowConsumer = "disconnect",
  ) {}
}

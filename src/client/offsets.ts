/**
 * The place in the server's log of packets that a socket has seen, for the
 * recovery of what it misses. The wire has no field for it: a server with
 * recovery appends it to the arguments of events that it keeps, and a volatile
 * event may end in a string of its own just there.
 *
 * omnio's offsets are `~` and a number in base 36 that never falls, and the
 * first one comes with the connection: so they are told apart from data, and
 * taken off the arguments. Other servers' offsets stay where they are, as in the
 * reference client; any string that could be one counts (7 characters and
 * more: milliseconds in base 64, `<ms>-<n>` of a stream, an object id).
 */
const OURS = /^~([0-9a-z]{1,11})$/;
const THEIRS = /^[\w.-]{7,24}$/;

export interface Seen {
  /** The arguments for the listeners. */
  readonly args: readonly unknown[];
  readonly offset: string | undefined;
}

/** @param last the offset seen before */
export function readOffset(
  args: readonly unknown[],
  last: string | undefined,
): Seen {
  const end = args.at(-1);
  if (typeof end !== "string" || args.length < 2) return { args, offset: last };
  const before = place(last);
  if (before === undefined)
    return { args, offset: THEIRS.test(end) ? end : last };
  const now = place(end);
  return now === undefined || now < before
    ? { args, offset: last }
    : { args: args.slice(0, -1), offset: end };
}

function place(offset: string | undefined): number | undefined {
  const digits = offset && OURS.exec(offset)?.[1];
  return digits ? parseInt(digits, 36) : undefined;
}

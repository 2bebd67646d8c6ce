/**
 * How much goes into one write. A POST carries no more bytes than the server
 * said it takes, and no more than 16 packets, as servers in Python drop the rest.
 */
import type { Line } from "../dialects/dialect.js";
import type { Unit } from "../dialects/packet.js";

/** A unit on its way out. */
export interface Outbound {
  readonly unit: Unit;
  readonly compress?: boolean | undefined;
}

const MAX_UNITS = 16;

/** The first units of `waiting` that may be written now; at least one, if there is one. */
export function batchFor(
  waiting: readonly Outbound[],
  line: Line,
  maxPayload = Infinity,
): Outbound[] {
  if (!line.batch) return waiting.slice();
  let size = 0;
  let count = 0;
  for (const { unit } of waiting) {
    // An upper bound, with base64 and what is put around a unit.
    size +=
      typeof unit === "string"
        ? new TextEncoder().encode(unit).length
        : unit.length * 1.34;
    size += 12;
    if (count === MAX_UNITS || (count && size > maxPayload)) break;
    count++;
  }
  return waiting.slice(0, count);
}

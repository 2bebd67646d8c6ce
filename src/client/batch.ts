/**
 * How much goes into one POST: no more bytes than the server said it takes, and
 * no more than 16 packets, as servers in Python drop the rest.
 */
import type { Unit } from "../dialects/packet.js";

/** A unit on its way out. */
export interface Outbound {
  readonly unit: Unit;
  readonly compress?: boolean | undefined;
}

const MAX_UNITS = 16;

/** The first units of `waiting` that may share a POST; at least one. */
export function batchFor(
  waiting: readonly Outbound[],
  maxPayload = Infinity,
): Outbound[] {
  let size = 0;
  let count = 0;
  while (count < waiting.length && count < MAX_UNITS) {
    size += sizeInPayload(waiting[count].unit);
    if (count && size > maxPayload) break;
    count++;
  }
  return waiting.slice(0, count);
}

/** An upper bound for one unit in a payload, with what is put around it. */
function sizeInPayload(unit: Unit): number {
  const framing = 12;
  return typeof unit === "string"
    ? new TextEncoder().encode(unit).length + framing
    : Math.ceil(unit.length / 3) * 4 + framing;
}

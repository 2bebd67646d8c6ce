/**
 * The limits that concern one socket: its rooms, the answers that it owes, and
 * how fast its client may speak.
 */
import type { Clock } from "../hub/ports.js";
import { TokenBucket } from "../hub/token-bucket.js";
import type { AdapterInstance, Room } from "./adapter.js";
import type { Connection } from "./connection.js";
import type { LimitName, Limits, Rate } from "./limits.js";

/** What is needed of the socket. */
interface Limited {
  readonly id: string;
  readonly conn: Connection;
  readonly nsp: {
    readonly name: string;
    readonly adapter: AdapterInstance;
    readonly server: { readonly _settings: { readonly limits: Limits } };
  };
}

/** @throws {RangeError} the socket would be in more rooms than it may be */
export function checkRooms(socket: Limited, rooms: Iterable<Room>): void {
  const { roomsPerSocket: max } = socket.nsp.server._settings.limits;
  if (max === Infinity) return;
  const all = new Set(socket.nsp.adapter.socketRooms(socket.id));
  for (const room of rooms) all.add(room);
  all.delete(socket.id);
  if (all.size <= max) return;
  report(socket, "roomsPerSocket", max);
  throw new RangeError(
    `a socket may be in ${max} rooms at most beside its own (limits.roomsPerSocket): leave one first, or raise the limit`,
  );
}

/** Whether one more answer may be waited for. */
export function mayExpect(
  socket: Limited & { readonly acks: { readonly size: number } },
): boolean {
  const { pendingAcks: max } = socket.nsp.server._settings.limits;
  if (max === Infinity || socket.acks.size < max) return true;
  report(socket, "pendingAcks", max);
  return false;
}

/**
 * One event too many waits for handlers that run in order.
 * @returns what a client that wants an answer gets
 */
export function tooManyWait(
  socket: Limited,
  again: boolean,
): { error: string } {
  const { waitingEvents: max } = socket.nsp.server._settings.limits;
  report(socket, "waitingEvents", max, again);
  return { error: `too many events: ${max} wait for their turn already` };
}

/** How fast the clients of sockets may speak. */
export class EventRates {
  readonly #buckets = new WeakMap<Limited, TokenBucket>();
  /** What a client that wants an answer gets instead. */
  readonly refusal: { error: string };

  constructor(
    private readonly max: Rate,
    private readonly clock: Clock,
  ) {
    this.refusal = {
      error: `too many events: ${max.rate} a second at most, ${max.burst} at once`,
    };
  }

  /** Whether an event may pass. The first of many that may not is reported. */
  allows(socket: Limited): boolean {
    const { rate, burst } = this.max;
    const now = this.clock.now();
    let bucket = this.#buckets.get(socket);
    if (bucket === undefined) {
      bucket = new TokenBucket(rate, burst, now);
      this.#buckets.set(socket, bucket);
    }
    if (bucket.take(now)) return true;
    report(socket, "eventsPerSecond", rate, bucket.refused > 1);
    return false;
  }
}

function report(
  { conn, nsp, id }: Limited,
  limit: LimitName,
  max: number,
  again = false,
): void {
  conn.limited({ limit, max, namespace: nsp.name, socketId: id }, again);
}

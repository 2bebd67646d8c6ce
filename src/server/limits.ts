/**
 * The option `limits`: how much one client, one address or all of them may ask
 * of the server, and what is reported when they ask for more.
 */
import { count, fail, isObject } from "./option-checks.js";
import type { Connection } from "./connection.js";

/** Events a second, and how many of them may come together. */
export interface Rate {
  readonly rate: number;
  readonly burst: number;
}

/** All in numbers; `Infinity` is no limit. */
export interface LimitOptions {
  /**
   * Events that one socket's client may send in a second. A number stands for
   * `{ rate: number, burst: number }`. What is above does not reach the
   * listeners; an acknowledgement gets `{ error: "..." }`. @default Infinity
   */
  eventsPerSecond: number | Rate;
  /**
   * Events of one socket that may wait for the end of an earlier one, with
   * `handlersInOrder`. What is above does not reach the handlers; an
   * acknowledgement gets `{ error: "..." }`. @default 1000
   */
  waitingEvents: number;
  /** The same as `maxNamespaces`. @default 1000 */
  namespaces: number;
  /**
   * Rooms that one socket may be in beside its own. `join()` throws above it.
   * @default Infinity
   */
  roomsPerSocket: number;
  /**
   * Acknowledgements that the server may wait for from one socket. `emit()`
   * throws above it, `emitWithAck()` rejects. @default Infinity
   */
  pendingAcks: number;
  /**
   * Connections from one IP address, as the server's own socket sees it: behind
   * a proxy all have the same. More are refused with 403. @default Infinity
   */
  connectionsPerAddress: number;
  /**
   * Connections that have not joined a namespace yet, over all addresses. The
   * oldest of them has to go when another comes. @default Infinity
   */
  halfOpen: number;
}

export type LimitName = keyof LimitOptions;

/** The limits with their defaults. */
export type Limits = Readonly<Omit<LimitOptions, "eventsPerSecond">> & {
  readonly eventsPerSecond: Rate;
};

/** What listeners of the engine's event `limit` get. */
export interface LimitReport {
  limit: LimitName;
  max: number;
  /** The client's IP address. */
  address: string;
  /** The connection that asked for too much; none, if it was refused. */
  connection?: Connection;
  /** Where it is about one socket. */
  namespace?: string;
  socketId?: string;
}

/** What a server has had to do about clients so far: `io.engine.counters`. */
export interface Counters {
  /** Connections ended with `slow consumer`. */
  slowConsumers: number;
  /** Packets dropped for clients that did not keep up, volatile ones that met a busy line aside. */
  droppedPackets: number;
  /** Sessions that the adapter could not give back: with an offset that it cannot use, or as it failed. */
  failedRecoveries: number;
  /** How often each limit was exceeded. */
  limited: Record<LimitName, number>;
}

export function makeCounters(): Counters {
  return {
    slowConsumers: 0,
    droppedPackets: 0,
    failedRecoveries: 0,
    limited: {
      eventsPerSecond: 0,
      waitingEvents: 0,
      namespaces: 0,
      roomsPerSocket: 0,
      pendingAcks: 0,
      connectionsPerAddress: 0,
      halfOpen: 0,
    },
  };
}

/** @throws {TypeError} a limit is not a number; the message says which */
export function resolveLimits(
  given: Partial<LimitOptions> | undefined,
  maxNamespaces: number,
): Limits {
  if (given !== undefined && !isObject(given))
    fail("limits", given, "an object such as { eventsPerSecond: 100 }");
  const limits: Partial<LimitOptions> = given ?? {};
  return {
    eventsPerSecond: rate(limits.eventsPerSecond),
    waitingEvents: count(limits, "waitingEvents", 1000),
    namespaces: count(limits, "namespaces", maxNamespaces),
    roomsPerSocket: count(limits, "roomsPerSocket", Infinity),
    pendingAcks: count(limits, "pendingAcks", Infinity),
    connectionsPerAddress: count(limits, "connectionsPerAddress", Infinity),
    halfOpen: count(limits, "halfOpen", Infinity),
  };
}

function rate(given: LimitOptions["eventsPerSecond"] = Infinity): Rate {
  const { rate, burst } =
    typeof given === "number" ? { rate: given, burst: given } : { ...given };
  if (
    typeof rate !== "number" ||
    typeof burst !== "number" ||
    !(rate > 0 && burst >= 1)
  )
    fail(
      "limits.eventsPerSecond",
      given,
      "a number of 1 or more, or { rate, burst } with a rate above 0 and a burst of 1 or more",
    );
  return { rate, burst };
}

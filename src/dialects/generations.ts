/**
 * The generations of Socket.IO by the names that applications know, and the
 * dialects that they speak. Those that speak the same come in together.
 */
import type { Dialect, DialectOptions, HostedDialect } from "./dialect.js";
import { eio3, eio4, v06, v09, type Eio3Options } from "./index.js";
import type { EventPacket } from "./packet.js";

export const GENERATIONS = [
  "4.x",
  "3.x",
  "2.x",
  "1.x",
  "0.9",
  "0.8",
  "0.7",
  "0.6",
] as const;

export type Generation = (typeof GENERATIONS)[number];

/** Times of the generations before 1.0, in ms. Each has defaults of its own. */
export interface LegacyTimes {
  /** Between two heartbeats on a stream. @default 25000 (0.6: 10000) */
  heartbeatInterval?: number;
  /** For the answer to a heartbeat. @default 60000 (0.6: 8000) */
  heartbeatTimeout?: number;
  /** How long a client may be away; packets are kept for it. @default 60000 (0.6: 8000, on polls only) */
  closeTimeout?: number;
  /** How long a poll is held. @default 20000 */
  pollingDuration?: number;
}

export interface HostOptions extends DialectOptions {
  text?: Eio3Options["text"];
  legacy?: LegacyTimes;
  /** Asked for another event where a generation has no words for one. `undefined`: there is none. */
  downgrade: (event: EventPacket, dialect: Dialect) => EventPacket | undefined;
}

/** A dialect on this server, and the generations that speak it. */
export interface Hosted {
  readonly generations: readonly Generation[];
  readonly dialect: HostedDialect;
}

/** All dialects, in the order in which their doors are shown a request. */
export function host(options: HostOptions): readonly Hosted[] {
  const { text, legacy, downgrade, ...shared } = options;
  const old = { ...shared, ...legacy };
  return [
    { generations: ["4.x", "3.x"], dialect: eio4(shared) },
    {
      generations: ["2.x", "1.x"],
      dialect: eio3({ ...shared, ...(text && { text }) }),
    },
    {
      generations: ["0.9", "0.8", "0.7"],
      dialect: withDowngrade(v09(old), downgrade),
    },
    { generations: ["0.6"], dialect: withDowngrade(v06(old), downgrade) },
  ];
}

/** A dialect that asks for other words before it says nothing. */
function withDowngrade(
  dialect: HostedDialect,
  downgrade: HostOptions["downgrade"],
): HostedDialect {
  const asking: HostedDialect = {
    ...dialect,
    encode(item) {
      const units = dialect.encode(item);
      if (units.length > 0 || item.type !== "event") return units;
      const other = downgrade(item, asking);
      return other === undefined ? units : dialect.encode(other);
    },
  };
  return asking;
}

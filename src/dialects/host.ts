/**
 * The dialects of one server: each with what the application chose, and with
 * other words for what its generations cannot say.
 */
import type { DialectOptions, HostedDialect } from "./dialect.js";
import { dialects, type Eio3Options } from "./index.js";
import type { EventPacket } from "./packet.js";

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

export interface HostOptions extends DialectOptions, LegacyTimes {
  text: Eio3Options["text"];
  /** See `Eio3HostOptions`. */
  anyRevision?: boolean;
  /** Asked for another event where a generation has no words for one. `undefined`: there is none. */
  downgrade: (
    event: EventPacket,
    dialect: HostedDialect,
  ) => EventPacket | undefined;
}

/** All dialects, in the order in which their doors are shown a request. */
export function host(options: HostOptions): readonly HostedDialect[] {
  const { text, downgrade, anyRevision = true, ...shared } = options;
  const chosen = { ...shared, ...(text && { text }), anyRevision };
  const ownDecoders = shared.parser !== undefined;
  return (
    dialects
      .map((make) => make(chosen))
      // The others have no place for a grammar.
      .map((dialect) =>
        ownDecoders && dialect.can.wrapping
          ? { ...dialect, ownDecoders }
          : dialect,
      )
      .map((dialect) => {
        const { binary, events } = dialect.can;
        return binary && events ? dialect : withDowngrade(dialect, downgrade);
      })
  );
}

/** The dialect that goes by this number, for who knows nothing else of it. */
export function byNumber(
  dialects: readonly HostedDialect[],
  number: number,
): HostedDialect | undefined {
  return dialects.find(({ protocol }) => protocol === number);
}

/**
 * The dialect of a client that asked for `asked` and does not keep to it, if
 * there is one that such clients speak.
 */
export function behind(
  asked: HostedDialect,
  dialects: readonly HostedDialect[],
): HostedDialect | undefined {
  const { misnamed, ownDecoders } = asked;
  // None of them speaks the grammar of an application.
  if (misnamed === undefined || ownDecoders) return undefined;
  return dialects.find(({ generations }) => generations.includes(misnamed));
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

/**
 * Socket.IO 0.7, 0.8 and 0.9, which called their protocol 1. A packet is a
 * message by itself; only where several share a payload each has its length in
 * front, in UTF-16 units.
 */
import type { Decoder, DoorlessDialect, DialectOptions } from "../dialect.js";
import { broken } from "../engine.js";
import type { Limits, Packet, Signal, Unit } from "../packet.js";
import { describe, isGreeting, read, wrap, write } from "./grammar.js";

export interface V09Options extends DialectOptions {
  /** Between two heartbeats on a stream, in ms. @default 25000 */
  heartbeatInterval?: number;
  /** For the answer to a heartbeat, in ms. @default 60000 */
  heartbeatTimeout?: number;
  /** How long a client may be away, in ms. Packets are kept for it meanwhile. @default 60000 */
  closeTimeout?: number;
  /** How long a poll is held, in ms. @default 20000 */
  pollingDuration?: number;
}

export const HEARTBEAT_TIMEOUT = 60_000;
export const CLOSE_TIMEOUT = 60_000;

/** How long a client that was greeted may take to come back, in ms. */
const CLAIM = 30_000;

/** Around the lengths in a payload of several packets. */
const MARK = "\ufffd";
const LENGTH = /\ufffd(\d{1,10})\ufffd/y;

export const v09 = (options: V09Options = {}): DoorlessDialect => {
  const {
    heartbeatInterval = 25_000,
    heartbeatTimeout = HEARTBEAT_TIMEOUT,
    closeTimeout = CLOSE_TIMEOUT,
    pollingDuration = 20_000,
  } = options;
  return {
    name: "v09",
    protocol: 1,
    can: {
      namespaces: true,
      acks: true,
      binary: false,
      events: true,
      wrapping: false,
    },
    link: {
      beat: {
        from: "server",
        reply: "same",
        counted: false,
        onPolls: false,
        times: {
          pingInterval: heartbeatInterval,
          pingTimeout: heartbeatTimeout,
        },
      },
      pollFor: pollingDuration,
      grace: { stream: closeTimeout, polls: closeTimeout },
      claim: CLAIM,
      dismisses: true,
      endsWithRoot: true,
      sid: "text",
      change: "replace",
      root: "implicit",
      socketId: "session",
      binaryPosts: false,
      hixie: "close frame",
      recovery: false,
    },
    encode(item) {
      const packet = write(item);
      return packet === undefined ? [] : [packet];
    },
    decoder: (limits) => new PacketDecoder(limits),
    frame: (units, line) => (line.batch ? [writePayload(units)] : [...units]),
    unframe: readPayload,
    wrap,
    describe,
    recognises: (frame) => typeof frame === "string" && isGreeting(frame),
  };
};

class PacketDecoder implements Decoder {
  readonly pending = false;

  constructor(private readonly limits: Limits) {}

  push(unit: Unit): Packet | Signal {
    if (typeof unit !== "string") throw broken("bytes in place of a packet");
    if (unit.length > this.limits.maxPayload)
      throw broken("packet larger than allowed");
    return read(unit);
  }
}

function writePayload(units: readonly Unit[]): string {
  const packets = units.map(String);
  if (packets.length < 2) return packets.join("");
  return packets.map((packet) => MARK + packet.length + MARK + packet).join("");
}

/** On every line, as some clients frame what they say on a WebSocket, too. */
function readPayload(payload: Unit): string[] {
  if (typeof payload !== "string") throw broken("bytes in place of a payload");
  if (!payload.startsWith(MARK)) return payload ? [payload] : [];
  const packets: string[] = [];
  let at = 0;
  while (at < payload.length) {
    LENGTH.lastIndex = at;
    const [mark, length] = LENGTH.exec(payload) ?? [];
    if (mark === undefined) throw broken("no length in a payload");
    const from = at + mark.length;
    at = from + Number(length);
    if (at > payload.length) throw broken("length beyond a payload");
    packets.push(payload.slice(from, at));
  }
  return packets;
}

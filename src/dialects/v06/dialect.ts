/**
 * Socket.IO up to 0.6: messages in frames, and nothing else. A message is text,
 * or `~j~` and JSON, or `~h~` and the number of a heartbeat; on every line it
 * travels as `~m~<length in UTF-16 units>~m~<message>`. The first message of a
 * server is the bare session id.
 *
 * A message is the event `message` of the root namespace with one argument. Of
 * anything else `encode` makes no unit, as this generation has no words for it;
 * `can` says so. An ack that a message asks for cannot come.
 *
 * Clients read any JSON behind `~j~`, so what is no string arrives as what it
 * is, and text goes the same way if it would be misread otherwise.
 */
import { hasBinary } from "../binary.js";
import type { Decoder, DoorlessDialect, DialectOptions } from "../dialect.js";
import { broken } from "../engine.js";
import type { EventPacket, Limits, Packet, Signal, Unit } from "../packet.js";
import { readJSON } from "../text.js";
import { BOUNDARY } from "../legacy-http.js";

export interface V06Options extends DialectOptions {
  /** Between two heartbeats on a stream, in ms. @default 10000 */
  heartbeatInterval?: number;
  /** For the answer to a heartbeat, in ms. @default 8000 */
  heartbeatTimeout?: number;
  /** How long a polling client may be away between two polls, in ms. @default 8000 */
  closeTimeout?: number;
  /** How long a poll is held, in ms. @default 20000 */
  pollingDuration?: number;
  /** The other end is a server, so its first message is the session id. @default false */
  greeted?: boolean;
}

const JSON_MARK = "~j~";
const BEAT = "~h~";
/** A heartbeat without a number, which nobody sends: the end of a poll with nothing in it. */
const NOOP = BEAT;

const HEAD = /~m~(\d*)~m~/y;

export const v06 = (options: V06Options = {}): DoorlessDialect => {
  const {
    heartbeatInterval = 10_000,
    heartbeatTimeout = 8_000,
    closeTimeout = 8_000,
    pollingDuration = 20_000,
    greeted = false,
  } = options;
  const times = {
    pingInterval: heartbeatInterval,
    pingTimeout: heartbeatTimeout,
  };

  return {
    name: "v06",
    protocol: 0,
    can: {
      namespaces: false,
      acks: false,
      binary: false,
      events: false,
      wrapping: false,
    },
    link: {
      beat: {
        from: "server",
        reply: "same",
        counted: true,
        onPolls: false,
        times,
      },
      pollFor: pollingDuration,
      grace: { stream: 0, polls: closeTimeout },
      claim: 0,
      dismisses: true,
      endsWithRoot: true,
      sid: "digits",
      change: "replace",
      root: "implicit",
      socketId: "session",
      binaryPosts: false,
      hixie: "no close frame",
      recovery: false,
    },
    encode(item) {
      const message = write(item);
      return message === undefined ? [] : [message];
    },
    decoder(limits) {
      let waiting = greeted;
      return new MessageDecoder(limits, (message) => {
        if (!waiting) return read(message);
        waiting = false;
        return {
          type: "open",
          hello: { sid: message, upgrades: [], ...times },
        };
      });
    },
    frame(units, line) {
      const frames = units.filter((unit) => unit !== NOOP).map(frame);
      return line.batch ? [frames.join("")] : frames;
    },
    unframe,
    wrap: (data) => (typeof data === "string" ? writeText(data) : NOOP),
    describe(unit) {
      const item = typeof unit === "string" ? read(unit) : undefined;
      return item?.type === "event"
        ? { type: "message", data: String(unit) }
        : { type: item?.type ?? "error" };
    },
    recognises: (frame) =>
      typeof frame === "string" && /^~m~\d{1,3}~m~[^~]/.test(frame),
  };
};

function write(item: Packet | Signal): string | undefined {
  switch (item.type) {
    case "event":
      return writeEvent(item);
    case "open":
      return item.hello.sid;
    case "ping":
    case "pong":
      return BEAT + (item.data ?? "");
    case "noop":
      return NOOP;
  }
  return undefined;
}

function writeEvent({ nsp, args }: EventPacket): string | undefined {
  const [name, value, ...more] = args;
  if (nsp !== "/" || name !== "message" || more.length > 0 || hasBinary(value))
    return undefined;
  if (typeof value === "string") return writeText(value);
  const json = JSON.stringify(value) as string | undefined;
  return json === undefined ? "" : JSON_MARK + json;
}

/** As JSON, if it begins like another kind of message, contains what separates messages, or is no valid Unicode. */
function writeText(text: string): string {
  return /^~[hj]~|\p{Surrogate}/u.test(text) || text.includes(BOUNDARY)
    ? JSON_MARK + JSON.stringify(text)
    : text;
}

function read(message: string): Packet | Signal {
  if (message.startsWith(BEAT))
    return message === NOOP
      ? { type: "noop" }
      : { type: "ping", data: message.slice(BEAT.length) };
  const value = message.startsWith(JSON_MARK) ? readValue(message) : message;
  return { type: "event", nsp: "/", args: ["message", value] };
}

/** As in the original, an empty object stands for what is no JSON. */
function readValue(message: string): unknown {
  try {
    return readJSON(message, JSON_MARK.length);
  } catch {
    return {};
  }
}

function frame(unit: Unit): string {
  const message = String(unit);
  return `~m~${message.length}~m~${message}`;
}

/**
 * Forgiving, like the original: what is no frame ends it, and a message that is
 * shorter than announced is what there is of it, as some servers of that time
 * counted bytes.
 */
function unframe(payload: Unit): string[] {
  if (typeof payload !== "string") throw broken("bytes in place of a payload");
  const messages: string[] = [];
  let at = 0;
  while (at < payload.length) {
    HEAD.lastIndex = at;
    const head = HEAD.exec(payload);
    if (head === null) break;
    const from = at + head[0].length;
    at = from + Number(head[1]);
    messages.push(payload.slice(from, at));
  }
  return messages;
}

class MessageDecoder implements Decoder {
  readonly pending = false;

  constructor(
    private readonly limits: Limits,
    private readonly read: (message: string) => Packet | Signal,
  ) {}

  push(unit: Unit): Packet | Signal {
    if (typeof unit !== "string") throw broken("bytes in place of a message");
    if (unit.length > this.limits.maxPayload)
      throw broken("message larger than allowed");
    return this.read(unit);
  }
}

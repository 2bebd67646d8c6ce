/**
 * The words of Socket.IO 0.7, 0.8 and 0.9, the same for both ends:
 *
 *     <type>:[<id>[+]]:[<namespace>][:<data>]
 *
 * An id with `+` asks for an ack. Without, it asks for a receipt, which the
 * other end gives below the application. A receipt is read as an ack with
 * nothing in it, as it cannot be told from one.
 *
 * `send(text)` and `json.send(value)` have types of their own: both are the
 * event `message` with one argument. Text goes as JSON if it would be damaged
 * otherwise. Clients of 0.7 lose plain text with a line break in it; in events
 * nothing is lost.
 *
 * Of what has no words here `encode` makes no unit, as a part of it would be
 * wrong: binary data (`can` says so), and namespaces with `:` or `?`.
 *
 * A refusal is a number. We know three, and `unauthorized` stands for all
 * others. `data` of `{ advice: "reconnect" }` makes the client start again.
 *
 * A client is greeted apart: the answer to its first request is read here as
 * the signal `open`, with the names of the server's transports as `upgrades`.
 */
import { hasBinary } from "../binary.js";
import { broken } from "../engine.js";
import type { EventPacket, Hello, Packet, Signal, Unit } from "../packet.js";
import { malformed, isEventArgs, isRecord } from "../raw.js";
import { readJSON } from "../text.js";
import { BOUNDARY } from "../legacy-http.js";

const DISCONNECT = 0;
const CONNECT = 1;
const HEARTBEAT = 2;
const MESSAGE = 3;
const JSON_MESSAGE = 4;
const EVENT = 5;
const ACK = 6;
const ERROR = 7;
const NOOP = 8;

const REASONS = [
  "transport not supported",
  "client not handshaken",
  "unauthorized",
];
const UNAUTHORIZED = 2;
const RECONNECT = { advice: "reconnect" };

/** Type, id, `+`, namespace, its query, the colon before the data. No id has more than the 16 digits of 2^53 - 1. */
const HEAD = /^([0-8]):(\d{1,16})?(\+)?:([^:?]*)(\?[^:]*)?(:?)/;

const GREETING = /^([^:\s<]{2,}):(\d*):(\d*):([\w,-]*)$/;

/** Where the server wants no heartbeat: as long as timers can wait, in ms. */
const NEVER = 2 ** 31 - 1;

// What we say.

function packet(
  type: number,
  nsp: string,
  data = "",
  id: string | number = "",
): string {
  const head = `${type}:${id}:${nsp === "/" ? "" : nsp}`;
  return data ? `${head}:${data}` : head;
}

/** `undefined`: there are no words for it. */
export function write(item: Packet | Signal): string | undefined {
  if ("nsp" in item && /[:?]/.test(item.nsp)) return undefined;
  switch (item.type) {
    case "connect":
      return packet(
        CONNECT,
        item.nsp,
        item.sid === undefined ? writeQuery(item.auth) : "",
      );
    case "refuse":
      return packet(ERROR, item.nsp, writeRefusal(item.message, item.data));
    case "leave":
      return packet(DISCONNECT, item.nsp);
    case "event":
      return writeEvent(item);
    case "ack": {
      const { nsp, id, args } = item;
      if (hasBinary(args)) return undefined;
      return packet(ACK, nsp, id + (args.length ? "+" + toJSON(args) : ""));
    }
    case "receipt":
      return packet(ACK, item.nsp, String(item.id));
    case "ping":
    case "pong":
      return packet(HEARTBEAT, "/");
    case "close":
      return packet(DISCONNECT, "/");
    case "noop":
      return packet(NOOP, "/");
  }
  return undefined;
}

function writeEvent({
  nsp,
  args,
  id,
  receipt,
}: EventPacket): string | undefined {
  if (hasBinary(args)) return undefined;
  const asks = id === undefined ? receipt : id + "+";
  const [name, ...values] = args;
  if (name === "message" && values.length === 1) {
    const [value] = values;
    if (typeof value === "string" && isPlain(value))
      return packet(MESSAGE, nsp, value, asks);
    const json = toJSON(value);
    if (json !== undefined) return packet(JSON_MESSAGE, nsp, json, asks);
  }
  const said = values.length > 0 ? { name, args: values } : { name };
  return packet(EVENT, nsp, toJSON(said), asks);
}

/** UTF-8 has no halves of surrogate pairs, and parts of an answer are separated by text. */
function isPlain(text: string): boolean {
  return !/\p{Surrogate}/u.test(text) && !text.includes(BOUNDARY);
}

/** Clients of 0.7 lose packets with any line break in them, so JSON is left without the two that it may have. */
function toJSON(value: unknown): string | undefined {
  const json = JSON.stringify(value) as string | undefined;
  return json?.replace(/[\u2028\u2029]/g, (char) =>
    char === "\u2028" ? "\\u2028" : "\\u2029",
  );
}

function writeQuery(auth: unknown): string {
  if (!isRecord(auth)) return "";
  const query = new URLSearchParams(
    Object.entries(auth).map(([name, value]) => [name, String(value)]),
  ).toString();
  return query && "?" + query;
}

function writeRefusal(message: string, data: unknown): string {
  const reason = REASONS.includes(message)
    ? REASONS.indexOf(message)
    : UNAUTHORIZED;
  const again = isRecord(data) && data.advice === RECONNECT.advice;
  return reason + (again ? "+0" : "");
}

// What we hear.

/** @throws {ProtocolError} */
export function read(unit: string): Packet | Signal {
  const head = HEAD.exec(unit);
  if (head === null) return { type: "open", hello: readHello(unit) };
  const [{ length }, type, id, plus, endpoint, asked = "", colon] = head;
  const nsp = endpoint || "/";
  const data = unit.slice(length);
  switch (Number(type)) {
    case DISCONNECT:
      return nsp === "/" ? { type: "close" } : { type: "leave", nsp };
    case CONNECT:
      return {
        type: "connect",
        nsp,
        // JavaScript clients say the query behind the colon, others before it.
        auth: readQuery(asked ? asked + colon + data : data),
      };
    case HEARTBEAT:
      return { type: "ping" };
    case MESSAGE:
      return event(nsp, id, plus, ["message", data]);
    case JSON_MESSAGE:
      return event(
        nsp,
        id,
        plus,
        data ? ["message", readJSON(data, 0)] : ["message"],
      );
    case EVENT: {
      const said = readJSON(data, 0);
      const { name, args } = isRecord(said) ? said : {};
      if (typeof name !== "string" && typeof name !== "number")
        throw malformed("invalid name of an event");
      const all: [string, ...unknown[]] = [String(name), ...readArgs(args)];
      // Like the original, deaf to names that are taken; it answers nothing.
      return isEventArgs(all) ? event(nsp, id, plus, all) : { type: "noop" };
    }
    case ACK: {
      const [said = "", number] = /^(\d{1,16})\+?/.exec(data) ?? [];
      const json = data.slice(said.length);
      const args = json ? readJSON(json, 0) : undefined;
      return { type: "ack", nsp, id: readId(number), args: readArgs(args) };
    }
    case ERROR: {
      const [reason, advice] = data.split("+", 2);
      const refusal = {
        type: "refuse",
        nsp,
        message: REASONS[Number(reason || -1)] ?? reason,
      } as const;
      return advice === "0" ? { ...refusal, data: RECONNECT } : refusal;
    }
    default:
      return { type: "noop" };
  }
}

function event(
  nsp: string,
  id: string | undefined,
  plus: string | undefined,
  args: [string, ...unknown[]],
): Packet {
  if (id === undefined) return { type: "event", nsp, args };
  return plus === undefined
    ? { type: "event", nsp, args, receipt: readId(id) }
    : { type: "event", nsp, args, id: readId(id) };
}

function readId(digits: string | undefined): number {
  const id = Number(digits);
  if (!Number.isSafeInteger(id)) throw malformed("invalid id of an ack");
  return id;
}

function readArgs(args: unknown): unknown[] {
  if (args === undefined || args === null) return [];
  if (!Array.isArray(args)) throw malformed("invalid arguments");
  return args;
}

function readQuery(query: string): Record<string, string> | undefined {
  return query ? Object.fromEntries(new URLSearchParams(query)) : undefined;
}

/** The longer of the two times is how long a server may be silent: which of them was meant has changed. */
function readHello(text: string): Hello {
  const [greeting, sid, heartbeat, close, transports] =
    GREETING.exec(text) ?? [];
  if (greeting === undefined) throw broken("neither packet nor greeting");
  const silence = Math.max(Number(heartbeat), Number(close)) * 1000;
  return {
    sid,
    upgrades: transports.split(",").filter((name) => name !== ""),
    pingInterval: 0,
    pingTimeout: heartbeat ? Math.min(silence, NEVER) : NEVER,
  };
}

/** @see Dialect.describe */
export function describe(unit: Unit): { type: string; data?: Unit } {
  if (typeof unit !== "string") return { type: "error" };
  const [head = "", digit, , , nsp] = HEAD.exec(unit) ?? [];
  if (digit === undefined) return { type: isGreeting(unit) ? "open" : "error" };
  switch (Number(digit)) {
    case HEARTBEAT:
      return { type: "ping" };
    case NOOP:
      return { type: "noop" };
    case MESSAGE:
      return { type: "message", data: unit.slice(head.length) };
    case DISCONNECT:
      if (!nsp) return { type: "close" };
  }
  return { type: "message", data: unit };
}

/** @see Dialect.wrap. Bytes become a packet that says nothing. */
export function wrap(data: Unit): string {
  return typeof data === "string"
    ? packet(MESSAGE, "/", data)
    : packet(NOOP, "/");
}

/** The answer to a client's first request, as its signal `open` comes from it. */
export function isGreeting(text: string): boolean {
  return GREETING.test(text);
}

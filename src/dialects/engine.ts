/**
 * Engine.IO's own packets, the same in its protocols 3 and 4: a digit for the
 * type, then data.
 */
import { isRecord } from "./raw.js";
import { type Hello, ProtocolError, type Signal } from "./packet.js";

export const TYPES = [
  "open",
  "close",
  "ping",
  "pong",
  "message",
  "upgrade",
  "noop",
] as const;

/** The digit of a message, as character and as byte of EIO3. */
export const MESSAGE = "4";
export const MESSAGE_ID = 4;

export function writeSignal(signal: Signal): string[] {
  switch (signal.type) {
    case "open":
      return ["0" + JSON.stringify(signal.hello)];
    case "ping":
    case "pong":
      return [(signal.type === "ping" ? "2" : "3") + (signal.data ?? "")];
    case "receipt":
      return [];
    default:
      return [String(TYPES.indexOf(signal.type))];
  }
}

/** @throws {ProtocolError} `text` is no packet, or a message */
export function readSignal(text: string): Signal {
  const data = text.slice(1);
  switch (text[0]) {
    case "0":
      return { type: "open", hello: readHello(data) };
    case "1":
      return { type: "close" };
    case "2":
    case "3": {
      const type = text[0] === "2" ? "ping" : "pong";
      return data ? { type, data } : { type };
    }
    case "5":
      return { type: "upgrade" };
    case "6":
      return { type: "noop" };
  }
  throw broken("unknown packet type");
}

function readHello(json: string): Hello {
  let hello: unknown;
  try {
    hello = JSON.parse(json);
  } catch {
    // Not JSON: refused below, like everything that is no greeting.
  }
  if (!isRecord(hello)) throw broken("invalid greeting");
  const { sid, upgrades, pingInterval, pingTimeout, maxPayload } = hello;
  if (
    typeof sid !== "string" ||
    typeof pingInterval !== "number" ||
    typeof pingTimeout !== "number"
  )
    throw broken("invalid greeting");
  return {
    sid,
    upgrades: Array.isArray(upgrades)
      ? upgrades.filter((name) => typeof name === "string")
      : [],
    pingInterval,
    pingTimeout,
    ...(typeof maxPayload === "number" && { maxPayload }),
  };
}

export function broken(message: string): ProtocolError {
  return new ProtocolError("engine", message);
}

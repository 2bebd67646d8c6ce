/**
 * Engine.IO's own packets, the same in its protocols 3 and 4: a digit for the
 * type, then data.
 */
import { isRecord } from "./raw.js";
import { type Hello, ProtocolError, type Signal, type Unit } from "./packet.js";

const TYPES = [
  "open",
  "close",
  "ping",
  "pong",
  "message",
  "upgrade",
  "noop",
] as const;

/** The type of a message, as a character of text and as a byte of EIO3. */
export const MESSAGE = "4";
export const MESSAGE_ID = 4;

export function writeSignal(signal: Signal): string[] {
  const { type } = signal;
  // Not said in these generations.
  if (type === "receipt") return [];
  const data =
    type === "open"
      ? JSON.stringify(signal.hello)
      : "data" in signal
        ? signal.data
        : undefined;
  return [TYPES.indexOf(type) + (data ?? "")];
}

/** @throws {ProtocolError} `text` is no packet, or a message */
export function readSignal(text: string): Signal {
  const type = typeOf(text);
  const data = text.slice(1);
  switch (type) {
    case "open":
      return { type, hello: readHello(data) };
    case "ping":
    case "pong":
      return data ? { type, data } : { type };
    case "close":
    case "upgrade":
    case "noop":
      return { type };
  }
  throw broken("unknown packet type");
}

function typeOf(unit: Unit) {
  return TYPES[Number(unit[0])];
}

/** @see Dialect.describe, for units that begin with their type */
export function describe(unit: Unit): { type: string; data?: Unit } {
  const type = typeOf(unit) ?? "error";
  return unit.length > 1 ? { type, data: unit.slice(1) } : { type };
}

function readHello(json: string): Hello {
  try {
    const hello: unknown = JSON.parse(json);
    if (isHello(hello)) return hello;
  } catch {
    // No JSON is no greeting.
  }
  throw broken("invalid greeting");
}

function isHello(value: unknown): value is Hello {
  return (
    isRecord(value) &&
    typeof value.sid === "string" &&
    typeof value.pingInterval === "number" &&
    typeof value.pingTimeout === "number" &&
    Array.isArray(value.upgrades)
  );
}

export function broken(message: string): ProtocolError {
  return new ProtocolError("engine", message);
}

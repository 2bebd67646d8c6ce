/**
 * Payloads of Engine.IO 3. As text, each packet after its length in UTF-16
 * units: `<length>:<packet>`. As bytes, each packet after a byte that says
 * whether it is text (0) or binary (1), the digits of its length in bytes as
 * bytes 0 to 9, and a byte 255.
 *
 * Packets without content are skipped in text, as the reference does, and cost
 * no memory; in bytes they are malformed.
 */
import { broken } from "../engine.js";
import type { Unit } from "../packet.js";

/** More than the length of any payload has. */
const MAX_DIGITS = 10;
const END_OF_LENGTH = 255;

export function writeTextPayload(packets: readonly string[]): string {
  let payload = "";
  for (const packet of packets) payload += packet.length + ":" + packet;
  return payload;
}

/** @param read makes a unit of a packet's text */
export function readTextPayload(
  payload: string,
  read: (packet: string) => Unit,
): Unit[] {
  const units: Unit[] = [];
  let at = 0;
  do {
    const colon = payload.indexOf(":", at);
    const digits = payload.slice(at, colon < 0 ? at : colon);
    if (digits.length > MAX_DIGITS || !/^\d+$/.test(digits)) throw badLength();
    at = colon + 1 + Number(digits);
    if (at > payload.length) throw badLength();
    if (at > colon + 1) units.push(read(payload.slice(colon + 1, at)));
  } while (at < payload.length);
  return units;
}

export function writeBinaryPayload(units: readonly Unit[]): Uint8Array {
  const encoder = new TextEncoder();
  const parts = units.map((unit) => {
    const body = typeof unit === "string" ? encoder.encode(unit) : unit;
    const kind = typeof unit === "string" ? 0 : 1;
    return {
      head: [kind, ...Array.from(String(body.length), Number), END_OF_LENGTH],
      body,
    };
  });
  const payload = new Uint8Array(
    parts.reduce((sum, { head, body }) => sum + head.length + body.length, 0),
  );
  let at = 0;
  for (const { head, body } of parts) {
    payload.set(head, at);
    payload.set(body, at + head.length);
    at += head.length + body.length;
  }
  return payload;
}

/** @param read makes a unit of a packet's text */
export function readBinaryPayload(
  payload: Uint8Array,
  read: (packet: string) => Unit,
): Unit[] {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const units: Unit[] = [];
  let at = 0;
  do {
    const kind = payload[at++];
    let length = 0;
    for (let digits = 0; payload[at] !== END_OF_LENGTH; at++) {
      if (!(payload[at] <= 9) || ++digits > MAX_DIGITS) throw badLength();
      length = length * 10 + payload[at];
    }
    const start = at + 1;
    at = start + length;
    if (kind > 1 || length === 0 || at > payload.length) throw badLength();
    const packet = payload.subarray(start, at);
    units.push(kind === 1 ? packet : read(decoder.decode(packet)));
  } while (at < payload.length);
  return units;
}

function badLength(): Error {
  return broken("invalid length in a payload");
}

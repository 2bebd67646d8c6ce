/**
 * Writes the server's frames (RFC 6455, section 5): never masked, never
 * fragmented. Sizes are known before anything is written, so that all packets
 * of one tick fit one buffer exactly and no unwritten byte can leave it.
 */
import type { Unit } from "../../dialects/packet.js";
import type { FramePorts, TextCodec } from "./ports.js";
import {
  isSendableCloseCode,
  MAX_CONTROL_PAYLOAD,
  OPCODE,
} from "./protocol.js";

const FIN = 0x80;

/** Bytes of the header in front of a payload of this size. */
export function headerSize(payload: number): number {
  return payload < 126 ? 2 : payload < 0x10000 ? 4 : 10;
}

/** Bytes of the payload that a unit becomes. */
export function payloadSize(unit: Unit, text: TextCodec): number {
  return typeof unit === "string" ? text.byteLength(unit) : unit.length;
}

/** Writes a frame's header and returns where its payload begins. */
export function writeHeader(
  into: Uint8Array,
  at: number,
  opcode: number,
  payload: number,
): number {
  into[at] = FIN | opcode;
  if (payload < 126) {
    into[at + 1] = payload;
    return at + 2;
  }
  if (payload < 0x10000) {
    into[at + 1] = 126;
    into[at + 2] = payload >>> 8;
    into[at + 3] = payload & 0xff;
    return at + 4;
  }
  into[at + 1] = 127;
  let rest = payload;
  for (let i = at + 9; i > at + 1; i--) {
    into[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return at + 10;
}

/** The header of a text frame with less than 64 KiB of payload, with a character for each byte. */
export function textHeader(payload: number): string {
  return payload < 126
    ? String.fromCharCode(FIN | OPCODE.text, payload)
    : String.fromCharCode(
        FIN | OPCODE.text,
        126,
        payload >>> 8,
        payload & 0xff,
      );
}

/**
 * Writes a text or binary frame and returns where the next one begins.
 * `payload` is what `payloadSize` said of the unit.
 * @throws {RangeError} the codec contradicts itself
 */
export function writeInto(
  into: Uint8Array,
  at: number,
  unit: Unit,
  payload: number,
  text: TextCodec,
): number {
  if (typeof unit === "string") {
    const start = writeHeader(into, at, OPCODE.text, payload);
    if (text.write(unit, into, start) !== payload) {
      // The rest of the payload would be whatever the memory held before.
      throw new RangeError(
        "The text codec wrote another number of bytes than it had announced.",
      );
    }
    return start + payload;
  }
  const start = writeHeader(into, at, OPCODE.binary, payload);
  into.set(unit, start);
  return start + payload;
}

/** One text or binary frame. */
export function encodeFrame(unit: Unit, ports: FramePorts): Uint8Array {
  const payload = payloadSize(unit, ports.text);
  const frame = ports.allocate(headerSize(payload) + payload);
  writeInto(frame, 0, unit, payload, ports.text);
  return frame;
}

/** Several text or binary frames, one behind the other. */
export function encodeFrames(
  units: readonly Unit[],
  ports: FramePorts,
): Uint8Array {
  const [only] = units;
  if (units.length === 1 && only !== undefined) return encodeFrame(only, ports);
  const payloads: number[] = [];
  let size = 0;
  for (const unit of units) {
    const payload = payloadSize(unit, ports.text);
    payloads.push(payload);
    size += headerSize(payload) + payload;
  }
  const frames = ports.allocate(size);
  let at = 0;
  for (let i = 0; i < units.length; i++) {
    at = writeInto(frames, at, units[i] ?? "", payloads[i] ?? 0, ports.text);
  }
  return frames;
}

/** A ping. @throws {RangeError} for more than 125 bytes */
export function encodePing(data: Uint8Array, ports: FramePorts): Uint8Array {
  return encodeControls(OPCODE.ping, [data], ports);
}

/** Pongs, one behind the other. @throws {RangeError} for more than 125 bytes in one */
export function encodePongs(
  data: readonly Uint8Array[],
  ports: FramePorts,
): Uint8Array {
  return encodeControls(OPCODE.pong, data, ports);
}

function encodeControls(
  opcode: number,
  payloads: readonly Uint8Array[],
  ports: FramePorts,
): Uint8Array {
  let size = 0;
  for (const { length } of payloads) {
    if (length > MAX_CONTROL_PAYLOAD) {
      throw new RangeError(
        `A control frame carries at most ${MAX_CONTROL_PAYLOAD} bytes, got ${length}.`,
      );
    }
    size += 2 + length;
  }
  const frames = ports.allocate(size);
  let at = 0;
  for (const payload of payloads) {
    at = writeHeader(frames, at, opcode, payload.length);
    frames.set(payload, at);
    at += payload.length;
  }
  return frames;
}

/**
 * A close frame: empty without a code or with one that may not be sent, such
 * as 1005. The reason is cut, between characters, to the 123 bytes there are.
 */
export function encodeClose(
  code: number | undefined,
  reason: string,
  ports: FramePorts,
): Uint8Array {
  if (code === undefined || !isSendableCloseCode(code)) {
    const empty = ports.allocate(2);
    writeHeader(empty, 0, OPCODE.close, 0);
    return empty;
  }
  const { text } = ports;
  let cut = reason;
  while (text.byteLength(cut) > MAX_CONTROL_PAYLOAD - 2) {
    // No character has more than two code units, so a long reason is cut to
    // what might fit at once, and then one character at a time.
    const most = Math.min(cut.length - 1, MAX_CONTROL_PAYLOAD - 2);
    const low = cut.charCodeAt(most);
    cut = cut.slice(0, low >= 0xdc00 && low < 0xe000 ? most - 1 : most);
  }
  const size = 2 + text.byteLength(cut);
  const frame = ports.allocate(2 + size);
  const at = writeHeader(frame, 0, OPCODE.close, size);
  frame[at] = code >>> 8;
  frame[at + 1] = code & 0xff;
  text.write(cut, frame, at + 2);
  return frame;
}

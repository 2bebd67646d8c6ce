/**
 * Writes a client's frames (RFC 6455, section 5.3): as the server's, and masked,
 * each with a mask that nobody could guess.
 */
import type { Unit } from "../../dialects/packet.js";
import { headerSize, payloadSize, writeHeader } from "./encoder.js";
import { unmask } from "./mask.js";
import type { FramePorts } from "./ports.js";
import { OPCODE } from "./protocol.js";

/** 32 random bits that were never used. */
export type NextMask = () => number;

const MASK_SIZE = 4;

/** Several text or binary frames, one behind the other. */
export function encodeMasked(
  units: readonly Unit[],
  ports: FramePorts,
  nextMask: NextMask,
): Uint8Array {
  const { text } = ports;
  const payloads = units.map((unit) => payloadSize(unit, text));
  let size = 0;
  for (const payload of payloads)
    size += headerSize(payload) + MASK_SIZE + payload;
  const frames = ports.allocate(size);
  let at = 0;
  units.forEach((unit, i) => {
    const payload = payloads[i] ?? 0;
    const isText = typeof unit === "string";
    const start = maskedHeader(
      frames,
      at,
      isText ? OPCODE.text : OPCODE.binary,
      payload,
      nextMask(),
    );
    if (!isText) frames.set(unit, start.at);
    else if (text.write(unit, frames, start.at) !== payload)
      throw new RangeError(
        "The text codec wrote another number of bytes than it had announced.",
      );
    at = start.at + payload;
    // The same operation in both directions.
    unmask(frames, start.at, at, start.mask);
  });
  return frames;
}

/** A control frame of the server's encoder as a client's. */
export function maskControl(
  frame: Uint8Array,
  ports: FramePorts,
  nextMask: NextMask,
): Uint8Array {
  const [first = 0, payload = 0] = frame;
  const masked = ports.allocate(frame.length + MASK_SIZE);
  const start = maskedHeader(masked, 0, first & 0x0f, payload, nextMask());
  masked.set(frame.subarray(frame.length - payload), start.at);
  unmask(masked, start.at, start.at + payload, start.mask);
  return masked;
}

/** Writes a header, and says where the payload begins and what masks it. */
function maskedHeader(
  into: Uint8Array,
  at: number,
  opcode: number,
  payload: number,
  mask: number,
): { at: number; mask: number } {
  const end = writeHeader(into, at, opcode, payload);
  into[at + 1] = (into[at + 1] ?? 0) | 0x80;
  into[end] = mask >>> 24;
  into[end + 1] = (mask >>> 16) & 0xff;
  into[end + 2] = (mask >>> 8) & 0xff;
  into[end + 3] = mask & 0xff;
  return { at: end + MASK_SIZE, mask };
}

/**
 * Writes the frames of the WebSocket drafts hixie-75 and hixie-76. They carry
 * text and nothing else: no bytes, no pings, no reason for a close.
 */
import type { Unit } from "../../dialects/packet.js";
import { END, START } from "./hixie-decoder.js";
import type { FramePorts } from "./ports.js";

/** To clients of hixie-75, which know no close frame, it is an empty frame to skip. */
export const CLOSE_FRAME: Uint8Array = Uint8Array.of(END, START);

/**
 * Several text frames, one behind the other.
 * @throws {TypeError} a unit is bytes: a dialect must not give such to a text line
 * @throws {RangeError} the codec contradicts itself
 */
export function encodeHixieFrames(
  units: readonly Unit[],
  ports: FramePorts,
): Uint8Array {
  const { text } = ports;
  const texts = units.map((unit) => {
    if (typeof unit === "string") return unit;
    throw new TypeError("A WebSocket of the hixie drafts carries no bytes.");
  });
  const sizes = texts.map((unit) => text.byteLength(unit));
  const frames = ports.allocate(sizes.reduce((sum, size) => sum + size + 2, 0));
  let at = 0;
  texts.forEach((unit, i) => {
    frames[at] = START;
    const size = text.write(unit, frames, at + 1);
    if (size !== sizes[i]) {
      // The rest of the payload would be whatever the memory held before.
      throw new RangeError(
        "The text codec wrote another number of bytes than it had announced.",
      );
    }
    at += size + 2;
    frames[at - 1] = END;
  });
  return frames;
}

/**
 * WebSocket frames built ahead of time (RFC 6455, section 5.2): masked ones as
 * a client sends them, unmasked ones as a server has to send them.
 */
import { Buffer } from "node:buffer";

/** Any key that is not zero: a server could skip unmasking with a zero key. */
const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** @param {import("./conversation.mjs").Unit} unit @param {boolean} masked */
function frame(unit, masked) {
  const payload = Buffer.from(unit);
  const first = typeof unit === "string" ? 0x81 : 0x82;
  const flag = masked ? 0x80 : 0;
  const { length } = payload;
  let header;
  if (length < 126) {
    header = Buffer.from([first, flag | length]);
  } else if (length < 65536) {
    header = Buffer.from([first, flag | 126, length >> 8, length & 255]);
  } else {
    header = Buffer.alloc(10);
    header[0] = first;
    header[1] = flag | 127;
    header.writeUInt32BE(length, 6);
  }
  if (!masked) return Buffer.concat([header, payload]);
  for (let i = 0; i < length; i++) payload[i] = payload[i] ^ MASK[i & 3];
  return Buffer.concat([header, MASK, payload]);
}

/** @param {import("./conversation.mjs").Unit[]} units */
export function clientFrames(units) {
  return Buffer.concat(units.map((unit) => frame(unit, true)));
}

/** @param {import("./conversation.mjs").Unit[]} units */
export function serverFrames(units) {
  return Buffer.concat(units.map((unit) => frame(unit, false)));
}

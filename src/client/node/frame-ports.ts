/** What our WebSocket frames need of Node: text, memory, and masks. */
import { Buffer, isAscii, isUtf8 } from "node:buffer";
import { randomFillSync } from "node:crypto";
import type { ClientPorts } from "../../carriers/websocket/client-end.js";

/** Masks for the frames to come: asking for each alone costs more than the frame. */
const masks = new Int32Array(1024);
let used = masks.length;

export const framePorts: ClientPorts = {
  text: {
    ascii: (bytes, start, end) =>
      asBuffer(bytes).toString("latin1", start, end),
    decode(bytes, start, end) {
      const buffer = asBuffer(bytes).subarray(start, end);
      if (isAscii(buffer)) return buffer.toString("latin1");
      if (!isUtf8(buffer)) throw new TypeError("invalid UTF-8");
      return buffer.toString();
    },
    byteLength: (text) => Buffer.byteLength(text),
    write: (text, into, at) => asBuffer(into).write(text, at),
  },
  allocate: (size) => Buffer.allocUnsafe(size),
  nextMask() {
    if (used === masks.length) {
      randomFillSync(masks);
      used = 0;
    }
    return masks[used++] ?? 0;
  },
};

/** The same memory as a Buffer. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Frames are built of Buffers, as that is what users of Node expect to receive. */
import { Buffer, isAscii, isUtf8 } from "node:buffer";
import type { FramePorts } from "../carriers/websocket/ports.js";

export const framePorts: FramePorts = {
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
};

/** The same memory as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

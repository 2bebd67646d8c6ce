/**
 * The carrier's ports as a Node server fills them, so that the tests cover both
 * these and the portable ones.
 */
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import type { FramePorts, Sha1 } from "../../../src/carriers/websocket/ports.js";

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

export const nodePorts: FramePorts = {
  text: {
    ascii: (bytes, start, end) => asBuffer(bytes).latin1Slice(start, end),
    decode(bytes, start, end) {
      const buffer = asBuffer(bytes);
      if (!isUtf8(buffer.subarray(start, end))) throw new TypeError("invalid UTF-8");
      return buffer.utf8Slice(start, end);
    },
    byteLength: (text) => Buffer.byteLength(text),
    write: (text, into, at) => asBuffer(into).utf8Write(text, at),
  },
  allocate: (size) => Buffer.allocUnsafe(size),
};

export const sha1: Sha1 = (text) => createHash("sha1").update(text).digest("base64");

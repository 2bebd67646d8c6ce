/** `engine.binaryType = "arraybuffer"`, for programs that came from browsers. */
import { toArrayBuffer } from "../array-buffer.js";

/** Puts an `ArrayBuffer` in the place of each `Buffer` in received data. */
export function withArrayBuffers(data: unknown): unknown {
  if (data instanceof Uint8Array) return toArrayBuffer(data);
  if (Array.isArray(data))
    data.forEach((item, i) => (data[i] = withArrayBuffers(item)));
  else if (typeof data === "object" && data !== null)
    for (const [key, item] of Object.entries(data))
      Reflect.set(data, key, withArrayBuffers(item));
  return data;
}

/**
 * Counts what a server sends: finds the frames in a stream of chunks and looks
 * at no more than the first two bytes of each payload. A frame is reported
 * when its last byte has come; one that a server must not send is an error.
 */
import { Buffer } from "node:buffer";

const TEXT = 0x81;
const BINARY = 0x82;
const NOTHING = Buffer.alloc(0);

export class FrameReader {
  #carry = NOTHING;
  #remaining = 0;
  #head = 0;
  #length = 0;
  #ended;

  /**
   * @param {(head: number, length: number) => void} ended called for each
   *   frame with the first two bytes of a text (0 for binary) and the length
   *   of the payload
   */
  constructor(ended) {
    this.#ended = ended;
  }

  /**
   * @param {Uint8Array} buffer
   * @param {number} end how many of its bytes are to be read
   */
  push(buffer, end) {
    let chunk = buffer;
    let limit = end;
    if (this.#carry.length > 0) {
      chunk = Buffer.concat([this.#carry, buffer.subarray(0, end)]);
      limit = chunk.length;
      this.#carry = NOTHING;
    }
    let at = 0;
    while (at < limit) {
      if (this.#remaining === 0) {
        const start = this.#begin(chunk, at, limit);
        if (start === 0) {
          this.#carry = Buffer.from(chunk.subarray(at, limit));
          return;
        }
        at = start;
      }
      const step = Math.min(this.#remaining, limit - at);
      this.#remaining -= step;
      at += step;
      if (this.#remaining === 0) this.#ended(this.#head, this.#length);
    }
  }

  /**
   * Reads a frame's header and the first two bytes of its payload.
   * @param {Uint8Array} chunk @param {number} at @param {number} limit
   * @returns {number} where the payload begins, 0 if more bytes are needed
   */
  #begin(chunk, at, limit) {
    if (limit - at < 2) return 0;
    const first = chunk[at];
    const short = chunk[at + 1];
    if ((first !== TEXT && first !== BINARY) || short > 127 || short === 0) {
      const bytes = Buffer.from(chunk.subarray(at, Math.min(limit, at + 40)));
      throw new Error(
        `unexpected frame from the server: ${bytes.toString("latin1")}`,
      );
    }
    const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
    const seen = start + Math.min(2, short);
    if (limit < seen) return 0;
    let length = short;
    if (short === 126) length = (chunk[at + 2] << 8) | chunk[at + 3];
    if (short === 127) {
      length = 0;
      for (let i = 2; i < 10; i++) length = length * 256 + chunk[at + i];
    }
    this.#length = length;
    this.#remaining = length;
    this.#head =
      first === BINARY
        ? 0
        : (chunk[start] << 8) | (length > 1 ? chunk[start + 1] : 0);
    return start;
  }
}

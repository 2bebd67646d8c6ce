/**
 * The strict half of reading: before anything is counted, every connection has
 * to receive one reply that is right to the last byte. After that, counting
 * frames and looking at their length is enough.
 */
import { Buffer } from "node:buffer";
import { serverFrames } from "./frames.mjs";

const PING = serverFrames(["2"]);

export class Exact {
  #expected;
  #matched = 0;
  /** @type {() => void} */
  #done = () => {};
  /** @type {Promise<void>} resolved when everything expected has come */
  done = new Promise((resolve) => {
    this.#done = resolve;
  });

  /** @param {Buffer} expected */
  constructor(expected) {
    this.#expected = expected;
  }

  /** @param {Buffer} received */
  push(received) {
    const chunk = this.#matched === 0 ? withoutPing(received) : received;
    const end = this.#matched + chunk.length;
    if (!chunk.equals(this.#expected.subarray(this.#matched, end))) {
      throw new Error(
        `a reply differs from what was expected: ${excerpt(chunk)}`,
      );
    }
    this.#matched = end;
    if (end === this.#expected.length) this.#done();
  }
}

/**
 * Where connecting takes longer than a heartbeat, a ping may stand before the reply.
 * @param {Buffer} chunk
 */
function withoutPing(chunk) {
  return chunk.subarray(0, PING.length).equals(PING)
    ? chunk.subarray(PING.length)
    : chunk;
}

/** @param {Buffer} chunk */
function excerpt(chunk) {
  return JSON.stringify(chunk.subarray(0, 80).toString("latin1"));
}

/**
 * Several copies of the same bytes, as several replies are one stream.
 * @param {Buffer} bytes @param {number} times
 */
export function repeated(bytes, times) {
  return Buffer.concat(Array.from({ length: times }, () => bytes));
}

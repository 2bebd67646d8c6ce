/**
 * What the loops see of a connection, whatever carries it: it sends requests
 * that were built ahead, reports replies to whoever listens, and keeps count.
 */

import { SendTimes } from "./latencies.mjs";

/**
 * @typedef {object} Listener
 * @property {(client: Client, count: number, now: number) => void} received
 *
 * @typedef {object} Speaker
 * @property {(conversation: import("./conversation.mjs").Conversation) => void} prepare
 *   builds the requests that `send` sends
 * @property {(count: number) => void} send this many requests, in one write
 * @property {(times: number) => Promise<void>} exactReplies resolves when this
 *   many replies have come, right to the last byte
 * @property {() => Promise<unknown>} close
 *
 * @typedef {Tally & Speaker} Client
 */

/** @type {Listener} */
const NOBODY = {
  received() {
    throw new Error("the server sent a message that nobody waits for");
  },
};

/** The counting half of every client. */
export class Tally {
  sent = 0;
  received = 0;
  /** Bytes of the payload that carries a reply's last part. */
  replyLength = 0;
  /** @type {Listener} */
  listener = NOBODY;
  /** When the requests left that have no reply yet; kept by the loops that need it. */
  times = new SendTimes(0);

  /** @param {Listener} listener @param {number} inFlight requests without a reply at most */
  listen(listener, inFlight) {
    this.sent = 0;
    this.received = 0;
    this.listener = listener;
    this.times = new SendTimes(inFlight);
  }

  rest() {
    this.listener = NOBODY;
  }

  /**
   * @this {Client}
   * @param {number} count of replies
   * @param {number} length of each one's last payload
   * @param {number} now
   */
  report(count, length, now) {
    if (length !== this.replyLength) {
      throw new Error(
        `a reply has ${length} bytes instead of ${this.replyLength}`,
      );
    }
    this.received += count;
    this.listener.received(this, count, now);
  }
}

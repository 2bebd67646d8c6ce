/**
 * One stretch of events: news for everybody are asked for, and again when
 * everybody has them, until the time is over. The first client asks.
 */
import { performance } from "node:perf_hooks";
import { NEWS } from "../load/conversation.mjs";

/** @typedef {import("./measured.mjs").Connection} Connection */

const PATIENCE_SECONDS = 10;

export class Stretch {
  #connections;
  #times;
  #received;
  #missing = 0;
  #turns = 0;
  #began = performance.now();
  #end;
  #seconds;
  /** @type {(outcome: { events: number, elapsed: number }) => void} */
  #resolve = () => {};

  /** @param {Connection[]} connections @param {number} times @param {number} seconds */
  constructor(connections, times, seconds) {
    this.#connections = connections;
    this.#times = times;
    this.#seconds = seconds;
    this.#end = this.#began + seconds * 1000;
    this.#received = connections.map(() => 0);
  }

  /** @returns {Promise<{ events: number, elapsed: number }>} elapsed in seconds */
  run() {
    this.#began = performance.now();
    this.#end = this.#began + this.#seconds * 1000;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      setTimeout(
        () => reject(new Error(`${this.#missing} events never came`)),
        (this.#seconds + PATIENCE_SECONDS) * 1000,
      ).unref();
      this.#ask();
    });
  }

  /** @param {number} at which client @param {unknown} news */
  heard(at, news) {
    if (news !== NEWS) throw new Error(`an event came as ${String(news)}`);
    this.#received[at]++;
    if (--this.#missing > 0) return;
    const now = performance.now();
    if (now < this.#end) this.#ask();
    else
      this.#resolve({
        events: this.#received.reduce((sum, count) => sum + count, 0),
        elapsed: (now - this.#began) / 1000,
      });
  }

  /** Everybody has to have had everything, and nothing twice. */
  check() {
    const due = this.#turns * this.#times;
    for (const count of this.#received)
      if (count !== due)
        throw new Error(`a client got ${count} events instead of ${due}`);
  }

  #ask() {
    this.#turns++;
    this.#missing = this.#connections.length * this.#times;
    this.#connections[0]?.next(this.#times);
  }
}

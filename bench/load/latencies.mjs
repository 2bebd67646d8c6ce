/**
 * Times of sending, to be matched with replies in their order, and what they
 * sum up to. Figures leave this file in milliseconds.
 */
import { build } from "hdr-histogram-js";

const LONGEST_US = 60_000_000;

/** The times at which the messages left whose replies are still missing. */
export class SendTimes {
  #times;
  #first = 0;
  #size = 0;

  /** @param {number} capacity */
  constructor(capacity) {
    this.#times = new Float64Array(capacity);
  }

  /** @param {number} now @param {number} count */
  add(now, count) {
    if (this.#size + count > this.#times.length) {
      throw new Error(
        `a connection has more than ${this.#times.length} messages in flight`,
      );
    }
    for (let i = 0; i < count; i++) {
      this.#times[(this.#first + this.#size++) % this.#times.length] = now;
    }
  }

  /** @returns {number} the oldest */
  take() {
    if (this.#size === 0) throw new Error("the server sent a reply too many");
    const time = this.#times[this.#first];
    this.#first = (this.#first + 1) % this.#times.length;
    this.#size--;
    return time;
  }
}

export class Latencies {
  #histogram = build({
    bitBucketSize: 32,
    highestTrackableValue: LONGEST_US,
    numberOfSignificantValueDigits: 3,
  });

  /** @param {number} ms @param {number} [count] */
  record(ms, count = 1) {
    const us = Math.min(Math.max(Math.round(ms * 1000), 1), LONGEST_US);
    this.#histogram.recordValueWithCount(us, count);
  }

  summary() {
    return {
      p50: this.#histogram.getValueAtPercentile(50) / 1000,
      p99: this.#histogram.getValueAtPercentile(99) / 1000,
    };
  }
}

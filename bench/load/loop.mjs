/**
 * One stretch of load. It sends for some seconds, or until its share of
 * requests is out, then waits for every reply that is still missing: when it
 * is over nothing is in flight, and every client has had exactly its replies.
 */
import { performance } from "node:perf_hooks";
import { clearTimeout, setTimeout } from "node:timers";
import { Latencies } from "./latencies.mjs";

/**
 * @typedef {import("./client.mjs").Client} Client
 *
 * @typedef {object} Bounds
 * @property {number} seconds for which requests are sent
 * @property {number} limit how many requests are sent at most
 * @property {number} patience seconds to wait for the last replies
 *
 * @typedef {object} Outcome
 * @property {number} requests sent by all clients
 * @property {number} messages received by all clients
 * @property {number} elapsed seconds, to the last reply
 * @property {number} p50 ms
 * @property {number} p99 ms
 *
 * @typedef {object} Course what makes one loop different from another
 * @property {(loop: Loop) => void} start sends the first requests
 * @property {(loop: Loop, client: Client, count: number, now: number) => void} received
 *   notes latencies and sends what comes next
 * @property {(client: Client, loop: Loop) => number} due how many replies a
 *   client must have had in the end
 * @property {number} repliesPerRequest over all clients
 * @property {number} inFlight requests of one client at a time, at most
 */

export class Loop {
  latencies = new Latencies();
  requests = 0;
  #messages = 0;
  #missing = 0;
  #over = false;
  #began = performance.now();
  #last = this.#began;
  #stopped = false;
  #clients;
  #course;
  #limit;
  #late;
  /** @type {(outcome: Outcome) => void} */
  #resolve = () => {};
  /** @type {(error: Error) => void} */
  #reject = () => {};

  /** @param {Client[]} clients @param {Course} course @param {Bounds} bounds */
  constructor(clients, course, { seconds, limit, patience }) {
    this.#clients = clients;
    this.#course = course;
    this.#limit = limit;
    for (const client of clients) client.listen(this, course.inFlight);
    setTimeout(() => {
      this.#stopped = true;
      this.#endIfDone();
    }, seconds * 1000);
    this.#late = setTimeout(
      () => {
        this.#reject(new Error(`${this.#missing} replies never came`));
      },
      (seconds + patience) * 1000,
    );
  }

  /** @returns {Promise<Outcome>} */
  run() {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#course.start(this);
    });
  }

  /** Whether requests may still be sent. */
  get open() {
    return !this.#stopped && this.requests < this.#limit;
  }

  /** @param {Client} client @param {number} count */
  send(client, count) {
    this.requests += count;
    this.#missing += count * this.#course.repliesPerRequest;
    client.send(count);
  }

  /** @param {Client} client @param {number} count @param {number} now */
  received(client, count, now) {
    this.#messages += count;
    this.#missing -= count;
    this.#last = now;
    this.#course.received(this, client, count, now);
    this.#endIfDone();
  }

  get idle() {
    return this.#missing === 0;
  }

  #endIfDone() {
    if (this.#over || this.open || this.#missing > 0) return;
    this.#over = true;
    clearTimeout(this.#late);
    for (const client of this.#clients) {
      const due = this.#course.due(client, this);
      if (client.received !== due) {
        this.#reject(
          new Error(
            `a client got ${client.received} replies instead of ${due}`,
          ),
        );
        return;
      }
      client.rest();
    }
    this.#resolve({
      requests: this.requests,
      messages: this.#messages,
      elapsed: (this.#last - this.#began) / 1000,
      ...this.latencies.summary(),
    });
  }
}

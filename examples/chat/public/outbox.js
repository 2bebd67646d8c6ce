/**
 * Messages on their way to the server, one at a time and in order. A message
 * stays here until the server has answered; its id lets the server see that it
 * has it already, so sending twice never shows twice.
 */
import { ask } from "./connection.js";
import { saveOutbox } from "./identity.js";

/**
 * @typedef {object} Entry
 * @property {string} id
 * @property {string} room
 * @property {string} text
 * @property {number} time
 * @property {{ name: string, type: string, data: ArrayBuffer }} [file]
 */

export class Outbox {
  /** @type {Entry[]} */
  #entries = [];
  #running = false;
  #hooks;

  /**
   * @param {{
   *   ready: (room: string) => boolean,
   *   sent: (entry: Entry, answer: { seq: number, time: number }) => void,
   *   failed: (entry: Entry, why: string) => void,
   * }} hooks
   */
  constructor(hooks) {
    this.#hooks = hooks;
  }

  get size() {
    return this.#entries.length;
  }

  /** @param {Entry} entry */
  add(entry) {
    this.#entries.push(entry);
    this.#keep();
    void this.flush();
  }

  /** @param {string} room */
  forget(room) {
    this.#entries = this.#entries.filter((entry) => entry.room !== room);
    this.#keep();
  }

  /** Sends what can be sent. Called whenever that may have changed. */
  async flush() {
    if (this.#running) return;
    this.#running = true;
    try {
      let entry;
      while (
        (entry = this.#entries.find(({ room }) => this.#hooks.ready(room)))
      ) {
        if (!(await this.#send(entry))) break;
      }
    } finally {
      this.#running = false;
    }
  }

  /**
   * @param {Entry} entry
   * @returns {Promise<boolean>} whether to go on with the next one
   */
  async #send(entry) {
    const { id, room, text, file } = entry;
    let answer;
    try {
      answer = await ask(
        "message",
        { id, room, text, file },
        file ? 30_000 : 8000,
      );
    } catch {
      // Lost or late: the same again, at once if there is a connection.
      this.#later(1000);
      return false;
    }
    if (!answer.ok && answer.error.code === "rate") {
      this.#later(answer.error.retryAfter ?? 1000);
      return false;
    }
    if (!answer.ok && answer.error.code === "not-joined") {
      this.#later(1000);
      return false;
    }
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#keep();
    if (answer.ok) this.#hooks.sent(entry, answer);
    else this.#hooks.failed(entry, answer.error.message);
    return true;
  }

  /** @param {number} ms */
  #later(ms) {
    setTimeout(() => void this.flush(), ms);
  }

  #keep() {
    saveOutbox(this.#entries.filter((entry) => !entry.file));
  }
}

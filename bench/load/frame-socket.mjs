/**
 * One raw WebSocket connection: the HTTP upgrade, then frames counted by a
 * `FrameReader`. It reads into one buffer that all connections share and
 * builds nothing for a message, because the generator has to cost less than
 * the server that is measured.
 */
import { Buffer } from "node:buffer";
import { connect } from "node:net";
import { FrameReader } from "./frame-reader.mjs";
import { clientFrames } from "./frames.mjs";
import { ACK, ATTACHMENT, BINARY_EVENT, EVENT, PING } from "./signals.mjs";

/** The example of RFC 6455, section 1.3: the server's work is the same for any key. */
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
const PONG = clientFrames(["3"]);
const END_OF_HEAD = "\r\n\r\n";

/** Safe to share: a chunk is read to its end before the next one is taken from any socket. */
export const RECEIVE_BUFFER = Buffer.allocUnsafe(65536);

/**
 * @typedef {object} FrameListener
 * @property {() => void} opened the upgrade is done
 * @property {(head: number) => void} signal a message of the protocol itself
 * @property {(count: number, length: number) => void} messages application
 *   messages of this payload length have come
 */

export class FrameSocket {
  #socket;
  #reader;
  #listener;
  #upgraded = false;
  #head = "";
  #closing = false;
  #count = 0;
  #length = 0;
  /** @type {import("./exact.mjs").Exact | undefined} */
  #exact;

  /** @param {number} port @param {string} query @param {FrameListener} listener */
  constructor(port, query, listener) {
    this.#listener = listener;
    this.#reader = new FrameReader((head, length) => this.#ended(head, length));
    this.#socket = connect({
      host: "127.0.0.1",
      port,
      noDelay: true,
      onread: {
        buffer: RECEIVE_BUFFER,
        callback: (size) => {
          this.#read(size);
          return true;
        },
      },
    });
    this.#socket.on("error", (error) => {
      if (!this.#closing) throw error;
    });
    this.#socket.on("close", () => {
      if (!this.#closing)
        throw new Error("the server closed a WebSocket connection");
    });
    this.#socket.write(
      `GET /socket.io/?${query} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` +
        "Connection: Upgrade\r\nUpgrade: websocket\r\n" +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`,
      "latin1",
    );
  }

  /** @param {Buffer} frames */
  write(frames) {
    this.#socket.write(frames);
  }

  /**
   * Compares what comes from now on, until it is called with nothing.
   * @param {import("./exact.mjs").Exact | undefined} exact
   */
  compare(exact) {
    this.#exact = exact;
  }

  /** Reads no more, and does not mind what becomes of it. */
  stall() {
    this.#closing = true;
    this.#socket.pause();
  }

  /** @returns {Promise<void>} */
  close() {
    this.#closing = true;
    return new Promise((resolve) => {
      this.#socket.once("close", () => resolve());
      this.#socket.destroy();
    });
  }

  /** @param {number} size */
  #read(size) {
    if (!this.#upgraded) {
      this.#readHead(RECEIVE_BUFFER.subarray(0, size));
      return;
    }
    if (this.#exact) this.#exact.push(RECEIVE_BUFFER.subarray(0, size));
    this.#reader.push(RECEIVE_BUFFER, size);
    this.#report();
  }

  /** All messages of a chunk at once: they came with one read and get one answer. */
  #report() {
    const count = this.#count;
    if (count === 0) return;
    this.#count = 0;
    this.#listener.messages(count, this.#length);
  }

  /** @param {Buffer} chunk */
  #readHead(chunk) {
    this.#head += chunk.toString("latin1");
    const end = this.#head.indexOf(END_OF_HEAD);
    if (end < 0) return;
    if (
      !this.#head.startsWith("HTTP/1.1 101 ") ||
      !this.#head.includes(ACCEPT)
    ) {
      throw new Error(
        `the server refused the WebSocket upgrade:\n${this.#head}`,
      );
    }
    const rest = Buffer.from(
      this.#head.slice(end + END_OF_HEAD.length),
      "latin1",
    );
    this.#head = "";
    this.#upgraded = true;
    this.#listener.opened();
    this.#reader.push(rest, rest.length);
    this.#report();
  }

  /** @param {number} head @param {number} length */
  #ended(head, length) {
    switch (head) {
      case EVENT:
      case ACK:
      case ATTACHMENT:
        if (this.#count > 0 && length !== this.#length) {
          throw new Error(
            `replies of ${this.#length} and ${length} bytes in one chunk`,
          );
        }
        this.#length = length;
        this.#count++;
        return;
      case BINARY_EVENT:
        return;
      case PING:
        this.#socket.write(PONG);
        return;
      default:
        this.#listener.signal(head);
    }
  }
}

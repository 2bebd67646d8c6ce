/**
 * One raw HTTP/1.1 connection that is kept alive: a request goes out when the
 * response to the one before has come. Understands responses with a
 * Content-Length and nothing else, which is what a polling server sends as
 * long as nobody accepts compression.
 */
import { Buffer } from "node:buffer";
import { connect } from "node:net";
import { RECEIVE_BUFFER } from "./frame-socket.mjs";

const END_OF_HEAD = "\r\n\r\n";
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;

export class HttpConnection {
  #socket;
  #closing = false;
  #received = "";
  #expected = 0;
  /** @type {((body: string) => void) | undefined} */
  #answered;

  /** @param {number} port */
  constructor(port) {
    this.#socket = connect({
      host: "127.0.0.1",
      port,
      noDelay: true,
      onread: {
        buffer: RECEIVE_BUFFER,
        callback: (size) => {
          this.#read(RECEIVE_BUFFER.toString("latin1", 0, size));
          return true;
        },
      },
    });
    this.#socket.on("error", (error) => {
      if (!this.#closing) throw error;
    });
    this.#socket.on("close", () => {
      if (!this.#closing)
        throw new Error("the server closed an HTTP connection");
    });
  }

  get busy() {
    return this.#answered !== undefined;
  }

  /** @param {Buffer} request @param {(body: string) => void} answered */
  request(request, answered) {
    if (this.#answered)
      throw new Error("a request is already open on this connection");
    this.#answered = answered;
    this.#socket.write(request);
  }

  /** @returns {Promise<void>} */
  close() {
    this.#closing = true;
    return new Promise((resolve) => {
      this.#socket.once("close", () => resolve());
      this.#socket.destroy();
    });
  }

  /** @param {string} chunk bytes as latin1, so that characters can be counted */
  #read(chunk) {
    this.#received += chunk;
    if (this.#expected === 0) {
      const end = this.#received.indexOf(END_OF_HEAD);
      if (end < 0) return;
      const head = this.#received.slice(0, end);
      const length = CONTENT_LENGTH.exec(head)?.[1];
      if (!head.startsWith("HTTP/1.1 200 ") || length === undefined) {
        throw new Error(
          `expected a 200 with a Content-Length:\n${this.#received}`,
        );
      }
      this.#expected = end + END_OF_HEAD.length + Number(length);
    }
    if (this.#received.length < this.#expected) return;
    if (this.#received.length > this.#expected) {
      throw new Error("the server sent more than the response it announced");
    }
    const body = this.#received.slice(
      this.#received.indexOf(END_OF_HEAD) + END_OF_HEAD.length,
    );
    this.#received = "";
    this.#expected = 0;
    const answered = this.#answered;
    this.#answered = undefined;
    if (!answered)
      throw new Error("the server sent a response that nobody asked for");
    answered(body);
  }
}

/** @param {number} port @param {string} query */
export function getRequest(port, query) {
  return Buffer.from(
    `GET /socket.io/?${query} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
  );
}

/** @param {number} port @param {string} query @param {string} body ASCII */
export function postRequest(port, query, body) {
  return Buffer.from(
    `POST /socket.io/?${query} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` +
      "Content-Type: text/plain;charset=UTF-8\r\n" +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  );
}

/**
 * A Socket.IO client over HTTP long-polling, as a browser does it: one
 * connection holds the poll, another one posts, both are kept alive.
 */
import { Buffer } from "node:buffer";
import { performance } from "node:perf_hooks";
import { Tally } from "./client.mjs";
import { Exact } from "./exact.mjs";
import { getRequest, HttpConnection, postRequest } from "./http-connection.mjs";
import {
  ACK,
  EVENT,
  headOf,
  JOINED,
  NOOP,
  OPEN,
  PING,
  unexpected,
} from "./signals.mjs";

const SEPARATOR = "\x1e";

export class PollingClient extends Tally {
  #port;
  #poller;
  #poster;
  #query = "EIO=4&transport=polling";
  #poll;
  #joined;
  /** @type {Buffer[]} posts that wait for their turn */
  #waiting = [];
  /** @type {(() => void) | undefined} */
  #paused;
  /** @type {string} */
  #request = "";
  #reply = "";
  /** @type {Buffer[]} posts by the number of requests */
  #posts = [];
  /** @type {Exact | undefined} */
  #exact;
  /** The session's id, known once the handshake is done. */
  sid = "";

  /**
   * @param {number} port
   * @param {() => void} joined called when the main namespace is joined
   * @param {() => void} [opened] called when the session has its id
   */
  constructor(port, joined, opened) {
    super();
    this.#port = port;
    this.#joined = joined;
    this.#poller = new HttpConnection(port);
    this.#poster = new HttpConnection(port);
    this.#poll = getRequest(port, this.#query);
    this.#poller.request(this.#poll, (body) => {
      if (headOf(body) !== OPEN) throw unexpected(headOf(body));
      this.sid = JSON.parse(body.split(SEPARATOR)[0].slice(1)).sid;
      this.#query += `&sid=${this.sid}`;
      this.#poll = getRequest(port, this.#query);
      this.#post(postRequest(port, this.#query, "40"));
      this.#pollAgain();
      opened?.();
    });
  }

  /** @param {import("./conversation.mjs").Conversation} conversation */
  prepare({ request, reply }) {
    if (
      request.length > 1 ||
      typeof request[0] !== "string" ||
      typeof reply[0] !== "string"
    ) {
      throw new Error("over polling the generator speaks text only");
    }
    this.#request = request[0];
    this.#reply = reply[0];
    this.replyLength = reply[0].length;
    this.#posts = [];
  }

  /** @param {number} count */
  send(count) {
    this.sent += count;
    this.#post((this.#posts[count] ??= this.#build(count)));
  }

  /** @param {number} times */
  exactReplies(times) {
    const exact = new Exact(Buffer.from(this.#reply.repeat(times)));
    this.#exact = exact;
    return exact.done.finally(() => {
      this.#exact = undefined;
    });
  }

  /** @param {() => void} paused called when neither a poll nor a post is open */
  pause(paused) {
    this.#paused = paused;
    this.#checkPaused();
  }

  close() {
    return Promise.all([this.#poller.close(), this.#poster.close()]);
  }

  /** @param {number} count */
  #build(count) {
    const body = Array.from({ length: count }, () => this.#request).join(
      SEPARATOR,
    );
    return postRequest(this.#port, this.#query, body);
  }

  /** @param {Buffer} request */
  #post(request) {
    if (this.#poster.busy) {
      this.#waiting.push(request);
      return;
    }
    this.#poster.request(request, (body) => {
      if (body !== "ok")
        throw new Error(`a post was answered with ${JSON.stringify(body)}`);
      const next = this.#waiting.shift();
      if (next) this.#post(next);
      else this.#checkPaused();
    });
  }

  #pollAgain() {
    if (this.#paused) {
      this.#checkPaused();
      return;
    }
    this.#poller.request(this.#poll, (body) => {
      const messages = body.split(SEPARATOR);
      const replies = messages.filter((message) => this.#isReply(message));
      const length = replies[0]?.length ?? 0;
      if (replies.some((reply) => reply.length !== length)) {
        throw new Error(`replies of different lengths in one poll: ${body}`);
      }
      if (replies.length > 0) {
        this.report(replies.length, length, performance.now());
      }
      this.#pollAgain();
    });
  }

  #checkPaused() {
    if (!this.#paused || this.#poller.busy || this.#poster.busy) return;
    const paused = this.#paused;
    this.#paused = undefined;
    paused();
  }

  /**
   * Takes one message; the replies of a poll are reported together afterwards.
   * @param {string} message
   */
  #isReply(message) {
    const head = headOf(message);
    switch (head) {
      case EVENT:
      case ACK:
        if (this.#exact) this.#exact.push(Buffer.from(message, "latin1"));
        return true;
      case PING:
        this.#post(postRequest(this.#port, this.#query, "3"));
        return false;
      case JOINED:
        this.#joined();
        return false;
      case NOOP:
        return false;
      default:
        throw unexpected(head);
    }
  }
}

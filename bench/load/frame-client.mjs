/**
 * A Socket.IO client over WebSocket: joins the main namespace, then speaks in
 * frames that were built ahead.
 */
import { Buffer } from "node:buffer";
import { performance } from "node:perf_hooks";
import { Tally } from "./client.mjs";
import { Exact, repeated } from "./exact.mjs";
import { FrameSocket } from "./frame-socket.mjs";
import { clientFrames, serverFrames } from "./frames.mjs";
import { JOINED, OPEN, unexpected } from "./signals.mjs";

const JOIN = clientFrames(["40"]);

/** @param {number | undefined} namespace by number; without one the main namespace */
function joining(namespace) {
  return namespace === undefined
    ? JOIN
    : clientFrames([`40/bench-${namespace},`]);
}

/** One conversation's frames, shared by every client that prepares it. */
class Script {
  /** @type {Buffer[]} by the number of requests */
  #requests = [];
  #request;

  /** @param {import("./conversation.mjs").Conversation} conversation */
  constructor({ request, reply }) {
    this.#request = clientFrames(request);
    this.reply = serverFrames(reply);
    this.replyLength = Buffer.byteLength(reply[reply.length - 1]);
  }

  /** @param {number} count */
  requests(count) {
    return (this.#requests[count] ??= repeated(this.#request, count));
  }
}

/** @type {WeakMap<import("./conversation.mjs").Conversation, Script>} */
const scripts = new WeakMap();

/** The half that all clients share once they speak over a WebSocket. */
export class FrameClient extends Tally {
  /** @type {Script | undefined} */
  #script;

  /** @type {FrameSocket | undefined} */
  #socket;

  /** @param {number} port @param {string} query */
  connect(port, query) {
    this.#socket = new FrameSocket(port, query, this);
  }

  /** @param {Buffer} frames */
  write(frames) {
    if (!this.#socket) throw new Error("not connected");
    this.#socket.write(frames);
  }

  /** @param {import("./conversation.mjs").Conversation} conversation */
  prepare(conversation) {
    let script = scripts.get(conversation);
    if (!script) {
      script = new Script(conversation);
      scripts.set(conversation, script);
    }
    this.#script = script;
    this.replyLength = script.replyLength;
  }

  /** @param {number} count */
  send(count) {
    if (!this.#script) throw new Error("nothing is prepared");
    this.sent += count;
    this.write(this.#script.requests(count));
  }

  /** @param {number} times */
  exactReplies(times) {
    if (!this.#script) throw new Error("nothing is prepared");
    const exact = new Exact(repeated(this.#script.reply, times));
    this.#socket?.compare(exact);
    return exact.done.finally(() => this.#socket?.compare(undefined));
  }

  stall() {
    this.#socket?.stall();
  }

  async close() {
    await this.#socket?.close();
  }

  /** @param {number} count @param {number} length */
  messages(count, length) {
    this.report(count, length, performance.now());
  }

  opened() {}

  /** @param {number} head */
  signal(head) {
    throw unexpected(head);
  }
}

export class WebSocketClient extends FrameClient {
  #ready;
  #namespace;

  /**
   * @param {number} port
   * @param {() => void} ready called when the namespace is joined
   * @param {number} [namespace]
   */
  constructor(port, ready, namespace) {
    super();
    this.#ready = ready;
    this.#namespace = namespace;
    this.connect(port, "EIO=4&transport=websocket");
  }

  /** @override @param {number} head */
  signal(head) {
    if (head === OPEN) this.write(joining(this.#namespace));
    else if (head === JOINED) this.#ready();
    else throw unexpected(head);
  }
}

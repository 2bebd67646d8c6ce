/**
 * What is said in a scenario, as Engine.IO messages: one request of a client
 * and the exact reply it has to bring. Nothing here knows about transports.
 */
import { Buffer } from "node:buffer";

/**
 * @typedef {"echo" | "ask" | "binary" | "broadcast" | "room" | "bulk"} Kind
 * @typedef {{ kind: Kind, bytes?: number, times?: number }} Topic
 *   `bytes`: size of the payload; `times`: broadcasts that one request causes
 * @typedef {string | Buffer} Unit
 * @typedef {object} Conversation
 * @property {Unit[]} request
 * @property {Unit[]} reply each of the replies
 */

const SENTENCE = "The quick brown fox jumps over the lazy dog. ";

/** @param {number} bytes */
function textOf(bytes) {
  return SENTENCE.repeat(Math.ceil(bytes / SENTENCE.length)).slice(0, bytes);
}

/** What is broadcast. */
export const NEWS = textOf(32);

/** What is broadcast where it is about volume. */
export const BULK = textOf(64 * 1024);

/**
 * @param {Topic} topic
 * @returns {Conversation}
 */
export function conversationOn({ kind, bytes = 32, times = 1 }) {
  switch (kind) {
    case "echo": {
      const packet = `42${JSON.stringify(["echo", textOf(bytes)])}`;
      return { request: [packet], reply: [packet] };
    }
    case "ask": {
      const text = textOf(bytes);
      return {
        request: [`421${JSON.stringify(["ask", text])}`],
        reply: [`431${JSON.stringify([text])}`],
      };
    }
    case "binary": {
      const header = `451-${JSON.stringify(["echo", { _placeholder: true, num: 0 }])}`;
      const units = [header, Buffer.alloc(bytes, SENTENCE)];
      return { request: units, reply: units };
    }
    case "room":
      return {
        request: ['42["room"]'],
        reply: [`42${JSON.stringify(["news", NEWS])}`],
      };
    case "bulk":
      return {
        request: ['42["bulk"]'],
        reply: [`42${JSON.stringify(["bulk", BULK])}`],
      };
    case "broadcast":
      return {
        request: [`42${JSON.stringify(["broadcast", times])}`],
        reply: [`42${JSON.stringify(["news", NEWS])}`],
      };
  }
}

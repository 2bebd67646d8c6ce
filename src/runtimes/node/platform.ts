/**
 * What Node itself gives: the clock, random ids, base64, text and memory. All
 * that the pure rooms must not touch.
 */
import crypto, { createHash, randomBytes, randomFillSync } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { Md5, Sha1 } from "../../carriers/websocket/ports.js";
import type { Base64 } from "../../dialects/dialect.js";
import type { Clock } from "../../hub/ports.js";
import { asBuffer } from "../../node/frame-ports.js";

/** `setTimeout` fires at once when asked to wait longer. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

export const clock: Clock = {
  now: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, Math.min(ms, LONGEST_TIMEOUT));
    // Its sockets keep a process alive, not what it would do about them.
    timer.unref();
    return () => clearTimeout(timer);
  },
};

const ID_BYTES = 15;

/** Random bytes for the ids to come: asking for each alone was 4 % of a new connection. */
const bytes = new Uint8Array(ID_BYTES * 64);
const pool = Buffer.from(bytes.buffer);
let used = pool.length;

/** 120 random bits, 20 characters. */
export function randomId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const id = pool.toString("base64url", used, used + ID_BYTES);
  // Ids are secrets, and one place less remembers this one.
  bytes.fill(0, used, (used += ID_BYTES));
  return id;
}

/** 120 random bits as a number of 37 digits. */
export function randomDigits(): string {
  const bits = BigInt(`0x${randomBytes(15).toString("hex")}`);
  return String(bits).padStart(37, "0");
}

export const base64: Base64 = {
  encode: (bytes) => asBuffer(bytes).toString("base64"),
  decode: (text) => Buffer.from(text, "base64"),
};

/** In one call since Node.js 20.12, at half the price. */
const hash: typeof crypto.hash | undefined = crypto.hash;

/** Of ASCII. */
export const sha1: Sha1 = (text) =>
  hash === undefined
    ? createHash("sha1").update(text).digest("base64")
    : hash("sha1", text, "base64");

export const md5: Md5 = (bytes) => createHash("md5").update(bytes).digest();

/**
 * How much one connection may do: a bucket of tokens for each kind of event,
 * refilled over time.
 */
import { Refusal } from "./checks.mjs";

/** Size of the bucket, and tokens per second. */
const RATES = {
  join: { size: 30, refill: 2 },
  leave: { size: 30, refill: 2 },
  message: { size: 20, refill: 2 },
  typing: { size: 10, refill: 2 },
  file: { size: 120, refill: 20 },
  /** Bytes of files sent. */
  bytes: { size: 12_000_000, refill: 500_000 },
};

/** @typedef {keyof typeof RATES} Kind */

export class Allowance {
  /** @type {Map<Kind, { tokens: number, at: number }>} */
  #buckets = new Map();

  /**
   * @param {Kind} kind
   * @param {number} [amount]
   */
  spend(kind, amount = 1) {
    const { size, refill } = RATES[kind];
    const now = performance.now();
    const bucket = this.#buckets.get(kind) ?? { tokens: size, at: now };
    bucket.tokens = Math.min(
      size,
      bucket.tokens + ((now - bucket.at) / 1000) * refill,
    );
    bucket.at = now;
    this.#buckets.set(kind, bucket);
    if (bucket.tokens < amount) {
      const retryAfter = Math.ceil(((amount - bucket.tokens) / refill) * 1000);
      throw new Refusal(
        "rate",
        "That was a lot at once; please wait a moment.",
        { retryAfter },
      );
    }
    bucket.tokens -= amount;
  }
}

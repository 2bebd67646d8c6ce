/**
 * So many a second, with some saved up for when they come together. Time is an
 * argument.
 */
export class TokenBucket {
  #tokens: number;
  /** How many in a row were too many. */
  refused = 0;

  constructor(
    /** What comes in a second. */
    private readonly rate: number,
    /** What can be saved up. */
    private readonly burst: number,
    /** ms */
    private at: number,
  ) {
    this.#tokens = burst;
  }

  /** Whether one more may pass. */
  take(now: number): boolean {
    const come = ((now - this.at) / 1000) * this.rate;
    this.#tokens = Math.min(this.burst, this.#tokens + come);
    this.at = now;
    if (this.#tokens < 1) {
      this.refused++;
      return false;
    }
    this.#tokens--;
    this.refused = 0;
    return true;
  }
}

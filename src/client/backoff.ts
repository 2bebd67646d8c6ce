/**
 * How long to wait before the next attempt to reconnect: doubled each time, up
 * to a limit, and then spread at random. The reference spreads first and cuts
 * afterwards, so that from the fifth attempt on all clients come back in the
 * same instant; here the limit holds for the middle of the spread.
 */
export class Backoff {
  /** Attempts since the last reset. */
  attempts = 0;

  constructor(
    private readonly _settings: {
      /** First delay, in ms. */
      readonly min: number;
      /** Limit of the delay before it is spread, in ms. */
      readonly max: number;
      /** Part of the delay by which it may be longer or shorter, 0 to 1. */
      readonly jitter: number;
    },
    private readonly _random: () => number = Math.random,
  ) {}

  /** The next delay in ms. */
  duration(): number {
    const { min, max, jitter } = this._settings;
    const delay = Math.min(min * 2 ** this.attempts++, max);
    return Math.max(
      0,
      Math.round(delay * (1 + jitter * (2 * this._random() - 1))),
    );
  }

  reset(): void {
    this.attempts = 0;
  }
}

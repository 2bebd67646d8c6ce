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
      readonly reconnectionDelay: number;
      /** Limit of the delay before it is spread, in ms. */
      readonly reconnectionDelayMax: number;
      /** Part of the delay by which it may be longer or shorter, 0 to 1. */
      readonly randomizationFactor: number;
    },
    private readonly _random: () => number = Math.random,
  ) {}

  /** The next delay in ms. */
  duration(): number {
    const { reconnectionDelay, reconnectionDelayMax, randomizationFactor } =
      this._settings;
    const delay = Math.min(
      reconnectionDelay * 2 ** this.attempts++,
      reconnectionDelayMax,
    );
    // More than all of it is no part, as in the reference.
    const jitter = randomizationFactor > 1 ? 0 : randomizationFactor;
    const spread = jitter * (2 * this._random() - 1);
    const ms = Math.round(delay * (1 + spread));
    // What is no number would be no delay at all.
    return ms >= 0 ? ms : 1000;
  }

  reset(): void {
    this.attempts = 0;
  }
}

/**
 * What several rounds say together: medians with their spread, and ratios that
 * are made within a round, where both contenders met the same machine.
 */

/**
 * @typedef {import("./scenarios/scenario.mjs").Figures} Figures
 * @typedef {{ median: number, min: number, max: number }} Spread
 */

/** @param {number[]} values @returns {Spread} */
export function spreadOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1
      ? sorted[middle]
      : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}

/** @param {Figures[]} rounds @returns {Record<string, Spread>} */
export function summarize(rounds) {
  const names = Object.keys(rounds[0]);
  return Object.fromEntries(
    names.map((name) => [
      name,
      spreadOf(rounds.map((figures) => figures[name])),
    ]),
  );
}

/**
 * @param {Figures[]} rounds
 * @param {Figures[]} reference the same rounds of the reference
 * @returns {Record<string, Spread>}
 */
export function ratios(rounds, reference) {
  return summarize(
    rounds.map((figures, round) =>
      Object.fromEntries(
        Object.entries(figures).map(([name, value]) => [
          name,
          value / reference[round][name],
        ]),
      ),
    ),
  );
}

/**
 * What a reader has to know before trusting the figures.
 */

/** @param {import("../runner.mjs").Result[]} results @returns {string[]} */
export function warningsOn(results) {
  return results.flatMap(({ scenario, standings }) =>
    standings
      .filter(({ figures }) => figures.load && figures.load.median >= 1)
      .map(
        ({ contender, figures }) =>
          `${scenario.name}, ${contender}: the load generator cost ` +
          `${figures.load.median.toFixed(2)} times the server's CPU time; ` +
          "rate and latency are the generator's as much as the server's",
      ),
  );
}

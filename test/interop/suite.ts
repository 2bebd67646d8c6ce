/** Registers one test for each pair, transport and feature, and prints the table at the end. */
import { afterAll, describe, test } from "vitest";
import { FEATURES } from "./features.js";
import { gapOf } from "./gaps.js";
import { pairName, type Pair, type Transport } from "./peers/peer.js";
import { Rig } from "./rig.js";
import { Matrix } from "./table.js";

const TRANSPORTS: readonly Transport[] = [
  "polling",
  "websocket",
  "upgrade",
  "jsonp",
];

export interface Suite {
  title: string;
  file: string;
  pairs: readonly Pair[];
  /** Failures that are known and belong to the peers themselves. */
  knownFailure?: (pair: Pair, transport: Transport, feature: string) => boolean;
}

export function runMatrix({
  title,
  file,
  pairs,
  knownFailure = () => false,
}: Suite): void {
  const matrix = new Matrix();

  afterAll(() => {
    const text = matrix.render(title, pairs, FEATURES);
    matrix.write(file, text);
    console.log(text);
  });

  // JSONP comes last: it leaves a `document` behind.
  for (const transport of TRANSPORTS)
    for (const pair of pairs) {
      const possible = FEATURES.filter((feature) => {
        const gap = gapOf(pair, transport, feature.name);
        if (gap !== undefined)
          matrix.absent(pair, transport, feature.name, gap.reason);
        return gap === undefined;
      });
      if (possible.length === 0) continue;
      describe(`${pairName(pair)}, ${transport}`, () => {
        for (const feature of possible) {
          const known = knownFailure(pair, transport, feature.name);
          const run = known ? test.fails : test;
          run(feature.name, async () => {
            matrix.record(
              pair,
              transport,
              feature.name,
              known ? "known" : "FAIL",
            );
            const rig = new Rig(pair, transport);
            try {
              await feature.run(rig);
            } finally {
              await rig.close();
            }
            matrix.record(pair, transport, feature.name, "ok");
          });
        }
      });
    }
}

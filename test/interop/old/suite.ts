/** Registers one test for each pair, transport and feature, and prints the table at the end. */
import { afterAll, describe, test } from "vitest";
import { FEATURES } from "./features.js";
import { faultOf } from "./faults.js";
import { gapOf } from "./gaps.js";
import { pairName, type Pair, type Transport } from "./peers/peer.js";
import { bePatient, PATIENCE, Rig } from "./rig.js";
import { Matrix } from "./table.js";

export interface Row extends Pair {
  readonly transports: readonly Transport[];
}

export interface Suite {
  title: string;
  file: string;
  rows: readonly Row[];
}

export function runMatrix({ title, file, rows }: Suite): void {
  const matrix = new Matrix();

  afterAll(async () => {
    const peers = new Set(
      rows.flatMap(({ server, client }) => [server, client]),
    );
    await Promise.all([...peers].map((peer) => peer.shutDown()));
    const text = matrix.render(
      title,
      rows.map((row) => [pairName(row), row.transports]),
      FEATURES.map(({ name }) => name),
    );
    matrix.write(file, text);
    console.log(text);
  });

  for (const pair of rows) {
    const who = pairName(pair);
    for (const transport of pair.transports) {
      const possible = FEATURES.filter(({ name }) => {
        const gap = gapOf(pair, transport, name);
        if (gap === undefined) return true;
        matrix.record(who, transport, name, "—");
        matrix.note(
          who,
          transport,
          `— (${gap.features?.join(", ") ?? "all"}): ${gap.reason}`,
        );
        return false;
      });
      if (possible.length === 0) continue;
      describe(`${who}, ${transport}`, () => {
        for (const feature of possible) {
          const { name } = feature;
          const fault = faultOf(pair, transport, name);
          if (fault !== undefined)
            matrix.note(
              who,
              transport,
              `known (${fault.features.join(", ")}): ${fault.reason}`,
            );
          // Mostly they wait. Those that wait in vain have a patience of their own.
          const perform = fault === undefined ? test.concurrent : test.fails;
          perform(name, { timeout: 60_000 }, async () => {
            matrix.record(who, transport, name, fault ? "known" : "FAIL");
            bePatient(fault ? 1_500 : PATIENCE);
            const rig = new Rig(pair, transport);
            try {
              await feature.run(rig);
            } finally {
              await rig.close();
            }
            matrix.record(who, transport, name, "ok");
          });
        }
      });
    }
  }
}

/**
 * `--plot`: measures the curves and leaves an SVG for each in `docs/bench/`,
 * with the numbers beside them.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeMachine, fileDescriptorLimit } from "../machine.mjs";
import { runScenario } from "../runner.mjs";
import { drawCurve } from "./draw.mjs";

/**
 * @typedef {import("./index.mjs").Curve} Curve
 * @typedef {import("./draw.mjs").Measured} Measured
 */

export const FOLDER = fileURLToPath(
  new URL("../../docs/bench", import.meta.url),
);

/**
 * @param {object} how
 * @param {readonly Curve[]} how.curves
 * @param {readonly import("../contenders.mjs").Contender[]} how.contenders
 * @param {import("../scenarios/scenario.mjs").Scale & { rounds: number }} how.scale
 * @param {string} how.into a folder
 * @param {(line: string) => void} note
 * @returns {Promise<string[]>} what failed
 */
export async function plot({ curves, contenders, scale, into }, note) {
  const machine = describeMachine([...contenders]);
  const limit = fileDescriptorLimit();
  /** @type {string[]} */
  const failures = [];
  mkdirSync(into, { recursive: true });
  for (const curve of curves) {
    /** @type {Measured[]} */
    const measured = [];
    for (const point of curve.points) {
      if (point.sockets(scale) + 100 > limit) {
        failures.push(`${point.name}: more connections than "ulimit -n"`);
        continue;
      }
      try {
        const { standings } = await runScenario(
          point,
          [...contenders],
          scale,
          note,
        );
        for (const { contender, figures } of standings)
          measured.push({ x: point.x, contender, figures });
      } catch (error) {
        failures.push(
          `${point.name}: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    if (measured.length === 0) continue;
    writeFileSync(join(into, `${curve.name}.svg`), drawCurve(curve, measured));
    writeFileSync(join(into, `${curve.name}.csv`), csvOf(curve, measured));
    note(`drew ${join(into, curve.name)}.svg`);
  }
  writeFileSync(
    join(into, "machine.json"),
    `${JSON.stringify({ machine, ...scale }, null, 2)}\n`,
  );
  return failures;
}

/** @param {Curve} curve @param {Measured[]} measured */
function csvOf({ panels }, measured) {
  const figures = [...panels.map(({ figure }) => figure), "load"];
  const head = [
    "x",
    "contender",
    ...figures.flatMap((name) => [name, `${name} min`, `${name} max`]),
  ];
  const rows = measured.map(({ x, contender, figures: all }) => [
    x,
    contender,
    ...figures.flatMap((name) => {
      const { median, min, max } = all[name];
      return [median, min, max].map((value) =>
        Number.isFinite(value) ? Number(value.toPrecision(4)) : "",
      );
    }),
  ]);
  return `${[head, ...rows].map((row) => row.join(",")).join("\n")}\n`;
}

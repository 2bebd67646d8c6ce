/**
 * The command line.
 */
import { parseArgs } from "node:util";
import { CONTENDERS, contenderNamed } from "./contenders.mjs";
import { CURVES, curveNamed } from "./curves/index.mjs";
import { FOLDER } from "./curves/plot.mjs";
import { SCENARIOS, scenarioNamed } from "./scenarios/index.mjs";

export const USAGE = `Usage: npm run bench -- [options]

  --scenario <name>    run this scenario only; may be repeated
  --contender <name>   run this contender only (${CONTENDERS.map(({ name }) => name).join(", ")}); may be repeated
  --rounds <n>         rounds of every measurement (default 3, with --quick 1)
  --seconds <n>        measured time of a message scenario (default 2, with --quick 0.2)
  --quick              a small size that only shows that everything works
  --json <file>        also write everything that was measured to a file
  --plot               measure the curves instead, and draw them into docs/bench/
                       (default: one round of one second each)
  --curve <name>       this curve only (${CURVES.map(({ name }) => name).join(", ")}); may be repeated
  --into <folder>      where to draw them instead
  --markdown           print the tables in Markdown
  --list               list the scenarios and stop
  --help               print this and stop`;

/** @param {string[]} args */
export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      scenario: { type: "string", multiple: true },
      contender: { type: "string", multiple: true },
      rounds: { type: "string" },
      seconds: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      markdown: { type: "boolean", default: false },
      plot: { type: "boolean", default: false },
      curve: { type: "string", multiple: true },
      into: { type: "string", default: FOLDER },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { quick, plot } = values;
  const rounds = Number(values.rounds ?? (quick || plot ? 1 : 3));
  const seconds = Number(values.seconds ?? (quick ? 0.2 : plot ? 1 : 2));
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) {
    throw new Error("--rounds has to be a whole number from 1 to 100");
  }
  if (!(seconds > 0 && seconds <= 30)) {
    throw new Error("--seconds has to be a number above 0 and at most 30");
  }
  /** @type {import("./scenarios/scenario.mjs").Scale & { rounds: number }} */
  const scale = { size: values.quick ? "quick" : "full", seconds, rounds };
  return {
    scenarios: values.scenario?.map(scenarioNamed) ?? [...SCENARIOS],
    contenders: values.contender?.map(contenderNamed) ?? [...CONTENDERS],
    plot,
    into: values.into,
    curves: values.curve?.map(curveNamed) ?? [...CURVES],
    scale,
    json: values.json,
    markdown: values.markdown,
    list: values.list,
    help: values.help,
  };
}

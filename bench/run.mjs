/**
 * `npm run bench`: runs the chosen scenarios with every contender side by side
 * and prints what they cost. Progress goes to stderr, the report to stdout.
 */
import { writeFileSync } from "node:fs";
import process from "node:process";
import { isInstalled, REFERENCE } from "./contenders.mjs";
import { plot } from "./curves/plot.mjs";
import {
  describeMachine,
  fileDescriptorLimit,
  machineLine,
} from "./machine.mjs";
import { parseOptions, USAGE } from "./options.mjs";
import { renderMarkdown } from "./report/markdown.mjs";
import { renderTables } from "./report/table.mjs";
import { warningsOn } from "./report/warnings.mjs";
import { compareScenarios, runScenario } from "./runner.mjs";
import { SCENARIOS } from "./scenarios/index.mjs";

/** What a process needs besides its connections. */
const SPARE_DESCRIPTORS = 100;

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);
/** @param {string} line */
const note = (line) => process.stderr.write(`${line}\n`);

/** @param {ReturnType<typeof parseOptions>} options */
async function bench({ scenarios, contenders, scale, json, markdown }) {
  const missing = contenders.filter((contender) => !isInstalled(contender));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(", ");
    throw new Error(
      `cannot import ${names}: run "npm install" and "npm run build" first`,
    );
  }
  const machine = describeMachine(contenders);
  const limit = fileDescriptorLimit();
  const results = [];
  const failures = [];
  note(machineLine(machine));

  for (const scenario of scenarios) {
    const needed = scenario.sockets(scale) + SPARE_DESCRIPTORS;
    if (needed > limit) {
      failures.push(
        `${scenario.name} needs ${needed} file descriptors and the limit is ${limit}: ` +
          `raise it with "ulimit -n ${needed}"`,
      );
      continue;
    }
    try {
      results.push(await runScenario(scenario, contenders, scale, note));
    } catch (error) {
      failures.push(
        `${scenario.name}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  compareScenarios(results);
  const warnings = warningsOn(results);
  if (results.length > 0) {
    say(`${machineLine(machine)}\n`);
    say(markdown ? renderMarkdown(results) : renderTables(results));
    say(
      `\nMedians of ${scale.rounds} round${scale.rounds === 1 ? "" : "s"} (smallest-largest); ` +
        `x: ratio to ${REFERENCE}; CPU: user and system time of the process that is measured; ` +
        "load/server: CPU time of the load generator as a share of the server's.",
    );
    if (scale.size === "quick")
      say("A quick run: its figures say nothing about speed.");
    for (const warning of warnings) say(`Note: ${warning}.`);
  }
  for (const failure of failures) note(`FAILED ${failure}`);
  if (json) {
    const report = {
      machine,
      ...scale,
      warnings,
      failures,
      results: results.map(plain),
    };
    writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  }
  if (failures.length > 0) process.exitCode = 1;
}

/** @param {import("./runner.mjs").Result} result */
function plain({ scenario: { name, title, family }, setting, standings }) {
  return { name, title, family, setting, standings };
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    say(USAGE);
  } else if (options.list) {
    for (const { name, title } of SCENARIOS) say(`${name.padEnd(20)} ${title}`);
  } else {
    if (!options.plot) await bench(options);
    else
      for (const failure of await plot(options, note)) {
        note(`FAILED ${failure}`);
        process.exitCode = 1;
      }
  }
} catch (error) {
  note(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

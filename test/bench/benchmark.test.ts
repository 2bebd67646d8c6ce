/**
 * The benchmark as a program: a quick run has to produce complete tables and a
 * complete report. What the figures say about speed is not tested, ever.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

interface Spread {
  median: number;
  min: number;
  max: number;
}

interface Report {
  rounds: number;
  failures: string[];
  results: {
    name: string;
    family: string;
    standings: {
      contender: string;
      figures: Record<string, Spread>;
      ratios: Record<string, Spread>;
      rounds: Record<string, number>[];
    }[];
  }[];
}

const run = promisify(execFile);
const program = "bench/run.mjs";
const isBuilt = existsSync("dist/index.js");
const contenders = isBuilt ? ["omnio", "socket.io"] : ["socket.io"];
const chosen = contenders.flatMap((name) => ["--contender", name]);
const TIME_LIMIT = 120_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bench-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function quickRun(scenarios: string[], more: string[] = []) {
  const file = join(folder, "report.json");
  const names = scenarios.flatMap((name) => ["--scenario", name]);
  const args = [
    program,
    "--quick",
    "--json",
    file,
    ...names,
    ...chosen,
    ...more,
  ];
  const { stdout } = await run(process.execPath, args, { timeout: TIME_LIMIT });
  return { stdout, report: JSON.parse(await readFile(file, "utf8")) as Report };
}

/** The cells of the rows that belong to a contender, without the scenario and the name. */
function cellsOf(stdout: string, contender: string) {
  return stdout
    .split("\n")
    .map((line) => line.split(/[|│]/).map((cell) => cell.trim()))
    .filter((cells) => cells[2] === contender)
    .map((cells) => cells.slice(3, -1));
}

const timed = ["cpu", "user", "system", "rate", "p50", "p99", "load"];

test(
  "messages and connections: every figure is there, in the table and in the report",
  async () => {
    const scenarios = ["echo-100", "polling-echo", "connect-websocket"];
    const { stdout, report } = await quickRun(scenarios, ["--rounds", "2"]);

    expect(report.failures).toEqual([]);
    expect(report.rounds).toBe(2);
    expect(report.results.map(({ name }) => name)).toEqual(scenarios);
    for (const { standings } of report.results) {
      expect(standings.map(({ contender }) => contender)).toEqual(contenders);
      for (const { figures, ratios, rounds } of standings) {
        expect(rounds).toHaveLength(2);
        expect(Object.keys(figures)).toEqual(expect.arrayContaining(timed));
        expect(Object.keys(ratios)).toEqual(Object.keys(figures));
        for (const { median, min, max } of [
          ...Object.values(figures),
          ...Object.values(ratios),
        ]) {
          expect(Number.isFinite(max)).toBe(true);
          expect(median).toBeLessThanOrEqual(max);
          expect(median).toBeGreaterThanOrEqual(min);
        }
        // A split of little CPU time into user and system may leave one of them with nothing.
        for (const name of ["cpu", "rate", "p50", "p99", "load"]) {
          expect(figures[name]?.min, name).toBeGreaterThan(0);
        }
      }
    }

    for (const contender of contenders) {
      const rows = cellsOf(stdout, contender);
      expect(rows).toHaveLength(scenarios.length);
      for (const row of rows) {
        expect(row).toHaveLength(7);
        for (const cell of row)
          expect(parseFloat(cell.replaceAll(",", ""))).toBeGreaterThan(0);
      }
    }
  },
  TIME_LIMIT,
);

test(
  "memory: heap and RSS per connection, in Markdown",
  async () => {
    const { stdout, report } = await quickRun(["idle-5000"], ["--markdown"]);

    expect(report.failures).toEqual([]);
    for (const { figures } of report.results[0]?.standings ?? []) {
      expect(figures.heap?.median).toBeGreaterThan(0);
      // A few hundred connections may fit into pages that the process already had.
      expect(Number.isFinite(figures.rss?.median)).toBe(true);
    }
    for (const contender of contenders) {
      const [row] = cellsOf(stdout, contender);
      expect(row).toHaveLength(4);
      for (const cell of row ?? []) expect(cell).toMatch(/^-?\d/);
    }
  },
  TIME_LIMIT,
);

test.runIf(isBuilt)(
  "clients: CPU for each event, and memory for each client",
  async () => {
    const scenarios = ["client-receive-100x16", "client-memory-websocket"];
    const { stdout, report } = await quickRun(scenarios);

    expect(report.failures).toEqual([]);
    const [events, held] = report.results;
    for (const { figures } of events?.standings ?? [])
      for (const name of ["cpu", "rate"])
        expect(figures[name]?.min, name).toBeGreaterThan(0);
    for (const { figures } of held?.standings ?? [])
      expect(figures.heap?.median).toBeGreaterThan(0);
    for (const contender of contenders) {
      const rows = cellsOf(stdout, contender);
      expect(rows.map((row) => row.length)).toEqual([5, 4]);
    }
  },
  TIME_LIMIT,
);

test(
  "handlers: what declaring them takes, as a share of what listeners take",
  async () => {
    const { stdout } = await quickRun([
      "handlers-listeners",
      "handlers-declared",
    ]);
    for (const contender of contenders) {
      const [listeners, declared] = cellsOf(stdout, contender);
      expect(listeners?.[1]).toBe("-");
      expect(declared?.[1]).toMatch(/^\d\.\d\d$/);
    }
  },
  TIME_LIMIT,
);

test(
  "--plot: a drawing of each curve with a line for each contender, and the numbers",
  async () => {
    const args = [program, "--plot", "--quick", "--curve", "in-flight"];
    await run(process.execPath, [...args, "--into", folder, ...chosen], {
      timeout: TIME_LIMIT,
    });
    const svg = await readFile(join(folder, "in-flight.svg"), "utf8");
    expect(svg).toMatch(/^<svg [^>]*width="\d+"/);
    for (const words of ["messages in flight", ...contenders])
      expect(svg).toContain(words);
    expect(svg).not.toContain("NaN");
    const csv = await readFile(join(folder, "in-flight.csv"), "utf8");
    const [head, ...rows] = csv.trim().split("\n");
    expect(head).toMatch(/^x,contender,cpu,/);
    expect(rows).toHaveLength(5 * contenders.length);
    for (const row of rows)
      expect(row).toMatch(/^\d+,(omnio|socket\.io)(,[\d.]+){6}$/);
  },
  TIME_LIMIT,
);

test("--list names the scenarios", async () => {
  const { stdout } = await run(process.execPath, [program, "--list"]);
  expect(stdout).toMatch(/^echo-2000 +echo, 2000 connections$/m);
});

test.each([
  [["--scenario", "nonsense"], 'there is no scenario "nonsense"; see --list'],
  [["--contender", "nonsense"], 'there is no contender "nonsense"'],
  [["--rounds", "0"], "--rounds has to be a whole number from 1 to 100"],
  [["--seconds", "-1"], "--seconds"],
  [["--curve", "nonsense"], 'there is no curve "nonsense"; choose from '],
  [["--nonsense"], "Unknown option '--nonsense'"],
])("%j ends with one sentence", async (args, sentence) => {
  const failed = run(process.execPath, [program, ...args]);
  await expect(failed).rejects.toMatchObject({ code: 1, stdout: "" });
  await expect(failed).rejects.toHaveProperty(
    "stderr",
    expect.stringContaining(sentence),
  );
});

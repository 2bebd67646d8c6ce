/** Options and the values that programs give them, run in a process for each package. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

export type Outcome = Readonly<
  | { refused: string }
  | { failed: string }
  | {
      /** None, if polling is not served. */
      handshake?: Readonly<Record<string, unknown>>;
      polling: string;
      websocket: string;
    }
>;

/** One option in one value. */
export type Case = readonly [option: string, value: unknown];

export const title = ([option, value]: Case): string =>
  `${option}: ${JSON.stringify(value === Infinity ? "Infinity" : value)}`;

/** JSON has no word for some values. */
export const encoded = (value: unknown) =>
  value === undefined || value === Infinity
    ? { word: String(value) }
    : { value };

/** @param entry what the process imports */
export function outcomes(
  entry: string,
  cases: readonly Case[],
): Promise<readonly Outcome[]> {
  const options = cases.map(([name, value]) => [[name, encoded(value)]]);
  return outcomesOf("outcomes.mjs", entry, options) as Promise<Outcome[]>;
}

/** Runs a program of this folder on cases; what it prints is one outcome for each. */
export async function outcomesOf(
  program: string,
  entry: string,
  cases: readonly unknown[],
): Promise<readonly unknown[]> {
  const folder = await mkdtemp(join(tmpdir(), "omnio-options-"));
  const file = join(folder, "cases.json");
  await writeFile(file, JSON.stringify(cases));
  try {
    const path = fileURLToPath(new URL(program, import.meta.url));
    const { stdout } = await run(process.execPath, [path, entry, file], {
      maxBuffer: 64e6,
      env: { ...process.env, NODE_NO_WARNINGS: "1" },
    });
    return JSON.parse(stdout) as unknown[];
  } finally {
    await rm(folder, { recursive: true });
  }
}

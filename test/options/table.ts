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

/** @param entry what the process imports */
export async function outcomes(
  entry: string,
  cases: readonly Case[],
): Promise<readonly Outcome[]> {
  const folder = await mkdtemp(join(tmpdir(), "omnio-options-"));
  const file = join(folder, "options.json");
  const written = cases.map(([name, value]) => [
    [
      name,
      value === undefined || value === Infinity
        ? { word: String(value) }
        : { value },
    ],
  ]);
  await writeFile(file, JSON.stringify(written));
  try {
    const program = fileURLToPath(new URL("outcomes.mjs", import.meta.url));
    const { stdout } = await run(process.execPath, [program, entry, file], {
      maxBuffer: 64e6,
      env: { ...process.env, NODE_NO_WARNINGS: "1" },
    });
    return JSON.parse(stdout) as Outcome[];
  } finally {
    await rm(folder, { recursive: true });
  }
}

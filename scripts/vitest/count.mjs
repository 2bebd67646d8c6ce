/**
 * How many tests passed: written by a test run into a file that the environment
 * names, so that a program which makes several runs can add them up.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */
/**
 * @typedef {{ status: number | null, stdout?: unknown, stderr?: unknown }} Ended
 *   of `spawnSync`; output that went to the terminal is null
 */

const variable = "OMNIO_TEST_COUNT";

/** @param {Count} count */
export const inWords = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** @param {Count[]} counts */
export const sum = (counts) =>
  counts.reduce((all, each) => ({
    passed: all.passed + each.passed,
    failed: all.failed + each.failed,
    skipped: all.skipped + each.skipped,
  }));

/**
 * @param {Count} count
 * @returns {boolean} whether somebody asked for it
 */
export function leaveCount(count) {
  const file = process.env[variable];
  if (!file) return false;
  writeFileSync(file, JSON.stringify(count));
  return true;
}

/**
 * @param {(env: Record<string, string>) => Ended} run a test run, with these variables
 * @returns {{ count: Count, output: string }} a run that ended badly without a failed test counts as one
 */
export function readCount(run) {
  const folder = mkdtempSync(join(tmpdir(), "omnio-count-"));
  const file = join(folder, "count.json");
  try {
    const { status, stdout, stderr } = run({ [variable]: file });
    const count = countIn(file);
    if (status !== 0 && count.failed === 0) count.failed = 1;
    return { count, output: [stdout, stderr].filter(isText).join("") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {unknown} output */
const isText = (output) => typeof output === "string";

/**
 * @param {string} file
 * @returns {Count}
 */
function countIn(file) {
  try {
    return /** @type {Count} */ (JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // The run did not get as far as that.
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/**
 * Where the project is, whether its outputs are older than its sources, and
 * how to run a command in it. Needs Node alone: this runs before anything is
 * installed.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** @param {string[]} parts */
export const path = (...parts) => join(root, ...parts);

/**
 * Runs a command in the project and shows its output.
 * @param {string} command
 * @param {string[]} args
 * @returns {boolean} whether it succeeded
 */
export function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
  });
  if (error) console.error(`${command} did not start: ${error.message}`);
  return status === 0;
}

/**
 * Runs npm, the one that runs this script where there is one.
 * @param {string[]} args
 */
export function npm(...args) {
  const npmScript = process.env.npm_execpath;
  return npmScript?.endsWith(".js")
    ? run(process.execPath, [npmScript, ...args])
    : run("npm", args);
}

/**
 * Runs a script of this project or of an installed package.
 * @param {string} script below the project's root
 * @param {string[]} args
 */
export function node(script, ...args) {
  return run(process.execPath, [path(script), ...args]);
}

/**
 * When something below these paths last changed; a removed file counts,
 * because it changes its folder. 0 if a path does not exist.
 * @param {string[]} paths
 */
export function lastChange(...paths) {
  let last = 0;
  for (const each of paths) {
    const stats = statSync(path(each), { throwIfNoEntry: false });
    if (!stats) continue;
    last = Math.max(last, stats.mtimeMs);
    if (!stats.isDirectory()) continue;
    for (const entry of readdirSync(path(each)))
      last = Math.max(last, lastChange(join(each, entry)));
  }
  return last;
}

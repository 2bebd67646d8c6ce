/**
 * Brings node_modules to what package-lock.json says, if it is not there yet.
 */
import { readFileSync } from "node:fs";
import { npm, path } from "./project.mjs";

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean,
 *   optional?: boolean, devOptional?: boolean, peer?: boolean }} Locked
 */

/**
 * @param {string} file
 * @returns {Record<string, Locked> | undefined} the packages by their folder
 */
function lockedPackages(file) {
  try {
    const text = readFileSync(path(file), "utf8");
    return /** @type {{ packages: Record<string, Locked> }} */ (
      JSON.parse(text)
    ).packages;
  } catch {
    return undefined;
  }
}

/** npm writes down what it installed; that and the lock file have to agree. */
function installed() {
  const wanted = lockedPackages("package-lock.json");
  const found = lockedPackages("node_modules/.package-lock.json");
  if (!wanted || !found) return false;
  return Object.entries(wanted).every(([folder, { version, ...rest }]) => {
    if (folder === "" || rest.link) return true;
    const there = found[folder];
    // Packages for other platforms are locked, and not installed.
    if (!there) return rest.optional ?? rest.devOptional ?? false;
    return there.version === version;
  });
}

/** @throws {Error} npm failed */
export function ensurePackages() {
  if (installed()) return;
  console.log("Installing npm packages…");
  // No package here needs its install script; nothing is run that need not be.
  if (!npm("ci", "--ignore-scripts", "--no-audit", "--no-fund"))
    throw new Error("npm ci failed; its messages are above.");
}

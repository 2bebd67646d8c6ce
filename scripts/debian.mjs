/**
 * Installs packages of Debian and its children where that is possible without
 * asking: as root.
 */
import { existsSync } from "node:fs";
import { run } from "./project.mjs";

/**
 * @param {string} what for whom it is, as the person at the terminal reads it
 * @param {string[]} packages
 * @returns {boolean} whether they were installed
 */
export function installFromDebian(what, ...packages) {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  console.log(`Installing ${what}…`);
  run("apt-get", ["update", "-qq"]);
  return run("env", [
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "install",
    "-y",
    "-qq",
    "--no-install-recommends",
    ...packages,
  ]);
}

/**
 * Finds the Chromium that the browser tests drive, and installs it where that
 * is possible without asking: as root, on Debian and its children.
 */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { installFromDebian } from "./debian.mjs";

const names = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
];
const appPaths = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** @param {string} file */
function executable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns {string | undefined} the path of an installed Chromium or Chrome */
export function findChromium() {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) return executable(chosen) ? chosen : undefined;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...appPaths,
  ].find(executable);
}

/**
 * @returns {string} its path
 * @throws {Error} there is none, with what to do about it
 */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.env.CHROMIUM_PATH)
    throw new Error(
      `CHROMIUM_PATH is ${process.env.CHROMIUM_PATH}, which is not a program; set it to the path of Chromium or Chrome, or unset it.`,
    );
  if (installFromDebian("Chromium for the browser tests", "chromium")) {
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(
    "The browser tests need Chromium or Chrome: install it (on Debian: apt-get install chromium), or set CHROMIUM_PATH to its path.",
  );
}

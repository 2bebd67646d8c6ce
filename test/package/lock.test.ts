/**
 * The lock file is what a fresh clone installs from, with whatever registry
 * it is set up for, on whatever platform.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Locked {
  version?: string;
  resolved?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  packages: Record<string, Locked>;
};

test("no registry is written down", () => {
  const named = Object.entries(packages).filter(([, { resolved }]) => resolved);
  expect(named).toEqual([]);
});

/** Where Node.js looks for a package, from the folder of another. */
function isLocked(name: string, folder: string): boolean {
  if (packages[`${folder && `${folder}/`}node_modules/${name}`]) return true;
  if (folder === "") return false;
  return isLocked(
    name,
    folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, ""),
  );
}

test("every dependency is locked, for every platform", () => {
  // npm leaves out what its registry did not have when the lock was written,
  // and then `npm ci` refuses to install.
  const missing = Object.entries(packages).flatMap(([folder, locked]) =>
    Object.keys({
      ...locked.dependencies,
      ...locked.devDependencies,
      ...locked.optionalDependencies,
    })
      .filter((name) => !isLocked(name, folder))
      .map((name) => `${name} of ${folder || "this package"}`),
  );
  expect(missing).toEqual([]);
});

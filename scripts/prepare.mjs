/**
 * From a fresh clone to something that can run: the packages installed, and
 * dist/ built. Does nothing where that has been done.
 */
import { ensureBuild } from "./build-if-stale.mjs";
import { ensurePackages } from "./packages.mjs";

try {
  ensurePackages();
  ensureBuild();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

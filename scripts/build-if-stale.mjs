/**
 * Builds dist/ when the sources are newer. In a process of its own, so that
 * this works before the packages that the build needs are installed.
 */
import { lastChange, node } from "./project.mjs";

const recipe = ["scripts/build.mjs", "scripts/build", "package.json"];

/** Whether a source is newer than what is built last. */
export const isStale = () =>
  lastChange("dist/index.d.cts") < lastChange("src", ...recipe);

/** @throws {Error} the build failed */
export function ensureBuild() {
  if (!isStale()) return;
  console.log("Building…");
  if (!node("scripts/build.mjs"))
    throw new Error("The build failed; its messages are above.");
}

/**
 * The client bundles alone.
 * @throws {Error} the build failed
 */
export function ensureBundles() {
  const sources = ["src/client", "src/dialects", "src/session", "src/carriers"];
  if (lastChange("dist/bundles") >= lastChange(...sources, ...recipe)) return;
  console.log("Building the client bundles…");
  if (!node("scripts/build.mjs", "--bundles"))
    throw new Error("The build of the client bundles failed, see above.");
}

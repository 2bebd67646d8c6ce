/**
 * Builds dist/ when the sources are newer. In a process of its own, so that
 * this works before the packages that the build needs are installed.
 */
import { lastChange, node } from "./project.mjs";

const sources = ["src", "scripts/build.mjs", "scripts/build", "package.json"];
/** Written at the end of a whole build. */
const lastOutput = "dist/index.d.cts";

/** @throws {Error} the build failed */
export function ensureBuild() {
  if (lastChange(lastOutput) >= lastChange(...sources)) return;
  console.log("Building…");
  if (!node("scripts/build.mjs"))
    throw new Error("The build failed; its messages are above.");
}

/**
 * `npm test`: from a fresh clone to one line that says how many tests passed.
 */
import { spawnSync } from "node:child_process";
import { ensureChromium } from "./chromium.mjs";
import { nodeVersions, testOnNode } from "./node-versions.mjs";
import { ensurePackages } from "./packages.mjs";
import { node, path, root } from "./project.mjs";
import { tryForProxies } from "./proxies.mjs";
import { ensurePython } from "./python.mjs";
import { tryForRedis } from "./redis.mjs";
import { inWords, readCount, sum } from "./vitest/count.mjs";

/**
 * @param {string} title
 * @param {() => boolean} work
 */
function step(title, work) {
  console.log(`\n${title}`);
  if (work()) return;
  console.error(`${title}: failed`);
  console.log("\n0 passed, 1 failed, 0 skipped");
  process.exit(1);
}

try {
  ensurePackages();
  process.env.CHROMIUM_PATH = ensureChromium();
  const python = ensurePython();
  if (python) process.env.PYTHON = python;
  tryForRedis();
  tryForProxies();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log("\n0 passed, 1 failed, 0 skipped");
  process.exit(1);
}

const tsc = "node_modules/typescript/bin/tsc";
const prettier = "node_modules/prettier/bin/prettier.cjs";
step("Types", () =>
  [".", "scripts", "bench"].every((project) => node(tsc, "-p", project)),
);
step("Lint", () => node("node_modules/eslint/bin/eslint.js", "."));
step("Format", () => node(prettier, "--check", "--log-level", "warn", "."));
step("Build", () => node("scripts/build.mjs"));
console.log("\nTests");
const { count } = readCount((env) =>
  spawnSync(process.execPath, [path("node_modules/vitest/vitest.mjs"), "run"], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  }),
);
console.log(`Node.js ${process.versions.node}: ${inWords(count)}`);
console.log("\nThe core of the tests on other versions of Node.js");
const total = sum([count, ...nodeVersions.map(testOnNode)]);
console.log(`\n${inWords(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;

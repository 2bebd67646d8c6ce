/**
 * Other versions of Node.js, on which the core of the suite runs as well. They
 * come from npm, as packages that hold nothing but the program for one platform,
 * into a cache of the user's, which all checkouts share and `npm ci` leaves alone.
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { inWords, readCount } from "./vitest/count.mjs";
import { path } from "./project.mjs";

/** @typedef {import("./vitest/count.mjs").Count} Count */

/** The newest that npm has for the common platforms. */
export const nodeVersions = ["22.23.2", "24.21.0", "26.10.0"];

/** What depends on the runtime most. */
const core = ["dialects", "session", "server", "client", "package", "runtimes"];

/** In ms; it takes about a minute. */
const LONGEST_RUN = 600_000;

const cache = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
  "omnio-tests",
);

/** The package with the program for this platform, as the package `node` chooses it. */
function platformPackage() {
  const { platform, arch } = process;
  if (platform === "win32") return `node-win-${arch === "ia32" ? "x86" : arch}`;
  const prefix =
    platform === "darwin" && arch === "arm64" ? "node-bin" : "node";
  return `${prefix}-${platform}-${arch}`;
}

/**
 * @param {string} command
 * @param {string[]} args
 */
const npm = (command, ...args) => {
  const script = process.env.npm_execpath;
  const all = [command, "--no-audit", "--no-fund", ...args];
  return script?.endsWith(".js")
    ? spawnSync(process.execPath, [script, ...all], { encoding: "utf8" })
    : spawnSync("npm", all, {
        encoding: "utf8",
        shell: process.platform === "win32",
      });
};

/**
 * @param {string} version
 * @returns {{ program: string } | { missing: string }} or why there is none
 */
export function ensureNode(version) {
  const name = platformPackage();
  const folder = join(cache, `${name}-${version}`);
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}.tmp`;
    mkdirSync(draft, { recursive: true });
    try {
      const { status, error, stderr } = npm(
        "install",
        "--ignore-scripts",
        "--no-save",
        // A silent `npm test` would have it keep the reason to itself.
        "--loglevel=error",
        "--prefer-offline",
        "--fetch-retries=1",
        "--fetch-retry-mintimeout=1000",
        `--prefix=${draft}`,
        `${name}@${version}`,
      );
      if (status !== 0)
        return {
          missing: `npm could not install ${name}@${version}: ${error?.message ?? firstError(stderr)}`,
        };
      for (const unused of ["include", "share"])
        rmSync(join(draft, "node_modules", name, unused), {
          recursive: true,
          force: true,
        });
      // Another checkout may have been faster.
      if (!existsSync(folder)) renameSync(draft, folder);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  const program = programIn(join(folder, "node_modules", name));
  const { stdout, error } = spawnSync(program, ["--version"], {
    encoding: "utf8",
  });
  return stdout?.trim() === `v${version}`
    ? { program }
    : {
        missing: `${program} does not run here${error ? `: ${error.message}` : ""}`,
      };
}

/** @param {string} folder of the package */
function programIn(folder) {
  const { bin } = /** @type {{ bin: { node: string } }} */ (
    JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  );
  return join(folder, bin.node);
}

/** npm's own words for what went wrong. */
function firstError(/** @type {string} */ stderr) {
  const lines = stderr
    .split("\n")
    .filter((line) => line.startsWith("npm error"))
    .map((line) => line.slice("npm error".length).trim());
  return lines.slice(0, 2).join(", ") || "it does not say why";
}

/**
 * Runs the core of the suite on a version, and says in one line how it went.
 * What the tests printed is shown only where some failed.
 * @param {string} version
 * @returns {Count}
 */
export function testOnNode(version) {
  const found = ensureNode(version);
  if ("missing" in found) {
    console.log(`Node.js ${version}: skipped, as ${found.missing}`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const { program } = found;
  const started = Date.now();
  const { count, output } = readCount((env) =>
    spawnSync(
      program,
      [
        path("node_modules/vitest/vitest.mjs"),
        "run",
        ...core.map((folder) => `test/${folder}/`),
      ],
      {
        cwd: path(),
        encoding: "utf8",
        maxBuffer: 2 ** 28,
        timeout: LONGEST_RUN,
        env: {
          ...process.env,
          ...env,
          // What tests start by the name `node` is this version, too.
          PATH: `${dirname(program)}${process.platform === "win32" ? ";" : ":"}${process.env.PATH ?? ""}`,
          // The grammars' properties have had their runs already.
          OMNIO_FUZZ_RUNS: process.env.OMNIO_FUZZ_RUNS ?? "1000",
        },
      },
    ),
  );
  const seconds = Math.round((Date.now() - started) / 1000);
  if (count.failed > 0) console.log(output);
  console.log(`Node.js ${version}: ${inWords(count)} (${seconds} s)`);
  return count;
}

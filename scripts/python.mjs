/**
 * Finds a Python that has python-socketio and what its clients and servers
 * run on, the partners of the tests in test/python/; installs them where that
 * is possible without asking: as root, on Debian and its children. Elsewhere
 * those tests are skipped.
 */
import { spawnSync } from "node:child_process";
import { installFromDebian } from "./debian.mjs";

const modules = [
  "socketio",
  "engineio",
  "aiohttp",
  "requests",
  "websocket",
  "eventlet",
  "msgpack",
];
const packages = modules.map((module) => `python3-${module}`);

/** @param {string} program */
function hasModules(program) {
  const { status } = spawnSync(program, ["-c", `import ${modules.join(", ")}`]);
  return status === 0;
}

/** @returns {string | undefined} the program, if it has all that the tests need */
export function findPython() {
  const chosen = process.env.PYTHON;
  const programs = chosen ? [chosen] : ["/usr/bin/python3", "python3"];
  return programs.find(hasModules);
}

/**
 * Says so if there is none, and cannot be.
 * @returns {string | undefined} the program
 * @throws {Error} the one that was chosen will not do
 */
export function ensurePython() {
  const found = findPython();
  if (found) return found;
  const chosen = process.env.PYTHON;
  if (chosen)
    throw new Error(
      `PYTHON is ${chosen}, which is not a Python with the modules ${modules.join(", ")}; install them there, or unset it.`,
    );
  if (installFromDebian("python-socketio for the tests", ...packages)) {
    const installed = findPython();
    if (installed) return installed;
  }
  console.log(
    `Without a Python with the modules ${modules.join(", ")} the tests with peers in Python are skipped: install them (on Debian: apt-get install ${packages.join(" ")}), or set PYTHON to a Python that has them.`,
  );
  return undefined;
}

/**
 * Finds a Python that has python-socketio and what its clients and servers
 * run on, the partners of the tests in test/python/; installs them where that
 * is possible without asking: as root, on Debian and its children.
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
 * @returns {string} the program
 * @throws {Error} there is none, with what to do about it
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
  throw new Error(
    `The tests with peers in Python need the modules ${modules.join(", ")}: install them (on Debian: apt-get install ${packages.join(" ")}), or set PYTHON to a Python that has them.`,
  );
}

/**
 * Who takes part: one server program each, and one full of clients. `socket.io`
 * is the reference that the ratios are made against.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {URL} server the program of its server process
 * @property {URL} client the program of its client process
 * @property {string} clientPackage where the clients are from
 * @property {boolean} polling whether it speaks HTTP long-polling
 * @property {boolean} whole whether it has rooms and namespaces
 */

export const REFERENCE = "socket.io";

/** @type {readonly Contender[]} */
export const CONTENDERS = ["omnio", REFERENCE, "ws"].map((name) => ({
  name,
  server: new URL(`./servers/${name}.mjs`, import.meta.url),
  client: new URL(`./clients/${name}.mjs`, import.meta.url),
  clientPackage: name === REFERENCE ? "socket.io-client" : name,
  polling: name !== "ws",
  whole: name !== "ws",
}));

/** @param {string} name */
export function contenderNamed(name) {
  const contender = CONTENDERS.find((candidate) => candidate.name === name);
  if (contender) return contender;
  const names = CONTENDERS.map((candidate) => candidate.name).join(", ");
  throw new Error(`there is no contender "${name}"; choose from ${names}`);
}

/**
 * Whether its package can be imported; omnio has to be built first.
 * @param {Contender} contender
 */
export function isInstalled({ name }) {
  try {
    return existsSync(fileURLToPath(import.meta.resolve(name)));
  } catch {
    return false;
  }
}

/**
 * The version in the package.json that belongs to the imported package.
 * @param {string} name
 * @returns {string}
 */
export function versionOf(name) {
  for (
    let folder = new URL(".", import.meta.resolve(name));
    ;
    folder = new URL("..", folder)
  ) {
    const file = new URL("package.json", folder);
    if (existsSync(file)) {
      const manifest = JSON.parse(readFileSync(file, "utf8"));
      if (manifest.name === name) return manifest.version;
    }
    if (folder.pathname === "/") return "?";
  }
}

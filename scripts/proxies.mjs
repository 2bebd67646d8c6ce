/**
 * The proxies that test/proxies/ puts before a server; installed where that is
 * possible without asking: as root, on Debian and its children. Elsewhere the
 * tests of those that are missing are skipped.
 */
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { installFromDebian } from "./debian.mjs";

/** Debian's packages by their programs. */
const packages = {
  nginx: "nginx",
  apache2: "apache2",
  haproxy: "haproxy",
  lighttpd: "lighttpd",
  caddy: "caddy",
  varnishd: "varnish",
};

/**
 * @param {string} program
 * @returns {string | undefined} its path
 */
export function findProgram(program) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  return folders
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

const missing = () =>
  Object.entries(packages).filter(([program]) => !findProgram(program));

/** Debian asks this program whether a package may start its service. */
const POLICY = "/usr/sbin/policy-rc.d";

/** Says which are not there, and cannot be. */
export function tryForProxies() {
  const wanted = missing();
  if (wanted.length === 0) return;
  // The tests start the programs themselves; nothing shall take port 80 for it.
  const mayStart = process.getuid?.() === 0 && !existsSync(POLICY);
  if (mayStart) {
    writeFileSync(POLICY, "#!/bin/sh\nexit 101\n");
    chmodSync(POLICY, 0o755);
  }
  try {
    installFromDebian(
      "proxies for the tests",
      ...wanted.map(([, name]) => name),
    );
  } finally {
    if (mayStart) rmSync(POLICY);
  }
  const names = missing().map(([, name]) => name);
  if (names.length > 0)
    console.log(
      `Without ${names.join(", ")} the tests behind them are skipped (on Debian: apt-get install ${names.join(" ")}).`,
    );
}

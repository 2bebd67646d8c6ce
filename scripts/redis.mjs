/**
 * Finds Redis, through which servers reach each other in test/interop/brokers/;
 * installs it where that is possible without asking: as root, on Debian and
 * its children. Elsewhere those tests are skipped.
 */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { installFromDebian } from "./debian.mjs";

/** @returns {string | undefined} the path of the program */
export function findRedis() {
  if (process.env.REDIS_SERVER) return process.env.REDIS_SERVER;
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"];
  return folders
    .map((folder) => join(folder, "redis-server"))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Says so if there is none, and cannot be. */
export function tryForRedis() {
  if (findRedis()) return;
  installFromDebian("Redis for the tests", "redis-server");
  if (findRedis()) return;
  console.log(
    "Without redis-server the tests of servers that share it are skipped (on Debian: apt-get install redis-server).",
  );
}

/** Where the old libraries are: in the project's node_modules, or in the folder that OLD_PEERS names. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";

const base = process.env["OLD_PEERS"];
const require = createRequire(
  base === undefined ? import.meta.url : resolve(base, "package.json"),
);

export interface Installed {
  readonly folder: string;
  readonly version: string;
}

/** By the alias that the package is installed under. */
export function installed(alias: string): Installed {
  const file = require.resolve(`${alias}/package.json`);
  const { version } = JSON.parse(readFileSync(file, "utf8")) as {
    version: string;
  };
  return { folder: dirname(file), version };
}

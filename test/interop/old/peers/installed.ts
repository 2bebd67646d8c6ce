/** Where the old libraries are installed. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";

const require = createRequire(import.meta.url);

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

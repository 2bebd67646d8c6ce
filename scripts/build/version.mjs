import { readFileSync } from "node:fs";
import { path } from "../project.mjs";

/** The version of the package. */
export const version = /** @type {{ version: string }} */ (
  JSON.parse(readFileSync(path("package.json"), "utf8"))
).version;

/**
 * `npm start`: from a fresh clone to the running demo.
 */
import { existsSync } from "node:fs";
import { ensureBuild } from "./build-if-stale.mjs";
import { ensurePackages } from "./packages.mjs";
import { path } from "./project.mjs";

try {
  ensurePackages();
  ensureBuild();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
const demo = ["examples/chat/server.mjs", "examples/chat/server.js"].find(
  (file) => existsSync(path(file)),
);
if (!demo) throw new Error("examples/chat/ has no server to start.");
await import(new URL(`../${demo}`, import.meta.url).href);

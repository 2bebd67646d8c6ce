/**
 * `npm run docs`: the reference out of the docstrings, then the site, to
 * test-output/site. A dead link fails.
 */
import { ensurePackages } from "./packages.mjs";
import { node } from "./project.mjs";

ensurePackages();
const done =
  node("node_modules/typedoc/bin/typedoc") &&
  node("node_modules/vitepress/bin/vitepress.js", "build", "docs");
process.exitCode = done ? 0 : 1;

/**
 * The JavaScript of the package: ES modules that share chunks, and the same
 * files once more as CommonJS, so that either kind loads shared code once.
 */
import { extname, relative } from "node:path";
import * as esbuild from "esbuild";
import { path } from "../project.mjs";
import { entries } from "./entries.mjs";

/** @type {esbuild.BuildOptions} */
const common = {
  absWorkingDir: path(),
  bundle: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  outdir: "dist",
  packages: "external",
  platform: "node",
  target: "node20",
  write: false,
};

/** @typedef {Map<string, string>} Files contents by the path in dist/ */

/**
 * @param {esbuild.BuildResult} result
 * @returns {Files}
 */
const files = (result) =>
  new Map(
    (result.outputFiles ?? []).map(({ path: file, text }) => [
      relative(path("dist"), file),
      text,
    ]),
  );

/** @returns {Promise<Files>} */
export async function esModules() {
  const result = await esbuild.build({
    ...common,
    chunkNames: "chunks/[name]-[hash]",
    entryPoints: Object.entries(entries).map(([out, { source }]) => ({
      in: source,
      out,
    })),
    format: "esm",
    splitting: true,
  });
  return files(result);
}

/** CommonJS has no `import.meta`. */
const moduleUrl =
  'const moduleUrl = require("node:url").pathToFileURL(__filename).href;';

/** @param {string} out */
function makeCallable(out) {
  const callable = entries[out]?.callable;
  if (!callable) return "";
  return [
    "const named = module.exports;",
    `module.exports = Object.assign(${callable.js}, named);`,
  ].join("\n");
}

/**
 * @param {Files} modules the ES modules
 * @returns {Promise<Files>}
 */
export async function commonJs(modules) {
  /** @type {Files} */
  const converted = new Map();
  for (const [file, text] of modules) {
    const out = file.slice(0, -extname(file).length);
    const result = await esbuild.transform(text, {
      charset: "utf8",
      define: { "import.meta.url": "moduleUrl" },
      format: "cjs",
      platform: "node",
      target: "node20",
      ...(text.includes("import.meta.url") && { banner: moduleUrl }),
      footer: makeCallable(out),
    });
    converted.set(
      `${out}.cjs`,
      result.code.replace(/require\("(\.[^"]*)\.js"\)/g, 'require("$1.cjs")'),
    );
  }
  return converted;
}

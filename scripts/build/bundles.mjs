/**
 * The client as single files, for `<script>` and for import by URL. A server
 * gives out the same files below its path.
 */
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { path } from "../project.mjs";
import { version } from "./version.mjs";

/** What the ES module may weigh, in bytes after gzip -9. */
export const esmLimit = 11_500;

const license = `/*! omnio ${version}, MIT */`;

/** Around the classic bundles: CommonJS, AMD or the global \`io\`. */
const umd = {
  banner: `${license}
(function(g,f){typeof exports=="object"&&typeof module!="undefined"?module.exports=f():typeof define=="function"&&define.amd?define(f):(typeof globalThis!="undefined"?globalThis:g||self).io=f()})(this,function(){`,
  footer: "return bundle.default});",
};

/** The client's exports as members of the callable \`io\`. */
const classicEntry = `
import * as client from "./src/client/index.js";
export default Object.assign(client.io, client);
`;

const esmEntry = `export * from "./src/client/index.js";
export { default } from "./src/client/index.js";
`;

/**
 * @typedef {object} Bundle
 * @property {string} file
 * @property {"iife" | "esm"} format
 * @property {boolean} minify
 * @property {string} entry
 */

/** @type {Bundle[]} */
const bundles = [
  { file: "omnio.js", format: "iife", minify: false, entry: classicEntry },
  { file: "omnio.min.js", format: "iife", minify: true, entry: classicEntry },
  { file: "omnio.esm.min.js", format: "esm", minify: true, entry: esmEntry },
  {
    file: "omnio.msgpack.min.js",
    format: "iife",
    minify: true,
    entry: classicEntry,
  },
];

/** @param {Bundle} bundle */
async function build({ file, format, minify, entry }) {
  const classic = format === "iife";
  const result = await esbuild.build({
    absWorkingDir: path(),
    banner: { js: classic ? umd.banner : license },
    bundle: true,
    charset: "utf8",
    conditions: ["browser"],
    footer: { js: classic ? umd.footer : "" },
    format,
    ...(classic && { globalName: "bundle" }),
    legalComments: "none",
    logLevel: "warning",
    minify,
    outfile: `dist/bundles/${file}`,
    platform: "browser",
    sourcemap: true,
    stdin: { contents: entry, resolveDir: path(), sourcefile: "omnio.ts" },
    target: "es2020",
    write: false,
    ...(minify && {
      // A leading underscore means that nobody outside reads the property.
      mangleProps: /^_./,
      reserveProps: /^_(placeholder|query)$/,
    }),
  });
  return result.outputFiles;
}

/** @returns {Promise<Map<string, string>>} contents by the path in dist/ */
export async function clientBundles() {
  const built = (await Promise.all(bundles.map(build))).flat();
  return new Map([
    // The classic bundles are CommonJS where a program in Node.js loads them.
    ["bundles/package.json", '{ "type": "commonjs" }\n'],
    ...built.map(
      ({ path: file, text }) =>
        /** @type {[string, string]} */ ([
          file.slice(path("dist/").length),
          text,
        ]),
    ),
  ]);
}

/** @param {string | Uint8Array} code */
export const gzipSize = (code) => gzipSync(code, { level: 9 }).length;

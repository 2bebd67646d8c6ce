/**
 * The client as single files, for `<script>` and for import by URL. A server
 * gives out the same files below its path.
 */
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { minify } from "terser";
import { path } from "../project.mjs";
import { version } from "./version.mjs";

/** What the ES module may weigh, in bytes after gzip -9. */
export const esmLimit = 11_500;

/** The first that have what the client uses (`Object.hasOwn`). */
const browsers = ["chrome93", "edge93", "firefox92", "safari15.4"];

/** What our parts say to each other alone, in names that nothing of the platform has. */
const internal = [
  ...["unframe", "recognises", "dialectOptions", "implicitRoot", "lenient"],
  ...["readConnect", "readRefusal", "writeConnect", "writeRefusal"],
  ...["websocketText", "pollingText", "hixie", "offsets", "reviver"],
  ...["cookieJar", "createCookieJar", "farewell", "implementations"],
  ...["emitReserved", "recognise", "failAll", "fromQueue", "wrapping"],
  ...["decoder", "describe", "limits", "listen", "reader", "unwrap", "words"],
  ...["attempts", "duration", "failed", "layer", "pending", "settle", "timers"],
  ...["batch", "withError", "generations", "hello"],
];

const license = `/*! omnio ${version}, MIT */`;

/** Around the classic bundles: CommonJS, AMD or the global `io`. */
const head = `(function (root, factory) {
  if (typeof exports === "object" && typeof module !== "undefined") module.exports = factory();
  else if (typeof define === "function" && define.amd) define(factory);
  else (typeof globalThis !== "undefined" ? globalThis : root || self).io = factory();
})(this, function () {`;
const foot = "return bundle.default;\n});";

/** The client's exports as members of the callable `io`. */
const classic = (/** @type {string} */ client) => `
import * as client from "./src/client/${client}.js";
export default Object.assign(client.io, client);
`;

const esm = (/** @type {string} */ client) => `
export * from "./src/client/${client}.js";
export { default } from "./src/client/${client}.js";
`;

/**
 * @typedef {object} Bundle
 * @property {string} file
 * @property {"iife" | "esm"} format
 * @property {string} entry
 */

/** @type {Bundle[]} */
const bundles = [
  { file: "omnio.js", format: "iife", entry: classic("browser") },
  { file: "omnio.min.js", format: "iife", entry: classic("browser") },
  { file: "omnio.all.min.js", format: "iife", entry: classic("all-browser") },
  { file: "omnio.msgpack.min.js", format: "iife", entry: classic("msgpack") },
  { file: "omnio.esm.min.js", format: "esm", entry: esm("minimal") },
  { file: "omnio.all.esm.min.js", format: "esm", entry: esm("all-browser") },
];

/**
 * @param {Bundle} bundle
 * @returns {Promise<[file: string, text: string][]>}
 */
async function build({ file, format, entry }) {
  const small = file.includes(".min.");
  const wrapped = format === "iife";
  const { outputFiles } = await esbuild.build({
    absWorkingDir: path(),
    banner: { js: [license, ...(wrapped ? [head] : [])].join("\n") },
    bundle: true,
    charset: "utf8",
    conditions: ["browser"],
    footer: { js: wrapped ? foot : "" },
    format,
    ...(wrapped && { globalName: "bundle" }),
    legalComments: "none",
    logLevel: "warning",
    minifySyntax: small,
    outfile: path("dist/bundles", file),
    platform: "browser",
    sourcemap: "external",
    stdin: { contents: entry, resolveDir: path(), sourcefile: file },
    target: browsers,
    // Plain assignments are shorter than defined fields, and enough here.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    write: false,
  });
  const [map = "", code = ""] = outputFiles.map(({ text }) => text);
  if (!small) return files(file, code, map);
  const minified = await minify(code, {
    compress: {
      inline: 1,
      passes: 4,
      pure_getters: true,
      unsafe_arrows: true,
    },
    ecma: 2020,
    format: { comments: /^!/ },
    mangle: {
      // A leading underscore says that nobody else reads the property, but
      // for the two that belong to a protocol and to an API.
      properties: {
        regex: new RegExp(`^(_.*.|${internal.join("|")})$`),
        reserved: ["_placeholder", "_query"],
      },
    },
    module: !wrapped,
    sourceMap: { content: map, filename: file },
    toplevel: !wrapped,
  });
  return files(file, minified.code ?? "", String(minified.map));
}

/**
 * @param {string} file
 * @param {string} code
 * @param {string} map
 * @returns {[file: string, text: string][]}
 */
const files = (file, code, map) => [
  [`bundles/${file}`, `${code.trimEnd()}\n//# sourceMappingURL=${file}.map\n`],
  [`bundles/${file}.map`, map],
];

/** @returns {Promise<Map<string, string>>} contents by the path in dist/ */
export async function clientBundles() {
  const built = await Promise.all(bundles.map(build));
  return new Map([
    // The classic bundles are CommonJS where a program in Node.js loads them.
    ["bundles/package.json", '{ "type": "commonjs" }\n'],
    ...built.flat(),
  ]);
}

/** @param {string} code */
export const gzipSize = (code) => gzipSync(code, { level: 9 }).length;

/**
 * The declarations of the package, for ES modules and for CommonJS. Types of
 * packages that users may not have are made part of them.
 */
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";
import { path } from "../project.mjs";
import { entries } from "./entries.mjs";

/** @returns {Promise<Map<string, string>>} contents by the path in dist/ */
export async function declarations() {
  const bundle = await rollup({
    input: Object.fromEntries(
      Object.entries(entries).map(([out, { source }]) => [out, path(source)]),
    ),
    plugins: [dts({ tsconfig: path("tsconfig.json") })],
    external: (id) => /^[a-z@]/.test(id),
    logLevel: "warn",
  });
  const { output } = await bundle.generate({
    format: "es",
    entryFileNames: "[name].d.ts",
    chunkFileNames: "chunks/[name]-[hash].d.ts",
  });
  await bundle.close();
  const files = new Map();
  for (const chunk of output) {
    if (chunk.type !== "chunk") continue;
    files.set(chunk.fileName, chunk.code);
    files.set(
      chunk.fileName.replace(/\.ts$/, ".cts"),
      callable(
        chunk.isEntry ? chunk.name : "",
        chunk.code.replace(/(from '\.[^']*)\.js'/g, "$1.cjs'"),
      ),
    );
  }
  return files;
}

/** Exported names at the end of a module, as rollup writes them. */
const exportLists = /^export (?:type )?\{[^}]*\};$/gm;

/**
 * `export =` with everything that the module exports as members.
 * @param {string} entry
 * @param {string} code
 */
function callable(entry, code) {
  const declaration = entries[entry]?.callable?.types;
  if (!declaration) return code;
  const lists = code.match(exportLists) ?? [];
  return [
    code.replace(exportLists, "").trimEnd(),
    declaration,
    "declare namespace callable {",
    ...lists.map((list) => `  ${list}`),
    "}",
    "export = callable;",
    "",
  ].join("\n");
}

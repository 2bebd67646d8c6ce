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
    onLog: (level, log, show) => {
      // Types that only other types mention need no name of their own.
      if (!log.message.includes("private shared type")) show(level, log);
    },
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
        chunk.code.replace(/((?:from|import) '\.[^']*)\.js'/g, "$1.cjs'"),
      ),
    );
  }
  return files;
}

/** As rollup writes them: `export { A, b as B } from '…';`, and without `from`. */
const exportLists = /^export (type )?\{([^}]*)\}(?: from ('[^']*'))?;\n/gm;

/**
 * `export =` with everything that the module exports as members.
 * @param {string} entry
 * @param {string} code
 */
function callable(entry, code) {
  const declaration = entries[entry]?.callable?.types;
  if (!declaration) return code;
  /** @type {string[]} */
  const members = [];
  const body = code.replace(
    exportLists,
    (_, /** @type {string | undefined} */ type = "", list, from) => {
      if (!from) {
        members.push(`  export ${type}{${list}};`);
        return "";
      }
      const names = String(list).replace(/\w+ as /g, "");
      members.push(`  export ${type}{${names}};`);
      return `import ${type}{${list}} from ${from};\n`;
    },
  );
  return [
    body.trimEnd(),
    declaration,
    "declare namespace callable {",
    ...members,
    "}",
    "export = callable;",
    "",
  ].join("\n");
}

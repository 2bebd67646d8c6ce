/**
 * Builds dist/: modules, declarations and client bundles. With `--bundles`,
 * the client bundles alone; with `--if-stale`, only when sources are newer. Files are replaced one by one, so that a program
 * that uses dist/ meanwhile always finds them.
 */
import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { clientBundles, esmLimit, gzipSize } from "./build/bundles.mjs";
import { commonJs, esModules } from "./build/modules.mjs";
import { declarations } from "./build/types.mjs";
import { isStale } from "./build-if-stale.mjs";
import { path } from "./project.mjs";

/** @param {Map<string, string>} files contents by the path in dist/ */
function write(files) {
  for (const [file, text] of files) {
    const target = path("dist", file);
    const draft = `${target}.${process.pid}.tmp`;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(draft, text);
    renameSync(draft, target);
  }
}

/** @param {Map<string, string>} files all that shall be left in dist/ */
function removeOthers(files) {
  for (const file of readdirSync(path("dist"), { recursive: true })) {
    const name = String(file).replaceAll("\\", "/");
    if (statSync(path("dist", name)).isFile() && !files.has(name))
      rmSync(path("dist", name), { force: true });
  }
}

async function build() {
  const bundles = await clientBundles();
  write(bundles);
  for (const [file, text] of bundles)
    if (file.endsWith(".js"))
      console.log(
        `${file.padEnd(30)} ${String(gzipSize(text)).padStart(7)} bytes gzipped`,
      );
  const size = gzipSize(bundles.get("bundles/omnio.esm.min.js") ?? "");
  if (size > esmLimit)
    console.error(`omnio.esm.min.js is above its limit of ${esmLimit} bytes.`);

  if (!process.argv.includes("--bundles")) {
    const modules = await esModules();
    const files = new Map([
      ...bundles,
      ...modules,
      ...(await commonJs(modules)),
      ...(await declarations()),
    ]);
    write(files);
    removeOthers(files);
  }
}

try {
  const upToDate = process.argv.includes("--if-stale") && !isStale();
  if (!upToDate) await build();
} catch (error) {
  // esbuild has shown its errors already.
  if (!(error instanceof Error && "errors" in error)) console.error(error);
  process.exitCode = 1;
}

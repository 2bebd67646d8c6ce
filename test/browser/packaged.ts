/** `omnio/client` as bundlers give it to a page: all of it, under the page's name `omnio`. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export async function packagedClient(): Promise<string> {
  const entry = new URL("../../src/client/browser-package.ts", import.meta.url);
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    format: "iife",
    globalName: "omnio",
    platform: "browser",
    target: "es2022",
    write: false,
  });
  return `${outputFiles[0]?.text ?? ""}\nwindow.omnio = omnio;`;
}

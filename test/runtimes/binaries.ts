/** The programs of other runtimes, out of the packages that npm chose for this platform. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const modules = fileURLToPath(new URL("../../node_modules/", import.meta.url));

/** There may be several for one platform, as for older processors. */
function runs(file: string): boolean {
  try {
    execFileSync(file, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** @param moved where an install script takes it, if npm runs those */
function find(scope: string, names: readonly string[], moved: string): string {
  const folder = `${modules}${scope}`;
  const packages = existsSync(folder) ? readdirSync(folder) : [];
  const found = packages
    .flatMap((name) => names.map((file) => `${folder}/${name}/${file}`))
    .concat(`${modules}${moved}`)
    .filter((file) => existsSync(file))
    .find(runs);
  if (found === undefined)
    throw new Error(
      `no package in node_modules/${scope} has a program for this platform: npm install`,
    );
  return found;
}

export const bunProgram = () =>
  find("@oven", ["bin/bun", "bin/bun.exe"], "bun/bin/bun.exe");
export const denoProgram = () =>
  find("@deno", ["deno", "deno.exe"], "deno/deno");

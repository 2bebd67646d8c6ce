/**
 * Empty projects in a temporary folder, into which the packed package is
 * installed as a user would.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

/**
 * @param more of the environment
 * @returns what it printed
 * @throws {Error} it failed or took longer than `timeout` ms; the message has its output
 */
export function run(
  folder: string,
  command: string,
  args: readonly string[],
  timeout = 120_000,
  more: Record<string, string> = {},
): Promise<string> {
  const env = { ...process.env, NODE_ENV: "", NODE_OPTIONS: "", ...more };
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      { cwd: folder, env, timeout, maxBuffer: 64e6 },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const call = [command, ...args].join(" ");
        reject(new Error(`${call}\n${error.message}\n${stdout}\n${stderr}`));
      },
    );
  });
}

export class Project {
  private constructor(readonly folder: string) {}

  static async create(manifest: object): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), "omnio-")));
    await project.write("package.json", JSON.stringify(manifest));
    return project;
  }

  async write(file: string, text: string): Promise<void> {
    const target = join(this.folder, file);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }

  /** Builds the package if it has to, and packs it. @returns the tarball's path */
  async pack(): Promise<string> {
    await run(repository, process.execPath, [
      "scripts/build.mjs",
      "--if-stale",
    ]);
    const printed = await run(repository, "npm", [
      "pack",
      "--ignore-scripts",
      "--silent",
      `--pack-destination=${this.folder}`,
    ]);
    return join(this.folder, printed.trim());
  }

  /** `npm install` of what the manifest asks for. */
  async install(): Promise<void> {
    await run(this.folder, "npm", [
      "install",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--prefer-offline",
    ]);
  }

  /** Makes an installed package of the repository available here. */
  async link(name: string): Promise<void> {
    const target = join(this.folder, "node_modules", name);
    await mkdir(dirname(target), { recursive: true });
    await symlink(join(repository, "node_modules", name), target, "junction");
  }

  node(...args: string[]): Promise<string> {
    return run(this.folder, process.execPath, args, 20_000);
  }

  tsc(...args: string[]): Promise<string> {
    const compiler = join(repository, "node_modules/typescript/bin/tsc");
    return run(this.folder, process.execPath, [compiler, ...args]);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

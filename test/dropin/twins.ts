/**
 * Third parties' packages that use socket.io by themselves, installed once with
 * it, and beside them the same packages with this one in its place, as npm's
 * `overrides` would put it there. A program runs in both, and what it prints is
 * compared.
 *
 * What npm installs stays in a cache of the user's, keyed by the manifest. The
 * twin is made of hard links for each run, so that a changed build costs no
 * installation and checkouts are not in each other's way.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import {
  copyFile,
  cp,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { Project, repository, run } from "../package/project.js";

const cache = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
  "omnio-tests",
);

/** In ms; what a run that was killed has left is older. */
const LONGEST_RUN = 3_600_000;

/** In ms. */
const LONGEST_PROGRAM = 20_000;

/** In ms; for the slowest of them, from a registry that is far away. */
export const INSTALLATION = 300_000;

type Environment = Record<string, string>;
type Dependencies = Record<string, string>;

interface Manifest {
  name: string;
  exports: Record<string, unknown>;
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, "utf8")) as T;
}

/** @returns the folder with `node_modules`, of which nothing may be changed */
async function installed(name: string, deps: Dependencies): Promise<string> {
  const manifest = JSON.stringify({ private: true, dependencies: deps });
  const key = createHash("sha256").update(manifest).digest("hex").slice(0, 12);
  const folder = join(cache, `dropin-${name}-${key}`);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}.tmp`;
  await mkdir(draft, { recursive: true });
  try {
    await writeFile(join(draft, "package.json"), manifest);
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
    await run(
      draft,
      "npm",
      ["install", "--prefer-offline", "--legacy-peer-deps", ...flags],
      INSTALLATION,
    );
    // Another run may have been faster.
    if (!existsSync(folder)) await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

/** Hard links to all files below a folder, but for those that `skip` names. */
async function linkAll(
  from: string,
  to: string,
  skip: (path: string) => boolean,
): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (skip(source)) continue;
    if (entry.isDirectory()) await linkAll(source, target, skip);
    else if (entry.isSymbolicLink())
      await symlink(await readlink(source), target);
    else await link(source, target).catch(() => copyFile(source, target));
  }
}

/** This package with all that it depends on, unpacked once for a test file. */
class Packed {
  private constructor(private readonly project: Project) {}

  static async create(): Promise<Packed> {
    const project = await Project.create({});
    const tarball = await project.pack();
    const folder = join(project.folder, "package");
    await run(project.folder, "tar", ["-xzf", tarball]);
    const { dependencies } = await readJson<{ dependencies: Dependencies }>(
      join(folder, "package.json"),
    );
    const pending = Object.keys(dependencies);
    for (const name of pending) {
      const source = join(repository, "node_modules", name);
      const { dependencies: more = {} } = await readJson<{
        dependencies?: Dependencies;
      }>(join(source, "package.json"));
      for (const other of Object.keys(more))
        if (!pending.includes(other)) pending.push(other);
      await cp(source, join(folder, "node_modules", name), { recursive: true });
    }
    return new Packed(project);
  }

  /** @param as the package whose place it takes */
  async into(folder: string, as: string): Promise<void> {
    await cp(join(this.project.folder, "package"), folder, { recursive: true });
    if (as === "socket.io") return;
    // npm cannot put a part of a package in the place of another one, so this
    // is what a bundler's alias to `omnio/client` comes to.
    const file = join(folder, "package.json");
    const manifest = await readJson<Manifest>(file);
    const { exports } = manifest;
    manifest.exports = {
      ".": exports["./client"],
      "./dist/socket.io.js": "./dist/bundles/omnio.js",
      "./package.json": "./package.json",
    };
    await writeFile(file, JSON.stringify({ ...manifest, name: as }));
  }

  remove(): Promise<void> {
    return this.project.remove();
  }
}

/** A folder in which programs find the packages. */
export class Place {
  constructor(readonly folder: string) {}

  /**
   * Runs a file of it. @returns what it printed
   * @param env more of the environment
   */
  node(file: string, env: Environment = {}): Promise<string> {
    return run(this.folder, process.execPath, [file], LONGEST_PROGRAM, env);
  }

  async write(file: string, text: string): Promise<void> {
    const target = join(this.folder, file);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}

export interface TwinsOptions {
  /** Whether `socket.io-client` is replaced as well. Default: it is not. */
  readonly client?: boolean;
}

export class Twins {
  readonly reference: Place;
  readonly omnio: Place;

  private constructor(private readonly folder: string) {
    this.reference = new Place(join(folder, "reference"));
    this.omnio = new Place(join(folder, "omnio"));
  }

  /**
   * @param name of the group of packages, for the cache's folder
   * @param dependencies with their exact versions
   */
  static async of(
    name: string,
    dependencies: Dependencies,
    { client = false }: TwinsOptions = {},
  ): Promise<Twins> {
    const source = await installed(name, dependencies);
    await removeLeftOvers(source);
    const twins = new Twins(await mkdtemp(join(source, "run-")));
    const modules = join(source, "node_modules");
    await mkdir(twins.reference.folder);
    await symlink(
      modules,
      join(twins.reference.folder, "node_modules"),
      "junction",
    );
    const names = client ? ["socket.io", "socket.io-client"] : ["socket.io"];
    const replaced: [path: string, as: string][] = [];
    await linkAll(modules, join(twins.omnio.folder, "node_modules"), (path) => {
      const parts = path.split(sep);
      if (parts.at(-2) !== "node_modules") return false;
      // With an override nobody would have it installed.
      if (parts.at(-1) === "engine.io") return true;
      const as = names.find((each) => each === parts.at(-1));
      if (as) replaced.push([relative(modules, path), as]);
      return as !== undefined;
    });
    const packed = await Packed.create();
    try {
      for (const [path, as] of replaced)
        await packed.into(join(twins.omnio.folder, "node_modules", path), as);
    } finally {
      await packed.remove();
    }
    return twins;
  }

  /** Puts a folder of test/dropin/programs/ into both, and what those programs share. */
  async add(programs: string): Promise<void> {
    for (const path of [`${programs}/`, "rig.cjs", "rig.d.cts"]) {
      const source = fileURLToPath(
        new URL(`programs/${path}`, import.meta.url),
      );
      for (const { folder } of [this.reference, this.omnio])
        await cp(source, path.endsWith("/") ? folder : join(folder, path), {
          recursive: true,
        });
    }
  }

  /** What a program prints with the reference, and with this package. */
  async transcripts(
    file: string,
    env?: Environment,
  ): Promise<{ reference: string; omnio: string }> {
    const [reference, omnio] = await Promise.all([
      this.reference.node(file, { ...env, NAME: "reference" }),
      this.omnio.node(file, { ...env, NAME: "omnio" }),
    ]);
    return { reference, omnio };
  }

  /**
   * Compiles programs that have decorators, with the types of this package in
   * the place of the reference's.
   * @returns what the compiler printed: nothing
   */
  async compile(file: string): Promise<string> {
    const { folder } = this.omnio;
    const types = join(folder, "node_modules/@types/node");
    if (!existsSync(types)) {
      await mkdir(dirname(types), { recursive: true });
      const source = join(repository, "node_modules/@types/node");
      await symlink(source, types, "junction");
    }
    const printed = await run(folder, process.execPath, [
      join(repository, "node_modules/typescript/bin/tsc"),
      ...["--module", "node16", "--target", "es2022", "--types", "node"],
      ...["--experimentalDecorators", "--emitDecoratorMetadata"],
      ...["--lib", "es2022,dom", "--strict", "--skipLibCheck", file],
    ]);
    const compiled = file.replace(/\.ts$/, ".js");
    await copyFile(
      join(folder, compiled),
      join(this.reference.folder, compiled),
    );
    return printed;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function removeLeftOvers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith("run-")) continue;
    const path = join(folder, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > LONGEST_RUN) await rm(path, { recursive: true, force: true });
  }
}

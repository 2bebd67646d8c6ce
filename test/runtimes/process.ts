/** A program in another runtime, which tells in lines of JSON what happens. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { repository, run } from "../package/project.js";

export type Line = Record<string, unknown>;

/** Builds what such programs import, if it is older than the sources. */
export async function ensureBuilt(): Promise<void> {
  await run(repository, process.execPath, ["scripts/build.mjs", "--if-stale"]);
}

export const program = (name: string) =>
  fileURLToPath(new URL(`programs/${name}`, import.meta.url));

export class Program {
  readonly lines: Line[] = [];
  #errors = "";
  readonly #waiting = new Set<() => void>();

  constructor(private readonly child: ChildProcess) {
    if (child.stdout === null || child.stderr === null)
      throw new Error("expected pipes");
    createInterface(child.stdout).on("line", (line) => {
      this.lines.push(JSON.parse(line) as Line);
      this.#wake();
    });
    child.stderr.on("data", (chunk: Buffer) => (this.#errors += String(chunk)));
    child.on("exit", () => this.#wake());
  }

  static start(command: string, args: readonly string[]): Program {
    return new Program(
      spawn(command, args, {
        cwd: repository,
        env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1" },
        stdio: ["pipe", "pipe", "pipe"],
      }),
    );
  }

  /** The first line that has all of these, now or later. */
  async line(wanted: Line): Promise<Line> {
    for (;;) {
      const found = this.lines.find((line) =>
        Object.entries(wanted).every(([key, value]) => line[key] === value),
      );
      if (found !== undefined) return found;
      if (this.child.exitCode !== null)
        throw new Error(
          `the program ended before ${JSON.stringify(wanted)}: ${JSON.stringify(this.lines)}\n${this.#errors}`,
        );
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Asks it to close its server, and waits for its end. @returns its exit code */
  async stop(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const exit = once(this.child, "exit");
    this.child.stdin?.end("stop\n");
    const kill = setTimeout(() => this.child.kill("SIGKILL"), 5000);
    await exit;
    clearTimeout(kill);
    return this.child.exitCode;
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

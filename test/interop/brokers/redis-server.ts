/** A Redis of our own for a test file, on a socket in a folder of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const program = process.env.REDIS_SERVER;

export class RedisServer {
  readonly #folder = mkdtempSync(join(tmpdir(), "redis-"));
  #child: ChildProcess | undefined;

  get path(): string {
    return join(this.#folder, "socket");
  }

  /** Resolves when it takes commands. */
  async start(): Promise<void> {
    const child = (this.#child = spawn(
      program ?? "redis-server",
      [
        ["--port", "0"],
        ["--unixsocket", this.path],
        ["--dir", this.#folder],
        ["--save", ""],
      ].flat(),
      { stdio: ["ignore", "pipe", "inherit"] },
    ));
    for await (const line of createInterface(child.stdout))
      if (/ready to accept connections/i.test(line))
        return void child.stdout.resume();
    throw new Error("redis-server ended before it was ready");
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child !== undefined && child.exitCode === null)
      await new Promise((resolve) => {
        child.once("exit", resolve);
        child.kill();
      });
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

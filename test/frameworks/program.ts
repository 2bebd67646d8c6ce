/** An example in a process of its own, which prints its address. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { repository } from "../package/project.js";

export class Example {
  #printed = "";

  private constructor(private readonly child: ChildProcess) {
    const read = (chunk: Buffer) => (this.#printed += String(chunk));
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
  }

  /** Starts it on a free port, and waits until it listens. */
  static async start(
    command: string,
    args: readonly string[],
    cwd = repository,
  ): Promise<Example> {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, NODE_OPTIONS: "", PORT: "0", NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const example = new Example(child);
    const ended = once(child, "close");
    while (!example.#port) {
      if (child.exitCode !== null) {
        await ended;
        throw new Error(`the example ended:\n${example.#printed}`);
      }
      await Promise.race([once(child.stdout, "data"), ended]);
    }
    return example;
  }

  get #port(): string | undefined {
    return /http:\/\/\S+:(\d+)/.exec(this.#printed)?.[1];
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exit = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await exit;
  }
}

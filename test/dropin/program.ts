/**
 * Programs that were written for socket.io, as they are and with nothing but
 * the names of the imported packages changed.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { Project } from "../package/project.js";

export function source(program: string): Promise<string> {
  return readFile(new URL(`programs/${program}`, import.meta.url), "utf8");
}

/** The one change that a program needs. */
export function withOmnio(program: string): string {
  return program
    .replaceAll('"socket.io-client"', '"omnio/client"')
    .replaceAll('"socket.io"', '"omnio"');
}

/** A server in a process of its own. */
export class RunningProgram {
  printed = "";

  private constructor(private readonly child: ChildProcess) {
    const read = (chunk: Buffer) => (this.printed += chunk.toString());
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
  }

  /** Starts it, and waits until it has printed its address. */
  static async start(project: Project, file: string): Promise<RunningProgram> {
    const child = spawn(process.execPath, [file], {
      cwd: project.folder,
      env: { ...process.env, NODE_OPTIONS: "", PORT: "0" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const program = new RunningProgram(child);
    await program.until(/http:\/\/\S+:\d+/);
    return program;
  }

  get url(): string {
    const port = /http:\/\/\S+:(\d+)/.exec(this.printed)?.[1] ?? "";
    return `http://localhost:${port}`;
  }

  /** Waits until its output matches. */
  async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.printed)) {
      if (this.child.exitCode !== null)
        throw new Error(`the program ended:\n${this.printed}`);
      await Promise.race([
        once(this.child.stdout!, "data"),
        once(this.child, "exit"),
      ]);
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exit = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await exit;
  }
}

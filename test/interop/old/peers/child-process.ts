/**
 * Old libraries run in a process of their own, where the shims that they need
 * on today's Node.js disturb nobody. One process serves a peer for as long as
 * its tests run; one that died is replaced at the next start.
 */
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Remote, type Message } from "./remote.js";

export type Shim = "emitter" | "create-client" | "old-node";

export interface Program {
  /** A file in drivers/, without its ending. */
  readonly driver: string;
  readonly folder: string;
  readonly shims: readonly Shim[];
}

const path = (file: string): string =>
  fileURLToPath(new URL(`../${file}`, import.meta.url));

export class DrivenProcess {
  #running: { child: ChildProcess; remote: Promise<Remote> } | undefined;

  constructor(private readonly program: Program) {}

  remote(): Promise<Remote> {
    const { child } = this.#running ?? {};
    if (child === undefined || child.exitCode !== null || !child.connected)
      this.#running = this.#start();
    return this.#running?.remote ?? Promise.reject(new Error("not started"));
  }

  async shutDown(): Promise<void> {
    const child = this.#running?.child;
    this.#running = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  #start(): { child: ChildProcess; remote: Promise<Remote> } {
    const { driver, folder, shims } = this.program;
    const child = fork(path("drivers/child.cjs"), [driver, folder], {
      execArgv: [
        "--no-warnings",
        ...shims.flatMap((shim) => ["-r", path(`shims/${shim}.cjs`)]),
      ],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let words = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      words = (words + text).slice(-4_000);
    });
    const remote = new Remote((message) => {
      if (child.connected) child.send(message);
    });
    const ready = new Promise<Remote>((resolve, reject) => {
      child.on("message", (message: Message) => {
        if (message["ready"] === true) resolve(remote);
        // One at a time: who waited for one may listen for the next.
        else setImmediate(() => remote.receive(message));
      });
      // After "close" its last words are here.
      child.on("close", (code) => {
        const error = new Error(
          `${driver} of ${folder} ended (${String(code)}): ${words}`,
        );
        remote.lose(error);
        reject(error);
      });
    });
    return { child, remote: ready };
  }
}

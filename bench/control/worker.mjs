/**
 * The runner's end of the control protocol: one child process, asked by name.
 * Every question has a time limit, and a child that ends early fails the
 * question that is open with what it wrote to stderr.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { clearTimeout, setTimeout } from "node:timers";

const ANSWER_WITHIN_MS = 60_000;
const KEPT_STDERR = 2000;

export class Worker {
  #child;
  #name;
  #stderr = "";
  #nextId = 0;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  #open = new Map();

  /**
   * @param {string} name how errors call it
   * @param {URL} file the program
   */
  constructor(name, file) {
    this.#name = name;
    this.#child = fork(file, [], {
      execArgv: ["--expose-gc"],
      env: { ...process.env, NODE_ENV: "production" },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child.stderr?.on("data", (text) => {
      this.#stderr = (this.#stderr + text).slice(-KEPT_STDERR);
    });
    this.#child.on("message", (/** @type {any} */ { id, result, error }) => {
      const question = this.#open.get(id);
      this.#open.delete(id);
      if (error === undefined) question?.resolve(result);
      else question?.reject(new Error(`${name}: ${error}`));
    });
    this.#child.once("close", (code, signal) => {
      const end = `${name} ended with ${signal ?? `code ${code}`}`;
      for (const { reject } of this.#open.values())
        reject(new Error(`${end}\n${this.#stderr}`));
      this.#open.clear();
    });
  }

  /**
   * @param {string} command
   * @param {unknown} [argument]
   * @returns {Promise<any>}
   */
  async ask(command, argument) {
    const id = this.#nextId++;
    /** @type {Promise<any>} */
    const reply = new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      if (!this.#child.connected) {
        reject(new Error(`${this.#name} is not running\n${this.#stderr}`));
        return;
      }
      this.#child.send({ id, command, argument });
    });
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(
        () =>
          reject(
            new Error(`${this.#name} gave no answer to ${command} within 60 s`),
          ),
        ANSWER_WITHIN_MS,
      );
    });
    try {
      return await Promise.race([reply, late]);
    } finally {
      clearTimeout(timer);
      this.#open.delete(id);
    }
  }

  /** Ends the process; a benchmark has nothing to save. */
  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null)
      return;
    const closed = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    await closed;
  }
}

/**
 * A process of Python that plays one kind of client or server for all tests.
 * It is started when it is first asked for something.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Told } from "./told.js";
import { pack, unpack } from "./values.js";

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

interface Message {
  id?: number;
  result?: unknown;
  error?: string;
  end?: string;
  event?: string;
  args?: unknown;
  nsp?: string;
  sid?: string;
}

export type Params = Record<string, unknown>;

export class PythonProcess {
  readonly #waiting = new Map<number, Waiting>();
  readonly #ends = new Map<string, Told>();
  #child: ChildProcess | undefined;
  #words = "";
  #count = 0;

  /** @param kind the class of python-socketio */
  constructor(
    private readonly driver: "clients" | "servers",
    readonly kind: string,
  ) {}

  /** The answer comes when it is done. */
  ask(command: string, params: Params): Promise<unknown> {
    const child = (this.#child ??= this.#start());
    return new Promise((resolve, reject) => {
      const id = ++this.#count;
      this.#waiting.set(id, { resolve, reject });
      const line = JSON.stringify({ command, id, params: pack(params) });
      child.stdin?.write(`${line}\n`);
    });
  }

  /** What happens at one end. */
  told(end: string): Told {
    const told = this.#ends.get(end) ?? new Told(end);
    this.#ends.set(end, told);
    return told;
  }

  /** It keeps its connections, and says nothing until the function is called. */
  freeze(): () => void {
    this.#child?.kill("SIGSTOP");
    return () => void this.#child?.kill("SIGCONT");
  }

  async shutDown(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  #start(): ChildProcess {
    const program = process.env["PYTHON"];
    if (program === undefined)
      throw new Error(
        "No Python with python-socketio was found: `npm test` installs it on Debian, as root; elsewhere install the packages that scripts/python.mjs names, or set PYTHON to a Python that has them.",
      );
    const file = fileURLToPath(
      new URL(`drivers/${this.driver}.py`, import.meta.url),
    );
    const child = spawn(program, ["-B", file, this.kind], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#words = (this.#words + text).slice(-4_000);
    });
    child.stdin.on("error", () => {
      // Told by "close", with its last words.
    });
    createInterface({ input: child.stdout }).on("line", (line) =>
      this.#receive(JSON.parse(line) as Message),
    );
    child.on("error", (error) => this.#lose(error));
    child.on("close", (code) =>
      this.#lose(
        new Error(`${this.kind} ended (${String(code)}): ${this.#words}`),
      ),
    );
    return child;
  }

  #receive({ id, result, error, end, event, args, ...where }: Message): void {
    if (id !== undefined) {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(unpack(result));
      else waiting?.reject(new Error(error));
    } else if (end !== undefined && event !== undefined) {
      this.told(end).happened(event, unpack(args) as unknown[], where);
    }
  }

  #lose(error: Error): void {
    this.#child = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

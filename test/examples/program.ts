/** Examples as people run them: programs of their own, with the built package. */
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";
import { repository, run } from "../package/project.js";

const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill();
  running.clear();
});

/** Builds what programs import, if it is not there. */
export async function build(): Promise<void> {
  await run(repository, process.execPath, ["scripts/build.mjs", "--if-stale"]);
}

export interface Program {
  /** The lines that it has printed. */
  readonly lines: readonly string[];
  /** Resolves when it has printed such a line. */
  printed(line: string | RegExp): Promise<string>;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

/** @param path - below `examples/` */
export function start(path: string, ...args: string[]): Program {
  const file = fileURLToPath(
    new URL(`../../examples/${path}`, import.meta.url),
  );
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const lines: string[] = [];
  const awaited: (() => void)[] = [];
  let rest = "";
  const read = (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    for (const look of awaited) look();
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  return {
    lines,
    ended,
    printed: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find((line) =>
            typeof wanted === "string" ? line === wanted : wanted.test(line),
          );
          if (found !== undefined) resolve(found);
        };
        awaited.push(look);
        look();
        void ended.then(() =>
          reject(
            new Error(
              `${path} ended before it printed ${String(wanted)}:\n${lines.join("\n")}`,
            ),
          ),
        );
      }),
  };
}

/**
 * The table of rooms: which folder below src/ may import which, and what each
 * must do without. ARCHITECTURE.md shows the same as a picture.
 */
import { posix } from "node:path";
import { readSource } from "./source.js";

interface Room {
  /** The rooms that it may import. */
  readonly imports: readonly string[];
  /** Of these it may use the types alone. */
  readonly types?: readonly string[];
  /** Bytes and strings in, values out: no I/O, no clock, no randomness. */
  readonly pure?: boolean;
  /** The part of it that knows Node.js, if not the whole of it. */
  readonly node?: RegExp;
}

export const rooms: Readonly<Record<string, Room>> = {
  dialects: { imports: [], pure: true },
  session: { imports: ["dialects"], pure: true },
  hub: { imports: ["dialects"], pure: true },
  naming: { imports: [], pure: true },
  options: { imports: [], pure: true },
  contract: { imports: [], types: ["dialects"], pure: true },
  logging: { imports: [] },
  carriers: { imports: ["session", "dialects"] },
  server: {
    imports: [
      "hub",
      "session",
      "dialects",
      "naming",
      "options",
      "contract",
      "logging",
      "carriers",
    ],
  },
  // What both ends need of Node.js, for their parts that know it.
  node: { imports: [], types: ["carriers"] },
  client: {
    imports: [
      "session",
      "dialects",
      "naming",
      "options",
      "contract",
      "logging",
      "carriers",
      "node",
    ],
    node: /^src\/client\/node\//,
  },
  cluster: { imports: [], types: ["hub", "dialects"] },
  // A runtime wires the rooms up: it speaks of lines and sessions, and runs neither.
  runtimes: {
    imports: ["server", "carriers", "dialects", "node"],
    types: ["session", "hub"],
  },
  tools: { imports: ["server", "client"] },
};

/** What pure code cannot have: it is handed in. */
const outside = [
  "Buffer",
  "Date",
  "clearInterval",
  "clearTimeout",
  "crypto",
  "performance",
  "process",
  "queueMicrotask",
  "setImmediate",
  "setInterval",
  "setTimeout",
];

/**
 * A dialect is a folder in dialects/, with one entry, and nobody but the table
 * of all dialects and the client, which chooses what it carries, has it by name.
 */
function reachesInto(path: string, file: string): boolean {
  const [, dialect, inner] = /^src\/dialects\/(\w+)\/(.+)$/.exec(path) ?? [];
  if (dialect === undefined || file.startsWith(`src/dialects/${dialect}/`))
    return false;
  const chooses =
    file === "src/dialects/index.ts" || file.startsWith("src/client/");
  return inner !== "index.js" || !chooses;
}

/**
 * @param file its path from the project's root, with slashes
 * @returns a sentence for each rule that it breaks
 */
export function violations(file: string, code: string): string[] {
  const [, name = ""] = file.split("/");
  const room = rooms[name];
  const source = readSource(file, code);
  const broken: string[] = [];

  for (const { from, typeOnly } of source.imports) {
    if (!from.startsWith(".")) {
      if (!from.startsWith("node:") || typeOnly) continue;
      if (room?.pure) broken.push(`imports ${from}`);
      if (name === "server" && from !== "node:events")
        broken.push(
          `imports ${from}: runtimes/ knows Node.js, server/ does not`,
        );
      if (room?.node && !room.node.test(file))
        broken.push(`imports ${from} outside the part for Node.js`);
      continue;
    }
    if (!room) continue;
    const path = posix.join(posix.dirname(file), from);
    const [, target = ""] = path.split("/");
    const allowed =
      target === name ||
      room.imports.includes(target) ||
      (typeOnly && room.types?.includes(target));
    if (target === "node" && room.node && !room.node.test(file))
      broken.push(`imports ${target} (${from}) outside the part for Node.js`);
    else if (!allowed) broken.push(`imports ${target} (${from})`);
    else if (reachesInto(path, file))
      broken.push(`reaches into a dialect (${from})`);
  }
  if (room?.pure) {
    for (const word of outside)
      if (source.names.has(word)) broken.push(`uses ${word}`);
    if (source.members.has("Math.random")) broken.push("uses Math.random");
  }
  if (name !== "dialects")
    for (const check of source.versionChecks)
      broken.push(`asks which version: ${check}`);
  return broken.map((rule) => `${file} ${rule}`);
}

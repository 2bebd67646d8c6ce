/**
 * Options that the reference's packages declare, read from their declaration
 * files: each is one of ours too.
 */
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const here = fileURLToPath(new URL("declared.ts", import.meta.url));

/** Who declares them, and which of ours takes them. */
const PROGRAM = `
import type { ServerOptions } from "socket.io";
import type { ManagerOptions, SocketOptions } from "socket.io-client";
import type { ServerOptions as Ours } from "../../src/server/options.js";
import type { ManagerOptions as OurManager, SocketOptions as OurSocket } from "../../src/client/options.js";

export type server = [ServerOptions, Ours];
export type manager = [ManagerOptions, OurManager];
export type socket = [SocketOptions, OurSocket];
`;

/** The names of the members of each pair. */
function declared(): Record<string, readonly [string[], string[]]> {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
  };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => file === here || disk.fileExists(file),
    readFile: (file) => (file === here ? PROGRAM : disk.readFile(file)),
    getSourceFile: (file, target) =>
      file === here
        ? ts.createSourceFile(file, PROGRAM, target)
        : disk.getSourceFile(file, target),
  };
  const program = ts.createProgram([here], options, host);
  const checker = program.getTypeChecker();
  const found: Record<string, readonly [string[], string[]]> = {};
  for (const statement of program.getSourceFile(here)?.statements ?? []) {
    if (!ts.isTypeAliasDeclaration(statement)) continue;
    const pair = checker.getTypeAtLocation(statement.name);
    const [theirs, ours] = checker
      .getTypeArguments(pair as ts.TypeReference)
      .map((type) => checker.getPropertiesOfType(type).map(({ name }) => name));
    found[statement.name.text] = [theirs ?? [], ours ?? []];
  }
  return found;
}

const pairs = declared();

test.each([
  ["server", "httpRequestBodyTimeout", "connectionStateRecovery"],
  ["manager", "reconnectionDelayMax", "transportImplementations"],
  ["socket", "ackTimeout", "retries"],
])("every option of the %s is taken", (name, ...known) => {
  const [theirs, ours] = pairs[name] ?? [[], []];
  // The files have been found and read.
  expect(theirs).toEqual(expect.arrayContaining(known));
  expect(theirs.filter((one) => !ours.includes(one))).toEqual([]);
});

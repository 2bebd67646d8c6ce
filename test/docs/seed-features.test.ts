/** The table of what those that came before can do: what it names exists. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const text = readFileSync(`${root}docs/reference/seed-features.md`, "utf8");

/** Cells, without the header and the line below it. */
const rows = text
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  .slice(2);

const ENTRIES = ["index.ts", "client/index.ts", "contract/index.ts"];

/** What the package exports, and what that has: `Server`, `Server.handle`. */
function exported(): (name: string) => boolean {
  const files = ENTRIES.map((entry) => `${root}src/${entry}`);
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, (file) =>
    readFileSync(file, "utf8"),
  ) as { config: { compilerOptions: object } };
  const { options } = ts.convertCompilerOptionsFromJson(
    config.compilerOptions,
    root,
  );
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const symbols = new Map<string, ts.Symbol[]>();
  for (const file of files) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    for (const symbol of module ? checker.getExportsOfModule(module) : [])
      symbols.set(symbol.name, [...(symbols.get(symbol.name) ?? []), symbol]);
  }
  return (name) => {
    const [base = "", member] = name.split(".");
    const found = symbols.get(base) ?? [];
    if (member === undefined) return found.length > 0;
    return found.some((symbol) => {
      const real =
        symbol.flags & ts.SymbolFlags.Alias
          ? checker.getAliasedSymbol(symbol)
          : symbol;
      return checker.getDeclaredTypeOfSymbol(real).getProperty(member);
    });
  };
}

test("every row has all five cells", () => {
  // As many as the documents have features.
  expect(rows).toHaveLength(87);
  for (const row of rows) {
    expect(row).toHaveLength(5);
    for (const cell of row) expect(cell, row.join(" | ")).not.toBe("");
  }
});

test(
  "every API is exported, or is a member of what is",
  { timeout: 60_000 },
  () => {
    const has = exported();
    expect(
      ["Server", "Nobody", "Server.handle", "Server.nothing"].map(has),
    ).toEqual([true, false, true, false]);
    const missing: string[] = [];
    for (const [, feature = "", , api = ""] of rows) {
      const names = [...api.matchAll(/`([^`]+)`/g)].map(
        ([, name = ""]) => name,
      );
      expect(names, feature).not.toEqual([]);
      missing.push(...names.filter((name) => !has(name)));
    }
    expect(missing).toEqual([]);
  },
);

test("every test is there, by its file and its title", () => {
  const missing: string[] = [];
  for (const [, feature = "", , , shown = ""] of rows) {
    const tests = [...shown.matchAll(/`(test\/[^`]+)`: "([^"]+)"/g)];
    expect(tests, feature).not.toEqual([]);
    for (const [whole, file = "", title = ""] of tests) {
      const code = existsSync(root + file)
        ? readFileSync(root + file, "utf8")
        : "";
      // As it is, or behind the name of a runtime.
      const written = [`"${title}"`, `\`${title}\``, `}, ${title}\``];
      if (!written.some((quoted) => code.includes(quoted))) missing.push(whole);
    }
  }
  expect(missing).toEqual([]);
});

test("every example is there", () => {
  const examples = [...text.matchAll(/`(examples\/[^`]+)`/g)];
  expect(examples).not.toEqual([]);
  for (const [, path = ""] of examples)
    expect(existsSync(root + path), path).toBe(true);
});

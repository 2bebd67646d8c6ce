/** Collects the results of a run: a row for each feature, a column for each peer and transport. */
import { mkdirSync, writeFileSync } from "node:fs";

/** `known`: fails, and the fault is in the peer. */
export type Cell = "ok" | "FAIL" | "known" | "—";

export class Table {
  readonly #cells = new Map<string, Cell>();
  readonly #notes = new Set<string>();

  record(row: string, column: string, cell: Cell): void {
    this.#cells.set(`${row}|${column}`, cell);
  }

  note(text: string): void {
    this.#notes.add(text);
  }

  /** Markdown that is also aligned for the terminal. */
  render(
    title: string,
    rows: readonly string[],
    columns: readonly string[],
  ): string {
    const width = Math.max(...rows.map((name) => name.length));
    const line = (first: string, cells: readonly string[]) =>
      `| ${[first.padEnd(width), ...cells].join(" | ")} |`;
    return [
      `# ${title}`,
      "",
      line("", columns),
      line(
        "-".repeat(width),
        columns.map((name) => "-".repeat(name.length)),
      ),
      ...rows.map((name) =>
        line(
          name,
          columns.map((column) =>
            (this.#cells.get(`${name}|${column}`) ?? "").padEnd(column.length),
          ),
        ),
      ),
      "",
      ...[...this.#notes].map((note) => `- ${note}`),
    ].join("\n");
  }

  write(file: string, text: string): void {
    mkdirSync("test-output", { recursive: true });
    writeFileSync(`test-output/${file}`, `${text}\n`);
  }
}

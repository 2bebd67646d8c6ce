/**
 * Collects the results of a run and prints them: one block for each
 * transport, rows are pairs of peers, columns are features.
 */
import { mkdirSync, writeFileSync } from "node:fs";

/** `known`: fails, and the fault is in the peers themselves. */
export type Cell = "ok" | "FAIL" | "known" | "—";

export class Matrix {
  readonly #cells = new Map<string, Cell>();
  readonly #notes = new Map<string, Set<string>>();

  /** `pair`: who talks to whom. */
  record(pair: string, transport: string, feature: string, cell: Cell): void {
    this.#cells.set(`${transport}|${pair}|${feature}`, cell);
  }

  note(pair: string, transport: string, note: string): void {
    const where = this.#notes.get(note) ?? new Set<string>();
    this.#notes.set(note, where.add(`${pair}, ${transport}`));
  }

  /** Markdown that is also aligned for the terminal. */
  render(
    title: string,
    rows: readonly (readonly [pair: string, transports: readonly string[]])[],
    features: readonly string[],
  ): string {
    const width = Math.max(...rows.map(([pair]) => pair.length), 24);
    const transports = new Set(rows.flatMap(([, all]) => all));
    const lines = [`# ${title}`, ""];
    for (const transport of transports) {
      lines.push(row(transport.padEnd(width), features));
      lines.push(
        row(
          "-".repeat(width),
          features.map((name) => "-".repeat(name.length)),
        ),
      );
      for (const [pair, all] of rows) {
        if (!all.includes(transport)) continue;
        const cells = features.map((name) =>
          (this.#cells.get(`${transport}|${pair}|${name}`) ?? "").padEnd(
            name.length,
          ),
        );
        lines.push(row(pair.padEnd(width), cells));
      }
      lines.push("");
    }
    lines.push(...this.#sums(rows, [...transports], features, width), "");
    for (const [note, where] of this.#notes)
      lines.push(`- ${note} (${[...where].join("; ")})`);
    return lines.join("\n");
  }

  /** How many features hold. */
  #sums(
    rows: readonly (readonly [pair: string, transports: readonly string[]])[],
    transports: readonly string[],
    features: readonly string[],
    width: number,
  ): string[] {
    const head = row("features that hold".padEnd(width), transports);
    const rule = row(
      "-".repeat(width),
      transports.map((name) => "-".repeat(name.length)),
    );
    const sums = rows.map(([pair, all]) =>
      row(
        pair.padEnd(width),
        transports.map((transport) => {
          const held = features.filter(
            (name) => this.#cells.get(`${transport}|${pair}|${name}`) === "ok",
          );
          const sum = all.includes(transport) ? String(held.length) : "";
          return sum.padEnd(transport.length);
        }),
      ),
    );
    return [head, rule, ...sums];
  }

  write(file: string, text: string): void {
    mkdirSync("test-output", { recursive: true });
    writeFileSync(`test-output/${file}`, `${text}\n`);
  }
}

function row(first: string, rest: readonly string[]): string {
  return `| ${[first, ...rest].join(" | ")} |`;
}

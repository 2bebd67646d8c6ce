/**
 * Collects the results of a run and prints them: one block for each
 * transport, rows are pairs of peers, columns are features.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { pairName, type Pair, type Transport } from "./peers/peer.js";
import type { Feature } from "./features/feature.js";

/** `known`: fails, and the fault is in the peers themselves. */
export type Cell = "ok" | "FAIL" | "known" | "—";

export class Matrix {
  readonly #cells = new Map<string, Cell>();
  readonly #reasons = new Map<string, Set<string>>();

  record(pair: Pair, transport: Transport, feature: string, cell: Cell): void {
    this.#cells.set(`${transport}|${pairName(pair)}|${feature}`, cell);
  }

  absent(
    pair: Pair,
    transport: Transport,
    feature: string,
    reason: string,
  ): void {
    this.record(pair, transport, feature, "—");
    const where = this.#reasons.get(reason) ?? new Set<string>();
    this.#reasons.set(reason, where.add(`${pairName(pair)}, ${transport}`));
  }

  /** Markdown that is also aligned for the terminal. */
  render(
    title: string,
    pairs: readonly Pair[],
    features: readonly Feature[],
  ): string {
    const transports: Transport[] = [
      "polling",
      "websocket",
      "upgrade",
      "jsonp",
    ];
    const width = Math.max(...pairs.map((pair) => pairName(pair).length), 24);
    const lines = [`# ${title}`, ""];
    for (const transport of transports) {
      const head = features.map(({ name }) => name);
      lines.push(row(transport.padEnd(width), head));
      lines.push(
        row(
          "-".repeat(width),
          head.map((name) => "-".repeat(name.length)),
        ),
      );
      for (const pair of pairs) {
        const cells = features.map(({ name }) =>
          (
            this.#cells.get(`${transport}|${pairName(pair)}|${name}`) ?? ""
          ).padEnd(name.length),
        );
        lines.push(row(pairName(pair).padEnd(width), cells));
      }
      lines.push("");
    }
    for (const [reason, where] of this.#reasons)
      lines.push(`- —: ${reason} (${[...where].join("; ")})`);
    return lines.join("\n");
  }

  write(file: string, text: string): void {
    mkdirSync("test-output", { recursive: true });
    writeFileSync(`test-output/${file}`, `${text}\n`);
  }
}

function row(first: string, rest: readonly string[]): string {
  return `| ${[first, ...rest].join(" | ")} |`;
}

/**
 * The same tables in Markdown, as the README quotes them.
 */
import { sectionsOf, titleOf } from "./columns.mjs";

/** @param {string[]} cells */
const row = (cells) => `| ${cells.join(" | ")} |`;

/** @param {import("../runner.mjs").Result[]} results */
export function renderMarkdown(results) {
  return sectionsOf(results)
    .map(({ title, who, columns, results: rows }) =>
      [
        `**${title}**`,
        "",
        row(["scenario", who, ...columns.map((column) => column.title)]),
        row(["---", "---", ...columns.map(() => "---:")]),
        ...rows.flatMap((result) =>
          result.standings.map((standing, place) =>
            row([
              place === 0 ? titleOf(result) : "",
              standing.contender,
              ...columns.map((column) => column.text(standing)),
            ]),
          ),
        ),
      ].join("\n"),
    )
    .join("\n\n");
}

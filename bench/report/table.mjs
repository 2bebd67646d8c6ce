/**
 * The tables on the terminal.
 */
import Table from "cli-table3";
import { sectionsOf, titleOf } from "./columns.mjs";

/** @param {import("../runner.mjs").Result[]} results */
export function renderTables(results) {
  return sectionsOf(results)
    .map(({ title, who, columns, results: rows }) => {
      const table = new Table({
        head: ["scenario", who, ...columns.map((column) => column.title)],
        colAligns: [
          "left",
          "left",
          ...columns.map(() => /** @type {const} */ ("right")),
        ],
        style: { head: [], border: [], compact: true },
      });
      for (const result of rows) {
        result.standings.forEach((standing, place) => {
          table.push([
            place === 0 ? titleOf(result) : "",
            standing.contender,
            ...columns.map((column) => column.text(standing)),
          ]);
        });
      }
      return `${title}\n${table.toString()}`;
    })
    .join("\n\n");
}

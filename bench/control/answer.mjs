/**
 * The child's end of the control protocol: every process of the benchmark
 * (a server, the load generator) answers named commands that the runner sends
 * over IPC. A process whose runner is gone ends too.
 */
import process from "node:process";

/** @typedef {(argument: any) => unknown} Command */

/** @param {Record<string, Command>} commands */
export function answer(commands) {
  process.on(
    "message",
    async (/** @type {any} */ { id, command, argument }) => {
      const run = commands[command];
      try {
        if (!run) throw new Error(`unknown command ${command}`);
        process.send?.({ id, result: (await run(argument)) ?? null });
      } catch (error) {
        process.send?.({
          id,
          error: error instanceof Error ? error.message : String(error),
        });
      }
    },
  );
  process.once("disconnect", () => process.exit());
}

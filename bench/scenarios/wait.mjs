/**
 * Waiting until a server has noticed what its clients did.
 */
import { setTimeout as delay } from "node:timers/promises";

const TRIES = 200;
const BETWEEN_MS = 50;

/**
 * @param {import("../control/worker.mjs").Worker} server
 * @param {number} expected
 */
export async function waitForConnections(server, expected) {
  let open = -1;
  for (let i = 0; i < TRIES; i++) {
    open = await server.ask("connections");
    if (open === expected) return;
    await delay(BETWEEN_MS);
  }
  throw new Error(
    `the server counts ${open} connections instead of ${expected}`,
  );
}

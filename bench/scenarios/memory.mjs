/**
 * Scenarios about memory: what a server process holds for connections that
 * are open and silent, after a full garbage collection.
 */
import { setTimeout as delay } from "node:timers/promises";
import { waitForConnections } from "./wait.mjs";

const AT_ONCE = 64;
const WARM_UP = 200;
/** Long enough for what only lives during a handshake. */
const SETTLE_MS = 500;
const KB = 1000;

/**
 * @param {object} idle
 * @param {string} idle.name
 * @param {string} idle.title
 * @param {number} idle.connections
 * @param {number} idle.quick
 * @param {{ count: number, declared: boolean }} [idle.handlers] in place of the
 *   application's own
 * @param {string} [idle.against]
 * @returns {import("./scenario.mjs").Scenario}
 */
export function idle({ name, title, connections, quick, handlers, against }) {
  /** @param {import("./scenario.mjs").Scale} scale */
  const countOf = ({ size }) => (size === "full" ? connections : quick);
  return {
    name,
    title,
    family: handlers ? "handlers" : "memory",
    polling: false,
    ...(handlers && { whole: true }),
    ...(against !== undefined && { against }),
    sockets: countOf,
    async measure({ server, load, port }, scale) {
      const count = countOf(scale);
      if (handlers) await server.ask("handlers", handlers);
      const how = { port, transport: "websocket", atOnce: AT_ONCE };
      await load.ask("connect", { ...how, count: WARM_UP });
      await load.ask("disconnect");
      await waitForConnections(server, 0);
      await delay(SETTLE_MS);
      const before = await server.ask("memory");

      await load.ask("connect", { ...how, count });
      await waitForConnections(server, count);
      await delay(SETTLE_MS);
      const after = await server.ask("memory");
      return {
        heap: (after.heap - before.heap) / count / KB,
        rss: (after.rss - before.rss) / count / KB,
      };
    },
  };
}

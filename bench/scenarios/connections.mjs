/**
 * Scenarios about making connections: CPU time from the TCP handshake to the
 * joined main namespace, and how long a client waits for it.
 */
import { SOCKETS_PER_CLIENT } from "../load/connect.mjs";
import { measured } from "./scenario.mjs";
import { waitForConnections } from "./wait.mjs";

/**
 * @typedef {object} Arrival
 * @property {string} name
 * @property {string} title
 * @property {import("../load/connect.mjs").Transport} transport
 * @property {number} connections measured, after {@link WARM_UP_WAVES} times half as many
 * @property {number} atOnce how many are on their way at any time
 */

const QUICK_SHARE = 20;

/**
 * A connection is made by more code than any message, and one wave takes less
 * than half a second. After a single one, what is measured is V8's compilers,
 * not a server that has been up for some seconds: socket.io's price falls by
 * an eighth from one wave to eight, omnio's by a fifth.
 */
const WARM_UP_WAVES = 8;

/**
 * @param {Arrival} arrival
 * @returns {import("./scenario.mjs").Scenario}
 */
export function arrival({ name, title, transport, connections, atOnce }) {
  /** @param {import("./scenario.mjs").Scale} scale */
  const countOf = ({ size }) =>
    size === "full" ? connections : connections / QUICK_SHARE;
  return {
    name,
    title,
    family: "connections",
    polling: transport !== "websocket",
    sockets: (scale) => countOf(scale) * SOCKETS_PER_CLIENT[transport],
    async measure(session, scale) {
      const { server, load, port } = session;
      const count = countOf(scale);
      for (let wave = 0; wave < WARM_UP_WAVES; wave++) {
        await load.ask("connect", {
          port,
          transport,
          count: count / 2,
          atOnce,
        });
        await load.ask("disconnect");
        await waitForConnections(server, 0);
      }
      await server.ask("gc");

      const measurement = await measured(session, () =>
        load.ask("connect", { port, transport, count, atOnce }),
      );
      await waitForConnections(server, count);
      await load.ask("verify", { kind: "echo" });
      const { outcome } = measurement;
      return {
        cpu: measurement.server.cpu / count,
        user: measurement.server.user / count,
        system: measurement.server.system / count,
        rate: count / outcome.elapsed,
        p50: outcome.p50,
        p99: outcome.p99,
        load: outcome.cpu / measurement.server.cpu,
      };
    },
  };
}

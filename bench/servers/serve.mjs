/**
 * The control protocol of a contender's server process. Everything that is
 * measured at a server is measured here, in the process itself and with the
 * operating system's own figures, so that no contender is measured otherwise.
 */
import { once } from "node:events";
import process from "node:process";
import { setInterval } from "node:timers";
import { answer } from "../control/answer.mjs";
import { collect } from "../control/collect.mjs";

/**
 * @typedef {object} Application
 * @property {import("node:http").Server} httpServer not yet listening
 * @property {() => number | Promise<number>} connections how many connections are open
 * @property {() => number} handled how many messages the handlers have seen
 * @property {(count: number) => void} [rooms] puts everybody into rooms
 * @property {(count: number) => void} [namespaces] makes them
 * @property {(how: { count: number, declared: boolean }) => void} [handlers]
 *   for every connection: declared once where the server can
 */

const PEAK_EVERY_MS = 100;

/** @param {Application} application */
export function serve({
  httpServer,
  connections,
  handled,
  rooms,
  namespaces,
  handlers,
}) {
  let cpuAtBegin = process.cpuUsage();
  let handledAtBegin = 0;
  let peak = 0;
  setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, PEAK_EVERY_MS);

  answer({
    async start() {
      httpServer.listen(0, "127.0.0.1");
      await once(httpServer, "listening");
      const address = httpServer.address();
      if (address === null || typeof address === "string")
        throw new Error("no TCP address");
      return { port: address.port };
    },
    gc: collect,
    /** @param {number} count */
    rooms: (count) => rooms?.(count),
    /** @param {number} count */
    namespaces: (count) => namespaces?.(count),
    /** @param {{ count: number, declared: boolean }} how */
    handlers: (how) => handlers?.(how),
    /** The most that the process has occupied since the question before. */
    "rss-peak"() {
      const most = peak;
      peak = process.memoryUsage.rss();
      return { rss: most };
    },
    connections,
    async memory() {
      await collect();
      const { heapUsed, external, rss } = process.memoryUsage();
      return { heap: heapUsed + external, rss };
    },
    "measure-begin"() {
      handledAtBegin = handled();
      cpuAtBegin = process.cpuUsage();
    },
    "measure-end"() {
      const { user, system } = process.cpuUsage(cpuAtBegin);
      return {
        user,
        system,
        cpu: user + system,
        handled: handled() - handledAtBegin,
      };
    },
  });
}

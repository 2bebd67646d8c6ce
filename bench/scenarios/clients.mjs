/**
 * Scenarios about clients: here the process that is measured is full of them,
 * and the server is the same for all contenders.
 */
import { setTimeout as delay } from "node:timers/promises";
import { waitForConnections } from "./wait.mjs";

/** @typedef {import("./scenario.mjs").Scenario} Scenario */

const AT_ONCE = 64;
const WARM_UP = 200;
/**
 * V8 gives back the room for young objects when it collects all others, if by
 * then, as it seems, less than 1 MB/s was allocated in it since it was last collected itself.
 * That can be up to 16 MB, so after a short rest it is chance who does.
 */
const REST_MS = 20_000;
const QUICK_SHARE = 20;
const KB = 1000;

/** What a client may hold until it has settled: a poll, a POST, the WebSocket. */
const SOCKETS = 3;

/**
 * Events from the server, one broadcast after the other; figures are per event.
 * @param {object} talk
 * @param {string} talk.name
 * @param {string} talk.title
 * @param {number} talk.connections
 * @param {number} talk.times broadcasts in one tick
 * @returns {Scenario}
 */
export function receiving({ name, title, connections, times }) {
  /** @param {import("./scenario.mjs").Scale} scale */
  const countOf = ({ size }) =>
    size === "full" ? connections : Math.ceil(connections / QUICK_SHARE);
  return {
    name,
    title,
    measures: "client",
    family: "events",
    polling: false,
    sockets: countOf,
    async measure({ server, load: clients, port }, scale) {
      const count = countOf(scale);
      const atOnce = Math.min(AT_ONCE, count);
      const transports = ["websocket"];
      await clients.ask("connect", { port, transports, count, atOnce });
      await clients.ask("run", { times, seconds: scale.seconds / 2 });
      await server.ask("gc");
      await server.ask("measure-begin");
      const outcome = await clients.ask("run", {
        times,
        seconds: scale.seconds,
      });
      const { handled } = await server.ask("measure-end");
      if (handled !== outcome.events)
        throw new Error(`${handled} events were sent, ${outcome.events} came`);
      return {
        cpu: outcome.cpu / outcome.events,
        user: outcome.user / outcome.events,
        system: outcome.system / outcome.events,
        rate: outcome.events / outcome.elapsed,
      };
    },
  };
}

/**
 * What a process holds for connected clients that have nothing to do.
 * @param {object} crowd
 * @param {string} crowd.name
 * @param {string} crowd.title
 * @param {number} crowd.clients
 * @param {string[]} [crowd.transports]
 * @returns {Scenario}
 */
export function holding({ name, title, clients: full, transports }) {
  /** @param {import("./scenario.mjs").Scale} scale */
  const countOf = ({ size }) => (size === "full" ? full : full / QUICK_SHARE);
  return {
    name,
    title,
    measures: "client",
    family: "held",
    polling: transports === undefined,
    sockets: (scale) => countOf(scale) * SOCKETS,
    async measure({ server, load: clients, port }, scale) {
      const count = countOf(scale);
      const how = { port, transports, atOnce: AT_ONCE };
      await clients.ask("connect", { ...how, count: WARM_UP });
      await clients.ask("disconnect");
      await waitForConnections(server, 0);
      await delay(REST_MS);
      const before = await clients.ask("memory");

      await clients.ask("connect", { ...how, count });
      await waitForConnections(server, count);
      await delay(REST_MS);
      const after = await clients.ask("memory");
      return {
        heap: (after.heap - before.heap) / count / KB,
        rss: (after.rss - before.rss) / count / KB,
      };
    },
  };
}

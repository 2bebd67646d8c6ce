/**
 * Scenarios about clients that stop reading: what a server holds for them, and
 * whether those who read notice.
 */
import { waitForConnections } from "./wait.mjs";

const MB = 1e6;
/** Of one broadcast. */
const BYTES = 64 * 1024;
const PATIENCE_SECONDS = 5;
const MOST_SECONDS = 50;
const QUICK_SHARE = 20;

/**
 * @param {{ name: string, title: string, stalled: number, readers: number, megabytes: number }} crowd
 * @returns {import("./scenario.mjs").Scenario}
 */
export function stalledCrowd({ name, title, stalled, readers, megabytes }) {
  /** @param {import("./scenario.mjs").Scale} scale */
  const sized = ({ size }) => (size === "full" ? 1 : 1 / QUICK_SHARE);
  return {
    name,
    title,
    family: "stalled",
    polling: false,
    whole: true,
    sockets: () => stalled + readers,
    async measure({ server, load, port }, scale) {
      const share = sized(scale);
      const crowd = readers + stalled * share;
      /** @param {number} count */
      const connect = async (count) => {
        const how = { port, transport: "websocket", count, atOnce: readers };
        await load.ask("connect", how);
        await load.ask("verify", { kind: "bulk" });
      };
      const broadcasts = Math.ceil((megabytes * MB * share) / BYTES);
      /** @param {number} limit */
      const stretch = (limit) => {
        const bounds = {
          seconds: MOST_SECONDS,
          limit,
          patience: PATIENCE_SECONDS,
        };
        const details = { times: 1 };
        return load.ask("run", { course: "broadcast", bounds, details });
      };
      await connect(crowd);
      const reading = await stretch(Math.ceil(broadcasts / 32));
      await load.ask("disconnect");
      await waitForConnections(server, 0);
      await connect(readers);
      await stretch(Math.ceil(broadcasts / 8));
      const alone = await stretch(Math.ceil(broadcasts / 2));
      await load.ask("stall", { port, count: stalled * share });
      await waitForConnections(server, crowd);
      await server.ask("gc");
      await server.ask("rss-peak");
      const before = await server.ask("rss-peak");
      const crowded = await stretch(broadcasts);
      if (crowded.requests !== broadcasts)
        throw new Error(
          `only ${crowded.requests} of ${broadcasts} broadcasts in ${MOST_SECONDS} s`,
        );
      const peak = await server.ask("rss-peak");
      return {
        rss: (peak.rss - before.rss) / MB,
        left: (await server.ask("connections")) - readers,
        alone: alone.p99,
        reading: reading.p99,
        p99: crowded.p99,
        toAlone: crowded.p99 / alone.p99,
        toReading: crowded.p99 / reading.p99,
        rate: crowded.requests / crowded.elapsed,
      };
    },
  };
}

/**
 * The program of a process full of clients, which is what is measured here. The
 * contender is handed in; everything around it is the same for all.
 */
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { answer } from "../control/answer.mjs";
import { collect } from "../control/collect.mjs";
import { Stretch } from "./stretch.mjs";

/**
 * @typedef {object} Connection
 * @property {Promise<unknown>} joined settled when the main namespace is joined
 *   and nothing of the transport is to change any more
 * @property {(times: number) => void} next asks for news to everybody, so many times
 * @property {() => void} close
 *
 * @typedef {(url: string, transports: string[] | undefined, heard: (news: unknown) => void) => Connection} Open
 *   no transports: as the contender would have it
 */

/** How long nothing may come any more after the last event. */
const QUIET_MS = 50;

/** @param {Open} open */
export function measure(open) {
  /** @type {Connection[]} */
  let connections = [];
  /** @type {Stretch | undefined} */
  let stretch;

  answer({
    /** @param {{ port: number, count: number, atOnce: number, transports?: string[] }} how */
    async connect({ port, count, atOnce, transports }) {
      const connectOne = () => {
        const at = connections.length;
        const connection = open(
          `http://127.0.0.1:${port}`,
          transports,
          (news) => {
            if (!stretch) throw new Error("an event that nobody asked for");
            stretch.heard(at, news);
          },
        );
        connections.push(connection);
        return connection.joined;
      };
      const queue = async () => {
        while (connections.length < count) await connectOne();
      };
      await Promise.all(Array.from({ length: atOnce }, queue));
    },

    disconnect() {
      for (const connection of connections) connection.close();
      connections = [];
    },

    /** @param {{ times: number, seconds: number }} how */
    async run({ times, seconds }) {
      stretch = new Stretch(connections, times, seconds);
      await collect();
      const before = process.cpuUsage();
      const outcome = await stretch.run();
      const { user, system } = process.cpuUsage(before);
      await delay(QUIET_MS);
      stretch.check();
      stretch = undefined;
      return { ...outcome, cpu: user + system, user, system };
    },

    async memory() {
      await collect();
      const { heapUsed, external, rss } = process.memoryUsage();
      return { heap: heapUsed + external, rss };
    },
  });
}

/**
 * What a scenario is, and what it is given to run.
 */
/**
 * @typedef {object} Session one measurement's processes, freshly started
 * @property {import("../control/worker.mjs").Worker} server
 * @property {import("../control/worker.mjs").Worker} load the load generator,
 *   or the clients where they are what is measured
 * @property {number} port where the server listens
 *
 * @typedef {object} Scale
 * @property {"full" | "quick"} size
 * @property {number} seconds measured, and half of it before that to warm up
 *
 * @typedef {Record<string, number>} Figures of one round, by name
 *
 * @typedef {"messages" | "connections" | "memory" | "handlers" | "stalled" | "events" | "held"} Family
 *   which figures there are: each family has its own table
 *
 * @typedef {object} Scenario
 * @property {string} name as given to `--scenario`
 * @property {string} title as printed
 * @property {Family} family
 * @property {"server" | "client"} [measures] what a contender brings: the server, or
 *   the clients of a server that is the same for all; without it, the server
 * @property {boolean} polling whether a contender has to speak long-polling
 * @property {boolean} [whole] whether it has to be a whole Socket.IO
 * @property {string} [against] the scenario that it is compared to, each
 *   contender with itself
 * @property {(scale: Scale) => number} sockets file descriptors that one
 *   process needs at most
 * @property {(session: Session, scale: Scale, setting: number) => Promise<Figures>} measure
 * @property {(session: Session, scale: Scale) => Promise<number>} [calibrate]
 *   finds the setting for `measure`, once, at the reference
 */

/**
 * CPU time of both processes around an action of the load generator, which is
 * over when nothing is in flight any more.
 * @template {{ cpu: number }} T
 * @param {Session} session
 * @param {() => Promise<T>} action
 * @returns {Promise<{ outcome: T, server: { cpu: number, user: number, system: number, handled: number } }>}
 */
export async function measured({ server }, action) {
  await server.ask("measure-begin");
  const outcome = await action();
  return { outcome, server: await server.ask("measure-end") };
}

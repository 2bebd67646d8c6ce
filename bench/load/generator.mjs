/**
 * The program of the load generator's process: all clients of one measurement,
 * on raw sockets. A reply that is wrong, missing or too many ends the process,
 * and with it the measurement.
 */
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { answer } from "../control/answer.mjs";
import { connectClients } from "./connect.mjs";
import { conversationOn } from "./conversation.mjs";
import { broadcastCourse, closedCourse, pacedCourse } from "./courses.mjs";
import { Loop } from "./loop.mjs";

/** @typedef {import("./client.mjs").Client} Client */

const COURSES = {
  closed: closedCourse,
  paced: pacedCourse,
  broadcast: broadcastCourse,
};

/** @type {Client[]} */
let clients = [];
/** @type {import("./frame-client.mjs").WebSocketClient[]} */
let stalled = [];

/** How long nothing may come any more after the last reply. */
const QUIET_MS = 50;

/**
 * Adds the CPU time, in microseconds, that an action cost this process. The
 * answer waits a moment: a server has to take what is still on its way to it,
 * and a reply that nobody asked for has to have its chance to be noticed.
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T & { cpu: number }>}
 */
async function withCpu(action) {
  const before = process.cpuUsage();
  const result = await action();
  await delay(QUIET_MS);
  const { user, system } = process.cpuUsage(before);
  return { ...result, cpu: user + system };
}

answer({
  /** @param {Parameters<typeof connectClients>[0]} how */
  connect: (how) =>
    withCpu(async () => {
      const { clients: opened, ...figures } = await connectClients(how);
      clients = opened;
      return figures;
    }),

  /**
   * One request of every client, or of the first one where it is a broadcast,
   * with the replies compared byte by byte.
   * @param {import("./conversation.mjs").Topic} topic
   */
  async verify(topic) {
    const conversation = conversationOn(topic);
    const isBroadcast = ["broadcast", "room", "bulk"].includes(topic.kind);
    const replies = isBroadcast ? (topic.times ?? 1) : 1;
    for (const client of clients) {
      client.prepare(conversation);
      client.listen({ received() {} }, 1);
    }
    const exact = clients.map((client) => client.exactReplies(replies));
    for (const client of isBroadcast ? clients.slice(0, 1) : clients)
      client.send(1);
    await Promise.all(exact);
    for (const client of clients) client.rest();
  },

  /**
   * @param {object} how
   * @param {keyof typeof COURSES} how.course
   * @param {import("./loop.mjs").Bounds} how.bounds
   * @param {any} how.details what the course itself wants to know
   */
  run: ({ course, bounds, details }) =>
    withCpu(() =>
      new Loop(clients, COURSES[course](clients, details), bounds).run(),
    ),

  /**
   * Connects clients that read nothing any more once they have joined.
   * @param {{ port: number, count: number }} how
   */
  async stall({ port, count }) {
    const how = { port, transport: /** @type {const} */ ("websocket"), count };
    const { clients: opened } = await connectClients({ ...how, atOnce: 64 });
    stalled = /** @type {typeof stalled} */ (opened);
    for (const client of stalled) client.stall();
  },

  async disconnect() {
    await Promise.all(clients.map((client) => client.close()));
    clients = [];
  },
});

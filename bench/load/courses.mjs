/**
 * The courses that a loop can take: as fast as replies come, at a fixed rate,
 * or one broadcast at a time.
 */
import { performance } from "node:perf_hooks";
import { clearInterval, setInterval } from "node:timers";

/**
 * @typedef {import("./client.mjs").Client} Client
 * @typedef {import("./loop.mjs").Loop} Loop
 * @typedef {import("./loop.mjs").Course} Course
 */

const TICK_MS = 1;
const PACED_IN_FLIGHT = 4096;

/** @param {Loop} loop @param {Client} client @param {number} count @param {number} now */
function noteLatencies(loop, client, count, now) {
  for (let i = 0; i < count; i++)
    loop.latencies.record(now - client.times.take());
}

/**
 * Every client keeps a number of requests in flight: each reply lets the next
 * request go, and replies that came together are followed by one write.
 * @param {Client[]} clients
 * @param {{ inFlight: number }} how
 * @returns {Course}
 */
export function closedCourse(clients, { inFlight }) {
  return {
    inFlight,
    repliesPerRequest: 1,
    start(loop) {
      const now = performance.now();
      for (const client of clients) {
        client.times.add(now, inFlight);
        loop.send(client, inFlight);
      }
    },
    received(loop, client, count, now) {
      noteLatencies(loop, client, count, now);
      if (!loop.open) return;
      client.times.add(now, count);
      loop.send(client, count);
    },
    due: (client) => client.sent,
  };
}

/**
 * Requests leave at a fixed rate, spread over the clients, whether or not
 * replies come: a server that stalls is not spared the requests meanwhile.
 * @param {Client[]} clients
 * @param {{ rate: number }} how requests per second, over all clients
 * @returns {Course}
 */
export function pacedCourse(clients, { rate }) {
  return {
    inFlight: PACED_IN_FLIGHT,
    repliesPerRequest: 1,
    start(loop) {
      const began = performance.now();
      const timer = setInterval(() => {
        if (!loop.open) {
          clearInterval(timer);
          return;
        }
        const due = Math.floor(((performance.now() - began) / 1000) * rate);
        while (loop.requests < due && loop.open) {
          const client = clients[loop.requests % clients.length];
          client.times.add(performance.now(), 1);
          loop.send(client, 1);
        }
      }, TICK_MS);
    },
    received: noteLatencies,
    due: (client) => client.sent,
  };
}

/**
 * The first client asks for one broadcast, or several in one tick, and asks
 * again when everybody has received everything.
 * @param {Client[]} clients
 * @param {{ times: number }} how broadcasts that one request causes
 * @returns {Course}
 */
export function broadcastCourse(clients, { times }) {
  const [asking] = clients;
  let askedAt = 0;
  return {
    inFlight: 1,
    repliesPerRequest: times * clients.length,
    start(loop) {
      askedAt = performance.now();
      loop.send(asking, 1);
    },
    received(loop, _client, count, now) {
      loop.latencies.record(now - askedAt, count);
      if (!loop.idle || !loop.open) return;
      askedAt = now;
      loop.send(asking, 1);
    },
    due: (_client, loop) => loop.requests * times,
  };
}

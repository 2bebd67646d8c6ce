/**
 * Scenarios about messages on connections that are already open: CPU time per
 * message, messages per second, and how long a reply takes.
 */
import { SOCKETS_PER_CLIENT } from "../load/connect.mjs";
import { measured } from "./scenario.mjs";

/**
 * @typedef {import("./scenario.mjs").Scenario} Scenario
 * @typedef {import("./scenario.mjs").Session} Session
 * @typedef {import("./scenario.mjs").Scale} Scale
 *
 * @typedef {object} Talk
 * @property {string} name
 * @property {string} title
 * @property {import("../load/connect.mjs").Transport} [transport]
 * @property {number} connections
 * @property {number} [inFlight] per connection
 * @property {import("../load/conversation.mjs").Topic} topic
 */

const AT_ONCE = 64;
/** No scenario sends more than this, however fast a server is. */
const MOST_REQUESTS = 5_000_000;
const PATIENCE_SECONDS = 10;
const QUICK_SHARE = 20;
/** A share of the reference's highest rate at which every contender still has air. */
const HALF = 0.5;

/** @param {Talk} talk @param {Scale} scale */
function connectionsOf({ connections }, { size }) {
  return size === "full"
    ? connections
    : Math.max(Math.ceil(connections / QUICK_SHARE), 5);
}

/** @param {Session} session @param {Talk} talk @param {Scale} scale */
export async function prepare({ server, load, port }, talk, scale) {
  const count = connectionsOf(talk, scale);
  const transport = talk.transport ?? "websocket";
  await load.ask("connect", {
    port,
    transport,
    count,
    atOnce: Math.min(AT_ONCE, count),
  });
  await load.ask("verify", talk.topic);
  await server.ask("gc");
}

/**
 * @param {Session} session
 * @param {Scale} scale
 * @param {"closed" | "paced" | "broadcast"} course
 * @param {Record<string, number>} details of the course
 */
export async function run(session, { seconds }, course, details) {
  /** @param {number} duration */
  const stretch = (duration) => {
    const bounds = {
      seconds: duration,
      limit: MOST_REQUESTS,
      patience: PATIENCE_SECONDS,
    };
    return session.load.ask("run", { course, bounds, details });
  };
  await stretch(seconds / 2);
  const { outcome, server } = await measured(session, () => stretch(seconds));
  if (server.handled !== outcome.requests) {
    throw new Error(
      `${outcome.requests} requests were sent, ${server.handled} handled`,
    );
  }
  return {
    cpu: server.cpu / outcome.messages,
    user: server.user / outcome.messages,
    system: server.system / outcome.messages,
    rate: outcome.messages / outcome.elapsed,
    p50: outcome.p50,
    p99: outcome.p99,
    load: outcome.cpu / server.cpu,
    messages: outcome.messages,
  };
}

/** @param {Talk} talk @returns {Omit<Scenario, "measure">} */
function described(talk) {
  const transport = talk.transport ?? "websocket";
  return {
    name: talk.name,
    title: talk.title,
    family: "messages",
    polling: transport !== "websocket",
    sockets: (scale) =>
      connectionsOf(talk, scale) * SOCKETS_PER_CLIENT[transport],
  };
}

/**
 * Requests and replies, as fast as the server can.
 * @param {Talk} talk
 * @returns {Scenario}
 */
export function dialogue(talk) {
  return {
    ...described(talk),
    async measure(session, scale) {
      await prepare(session, talk, scale);
      return run(session, scale, "closed", { inFlight: talk.inFlight ?? 1 });
    },
  };
}

/**
 * Requests and replies at half the rate that the reference can take at most.
 * @param {Talk} talk
 * @returns {Scenario}
 */
export function dialogueAtHalfRate(talk) {
  return {
    ...described(talk),
    async calibrate(session, scale) {
      await prepare(session, talk, scale);
      const { rate } = await run(session, scale, "closed", { inFlight: 1 });
      return Math.floor(rate * HALF);
    },
    async measure(session, scale, rate) {
      await prepare(session, talk, scale);
      return run(session, scale, "paced", { rate });
    },
  };
}

/**
 * One client asks, everybody receives; figures are per delivery.
 * @param {Talk} talk
 * @returns {Scenario}
 */
export function broadcast(talk) {
  return {
    ...described(talk),
    async measure(session, scale) {
      await prepare(session, talk, scale);
      return run(session, scale, "broadcast", { times: talk.topic.times ?? 1 });
    },
  };
}

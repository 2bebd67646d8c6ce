/**
 * The points of the curves: each is measured like a scenario, by processes of
 * its own.
 */
import { setTimeout as delay } from "node:timers/promises";
import { measured } from "../scenarios/scenario.mjs";
import { prepare, run } from "../scenarios/messages.mjs";
import { waitForConnections } from "../scenarios/wait.mjs";

/**
 * @typedef {import("../scenarios/scenario.mjs").Scenario} Scenario
 * @typedef {import("../scenarios/scenario.mjs").Session} Session
 * @typedef {Scenario & { x: number }} Point
 */

const AT_ONCE = 64;
const WARM_UP = 200;
const SETTLE_MS = 300;
const KB = 1000;
/** How many connect where the price of connecting is measured. */
const ARRIVALS = 2000;
const MEMBERS = 100;
/** Fewer than these are lost in the noise of a heap. */
const FEW_MEMBERSHIPS = 1000;
const FEW_NAMESPACES = 100;

/**
 * @param {string} name
 * @param {number} x
 * @param {number} sockets
 * @param {Scenario["measure"]} measure
 * @returns {Point}
 */
function point(name, x, sockets, measure) {
  return {
    name: `${name} ${x}`,
    title: `${name} ${x}`,
    family: "messages",
    polling: false,
    sockets: () => sockets,
    x,
    measure,
  };
}

/** One that asks for rooms or namespaces. @type {typeof point} */
const wholePoint = (...about) => ({ ...point(...about), whole: true });

/** Opens connections and closes them, so that what is loaded on first use is nobody's. @param {Session} session */
async function warmUp({ server, load, port }) {
  const how = { port, transport: "websocket", atOnce: AT_ONCE };
  await load.ask("connect", { ...how, count: WARM_UP });
  await load.ask("disconnect");
  await waitForConnections(server, 0);
  await delay(SETTLE_MS);
}

/** @param {number} count */
export const connectionsPoint = (count) =>
  point("connections", count, count, async (session, scale) => {
    const { server } = session;
    await warmUp(session);
    const before = await server.ask("memory");
    /** @type {import("../scenarios/messages.mjs").Talk} */
    const talk = {
      name: "",
      title: "",
      connections: count,
      topic: { kind: "echo" },
    };
    await connect(session, count);
    await delay(SETTLE_MS);
    const after = await server.ask("memory");
    await session.load.ask("verify", talk.topic);
    const { cpu, load } = await run(session, scale, "closed", { inFlight: 1 });
    return {
      cpu,
      load,
      heap: (after.heap - before.heap) / count / KB,
      rss: (after.rss - before.rss) / count / KB,
    };
  });

/** @param {{ x: number, connections: number, bytes?: number, inFlight?: number }} how */
export const echoPoint = ({ x, connections, bytes = 32, inFlight = 1 }) =>
  point("echo", x, connections, async (session, scale) => {
    /** @type {import("../scenarios/messages.mjs").Talk} */
    const talk = {
      name: "",
      title: "",
      connections,
      topic: { kind: "echo", bytes },
    };
    await prepare(session, talk, { ...scale, size: "full" });
    return run(session, scale, "closed", { inFlight });
  });

/** @param {number} size */
export const roomPoint = (size) =>
  wholePoint("room of", size, size, async (session, scale) => {
    await connect(session, size);
    await session.server.ask("rooms", 1);
    await session.load.ask("verify", { kind: "room" });
    return run(session, scale, "broadcast", { times: 1 });
  });

/** @param {number} rooms */
export const roomsPoint = (rooms) =>
  wholePoint("rooms per socket", rooms, MEMBERS, async (session, scale) => {
    const { server, load } = session;
    await connect(session, MEMBERS);
    // The maps themselves are nobody's membership.
    await server.ask("rooms", 1);
    const before = await server.ask("memory");
    await server.ask("rooms", rooms);
    const after = await server.ask("memory");
    await load.ask("verify", { kind: "room" });
    const { cpu, load: share } = await run(session, scale, "broadcast", {
      times: 1,
    });
    const more = (rooms - 1) * MEMBERS;
    return {
      cpu,
      load: share,
      heap: more < FEW_MEMBERSHIPS ? NaN : (after.heap - before.heap) / more,
    };
  });

/** @param {number} count */
export const namespacesPoint = (count) =>
  wholePoint("namespaces", count, ARRIVALS, async (session) => {
    const { server, load, port } = session;
    await warmUp(session);
    const before = await server.ask("memory");
    await server.ask("namespaces", count);
    const after = await server.ask("memory");
    const how = {
      port,
      transport: "websocket",
      atOnce: AT_ONCE,
      namespaces: count,
    };
    await load.ask("connect", { ...how, count: ARRIVALS });
    await load.ask("disconnect");
    await waitForConnections(server, 0);
    await server.ask("gc");
    const { outcome, server: cost } = await measured(session, () =>
      load.ask("connect", { ...how, count: ARRIVALS }),
    );
    return {
      cpu: cost.cpu / ARRIVALS,
      load: outcome.cpu / cost.cpu,
      heap:
        count < FEW_NAMESPACES ? NaN : (after.heap - before.heap) / count / KB,
    };
  });

/** @param {Session} session @param {number} count */
async function connect({ server, load, port }, count) {
  const atOnce = Math.min(AT_ONCE, count);
  await load.ask("connect", { port, transport: "websocket", count, atOnce });
  await waitForConnections(server, count);
}

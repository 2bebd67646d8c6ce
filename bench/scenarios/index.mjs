/**
 * Every scenario, in the order in which they run and are printed.
 */
import { arrival } from "./connections.mjs";
import { holding, receiving } from "./clients.mjs";
import { idle } from "./memory.mjs";
import { broadcast, dialogue, dialogueAtHalfRate } from "./messages.mjs";
import { stalledCrowd } from "./stalled.mjs";

/** @type {readonly import("./scenario.mjs").Scenario[]} */
export const SCENARIOS = [
  dialogue({
    name: "echo-100",
    title: "echo, 100 connections",
    connections: 100,
    topic: { kind: "echo" },
  }),
  dialogue({
    name: "echo-2000",
    title: "echo, 2000 connections",
    connections: 2000,
    topic: { kind: "echo" },
  }),
  dialogue({
    name: "echo-100x16",
    title: "echo, 100 connections, 16 in flight",
    connections: 100,
    inFlight: 16,
    topic: { kind: "echo" },
  }),
  dialogueAtHalfRate({
    name: "echo-half-rate",
    title: "echo, 100 connections, fixed rate",
    connections: 100,
    topic: { kind: "echo" },
  }),
  dialogue({
    name: "ack-100",
    title: "ack round trip, 100 connections",
    connections: 100,
    topic: { kind: "ask" },
  }),
  dialogue({
    name: "text-4k",
    title: "echo of 4 KiB text, 100 connections",
    connections: 100,
    topic: { kind: "echo", bytes: 4096 },
  }),
  dialogue({
    name: "text-64k",
    title: "echo of 64 KiB text, 100 connections",
    connections: 100,
    topic: { kind: "echo", bytes: 65536 },
  }),
  dialogue({
    name: "binary-1k",
    title: "echo of 1 KiB binary, 100 connections",
    connections: 100,
    topic: { kind: "binary", bytes: 1024 },
  }),
  broadcast({
    name: "broadcast-1000",
    title: "broadcast to 1000, one at a time",
    connections: 1000,
    topic: { kind: "broadcast", times: 1 },
  }),
  broadcast({
    name: "broadcast-1000x16",
    title: "16 broadcasts in one tick to 1000",
    connections: 1000,
    topic: { kind: "broadcast", times: 16 },
  }),
  dialogue({
    name: "polling-echo",
    title: "echo over polling, 100 connections",
    transport: "polling",
    connections: 100,
    topic: { kind: "echo" },
  }),
  arrival({
    name: "connect-websocket",
    title: "connect by WebSocket",
    transport: "websocket",
    connections: 4000,
    atOnce: 64,
  }),
  arrival({
    name: "connect-upgrade",
    title: "connect by polling, then upgrade",
    transport: "upgrade",
    connections: 2000,
    atOnce: 200,
  }),
  arrival({
    name: "connect-polling",
    title: "connect by polling only",
    transport: "polling",
    connections: 2000,
    atOnce: 64,
  }),
  idle({
    name: "idle-5000",
    title: "5000 idle WebSocket connections",
    connections: 5000,
    quick: 300,
  }),
  idle({
    name: "handlers-listeners",
    title: "20 listeners for each socket, by socket.on",
    connections: 5000,
    quick: 300,
    handlers: { count: 20, declared: false },
  }),
  idle({
    name: "handlers-declared",
    title: "20 declared once, by nsp.handle (socket.io: by socket.on)",
    against: "handlers-listeners",
    connections: 5000,
    quick: 300,
    handlers: { count: 20, declared: true },
  }),
  stalledCrowd({
    name: "stalled-200",
    title: "1 GB broadcast past 200 that stop reading",
    stalled: 200,
    readers: 4,
    megabytes: 1000,
  }),
  receiving({
    name: "client-receive-1",
    title: "1 connection that asks for each event",
    connections: 1,
    times: 1,
  }),
  receiving({
    name: "client-receive-1x64",
    title: "1 connection, 64 events at once",
    connections: 1,
    times: 64,
  }),
  receiving({
    name: "client-receive-100",
    title: "100 connections, one event at a time",
    connections: 100,
    times: 1,
  }),
  receiving({
    name: "client-receive-100x16",
    title: "100 connections, 16 events at once",
    connections: 100,
    times: 16,
  }),
  holding({
    name: "client-memory",
    title: "1000 clients, polling and then upgraded",
    clients: 1000,
  }),
  holding({
    name: "client-memory-websocket",
    title: "1000 clients, WebSocket only",
    clients: 1000,
    transports: ["websocket"],
  }),
];

/** @param {string} name */
export function scenarioNamed(name) {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  if (scenario) return scenario;
  throw new Error(`there is no scenario "${name}"; see --list`);
}

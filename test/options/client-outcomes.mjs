/**
 * What becomes of a client with one option in one value: whether it can be
 * made, what its server sees, and how it comes back to a server that is gone.
 * Run with the entry of a package, in a process of its own.
 *
 * node client-outcomes.mjs ENTRY CASES_FILE: one outcome for each, as JSON
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { Server } from "socket.io";

const { setTimeout: wait } = globalThis;
/** While it is on, timers fire at once, and `running` is the delay that the one was set for whose task runs. */
let hurried = false;
let running;
// Before the packages are loaded, as they keep the native one.
globalThis.setTimeout = (task, ms, ...args) =>
  wait(
    () => {
      running = ms;
      task(...args);
      running = undefined;
    },
    hurried ? 1 : ms,
  );

const [entry, file] = process.argv.slice(2);
const { Manager } = await import(entry);
const cases = JSON.parse(await readFile(file, "utf8"));
/** A negative has to be waited for, on a busy machine as well. */
const PATIENCE = 1500;

let crashed;
process.on("uncaughtException", (error) => crashed?.(error));
process.on("unhandledRejection", (error) => crashed?.(error));

const http = createServer();
const server = new Server(http, { cors: { origin: "*" } });
let seen = [];
server.engine.use((request, _response, next) => {
  if (!request._query.sid) seen.push(request);
  next();
});
server.on("connection", (socket) => {
  socket.on("echo", (value, answer) => answer(value));
});
await once(http.listen(0, "127.0.0.1"), "listening");
const { port } = http.address();
const nowhere = createServer();
await once(nowhere.listen(0, "127.0.0.1"), "listening");
const { port: closedPort } = nowhere.address();
await new Promise((closed) => nowhere.close(closed));

/** Takes connections and says nothing. */
const silent = createServer(() => {});
await once(silent.listen(0, "127.0.0.1"), "listening");
const { port: silentPort } = silent.address();

const outcomes = [];
for (const one of cases) outcomes.push(await outcomeOf(revive(one)));
console.log(JSON.stringify(outcomes));
process.exit();

/** JSON has no word for some values. */
function revive({ name, word, value, setter }) {
  const words = { undefined: undefined, Infinity, NaN };
  return { name, value: word ? words[word] : value, setter };
}

async function outcomeOf(one) {
  const failed = new Promise((resolve) => {
    crashed = (error) => resolve({ failed: String(error?.message) });
  });
  const made = [];
  try {
    const outcome = await Promise.race([failed, tryOut(one, made)]);
    return outcome;
  } catch (error) {
    return { refused: String(error?.message) };
  } finally {
    crashed = undefined;
    hurried = false;
    for (const manager of made) close(manager);
    silent.closeAllConnections();
  }
}

async function tryOut(one, made) {
  const outcome = await connect(one, made);
  if (one.name === "timeout")
    return { ...outcome, gaveUpAfter: await patience(one, made) };
  return /^(re|rando)/.test(one.name)
    ? { ...outcome, ...(await comeBack(one, made)) }
    : outcome;
}

/** @returns the manager, which has not been opened, and its socket's options */
function make({ name, value, setter }, to, usual) {
  // The address would go before these.
  const parts = ["host", "hostname", "port", "secure"].includes(name);
  const options = {
    ...usual,
    // A packet that is not answered in time is sent again.
    ...(name === "retries" && { ackTimeout: PATIENCE }),
    ...(!setter && { [name]: value }),
  };
  const address = name === "host" ? {} : { hostname: "127.0.0.1" };
  const manager = parts
    ? new Manager({ ...address, port: to, ...options, autoConnect: false })
    : new Manager(`http://127.0.0.1:${to}`, { ...options, autoConnect: false });
  if (setter) manager[name](value);
  return { manager, options };
}

async function connect(one, made) {
  seen = [];
  const usual = {
    reconnectionDelay: 1,
    reconnectionDelayMax: 2,
    randomizationFactor: 0,
  };
  const { manager, options } = make(one, port, usual);
  made.push(manager);
  const socket = manager.socket("/", options);
  const state = await new Promise((resolve) => {
    let errors = 0;
    socket.on("connect", () => resolve("connects"));
    // The first attempt alone, where there is none to come.
    socket.on("connect_error", () => ++errors === 3 && resolve("fails"));
    manager.on("reconnect_failed", () => resolve("fails"));
    wait(() => resolve(errors ? "fails" : "nothing"), PATIENCE);
    socket.connect();
  });
  if (state !== "connects") return { state };
  const { engine } = manager;
  if (engine.transport.name === "polling" && upgrades(one, options))
    await new Promise((done) => {
      engine.once("upgrade", done);
      wait(done, PATIENCE);
    });
  const answer = await Promise.race([
    socket.emitWithAck("echo", 1).catch((error) => error.message),
    new Promise((done) => wait(() => done("none"), PATIENCE)),
  ]);
  const [first] = seen;
  const { t, ...query } = first._query;
  if (one.name === "timestampParam") delete query[String(one.value)];
  return {
    state,
    answer,
    path: first.url.split("?")[0],
    query,
    stamped: t !== undefined,
    transport: engine.transport.name,
    auth: server.sockets.sockets.get(socket.id)?.handshake.auth,
  };
}

/** Whether an upgrade is worth waiting for. */
function upgrades({ name }, { transports }) {
  return (
    name === "upgrade" ||
    !transports ||
    (Array.isArray(transports) && transports.includes("websocket"))
  );
}

/** The delays of the attempts to reach a server that is not there, and whether it gives up. */
async function comeBack(one, made) {
  const delays = [];
  let gaveUp = false;
  const { random } = Math;
  hurried = true;
  // A low one and a high one.
  for (const drawn of [0.05, 0.95]) {
    Math.random = () => drawn;
    const { manager } = make(one, closedPort, {
      transports: ["polling"],
      timeout: false,
      randomizationFactor: 0,
      reconnectionAttempts: 4,
    });
    made.push(manager);
    const attempts = [];
    gaveUp = await new Promise((resolve) => {
      manager.on("reconnect_failed", () => resolve(true));
      manager.on("reconnect_attempt", () => {
        if (attempts.push(effective(running)) === 6) resolve(false);
      });
      manager.on("error", () => manager.reconnection() || resolve(true));
      wait(() => resolve(false), PATIENCE);
      manager.open();
    });
    delays.push(attempts);
    close(manager);
  }
  Math.random = random;
  return { delays, gaveUp };
}

/** After how long a server that says nothing is given up. */
async function patience(one, made) {
  const { manager } = make(one, silentPort, { reconnection: false });
  made.push(manager);
  hurried = true;
  return new Promise((resolve) => {
    manager.on("error", ({ message }) =>
      resolve(message === "timeout" ? effective(running) : message),
    );
    wait(() => resolve("never"), PATIENCE / 3);
    manager.open();
  });
}

/** What a timer makes of a delay. */
function effective(delay) {
  const ms = Number(delay);
  return ms >= 1 && ms < 2 ** 31 ? ms : 1;
}

function close(manager) {
  manager.reconnection(false);
  manager._close();
}

/**
 * The one connection to the server: its state for people (online, waiting for
 * the next attempt, attempting), and questions with answers.
 */
import { io } from "/socket.io/omnio.esm.min.js";

/**
 * Pages that lost the same server must not come back at the same moment, and
 * people want to see when the next attempt is: a random delay for each page,
 * and no randomness beyond that.
 */
const DELAY = 800 + Math.random() * 400;
const MAX_DELAY = 8000;

export const socket = io({
  autoConnect: false,
  reconnectionDelay: DELAY,
  reconnectionDelayMax: MAX_DELAY,
  randomizationFactor: 0,
});

/**
 * @typedef {object} Status
 * @property {"new" | "online" | "waiting" | "trying"} state
 * @property {number} attempt of the current interruption
 * @property {number} nextAt when the next attempt is made, by `Date.now()`
 * @property {string} transport
 * @property {readonly string[]} generations of Socket.IO that speak as this connection does
 */

/** @type {Status} */
export const status = {
  state: "new",
  attempt: 0,
  nextAt: 0,
  transport: "",
  generations: [],
};

const changes = new EventTarget();
/** Attempts since the client library began to count; its delay doubles with each. */
let doublings = 0;

/** @param {() => void} listener */
export function onStatus(listener) {
  changes.addEventListener("change", listener);
}

/** @param {Partial<Status>} news */
function set(news) {
  Object.assign(status, news);
  changes.dispatchEvent(new Event("change"));
}

function waitForNext() {
  const delay = Math.min(DELAY * 2 ** doublings, MAX_DELAY);
  set({ state: "waiting", nextAt: Date.now() + delay });
}

socket.on("connect", () => {
  doublings = 0;
  const { engine } = socket.io;
  engine.on("upgrade", () => set({ transport: engine.transport.name }));
  set({ state: "online", attempt: 0, transport: engine.transport.name });
});
socket.on("welcome", ({ generations }) => set({ generations }));

let retrying = false;

socket.on("disconnect", (reason) => {
  if (retrying) return;
  doublings = 0;
  waitForNext();
  // The client library does not come back by itself when it was sent away.
  if (reason === "io server disconnect") setTimeout(tryNow, DELAY);
});

socket.io.on("reconnect_attempt", (number) => {
  doublings = number;
  set({ state: "trying", attempt: status.attempt + 1 });
});
socket.io.on("error", () => {
  if (status.state !== "online") waitForNext();
});

/** Does not wait for the delay to pass. */
export function tryNow() {
  if (socket.connected) return;
  retrying = true;
  socket.disconnect();
  retrying = false;
  doublings = 0;
  set({ state: "trying", attempt: status.attempt + 1 });
  socket.connect();
}

addEventListener("online", tryNow);

/**
 * Asks the server; rejects if the connection ends or the time is up first.
 * @param {"join" | "leave" | "message" | "file"} event
 * @param {object} payload
 * @param {number} [timeout] ms
 */
export function ask(event, payload, timeout = 8000) {
  if (!socket.connected)
    return Promise.reject(new Error("There is no connection."));
  return socket.timeout(timeout).emitWithAck(event, payload);
}

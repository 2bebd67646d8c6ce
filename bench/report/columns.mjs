/**
 * What the tables show: one table for each family of scenarios, one column for
 * each figure, in the same words on the terminal and in Markdown.
 */
import { REFERENCE } from "../contenders.mjs";

/**
 * @typedef {import("../runner.mjs").Standing} Standing
 * @typedef {import("../runner.mjs").Result} Result
 * @typedef {{ title: string, text: (standing: Standing) => string }} Column
 * @typedef {{ title: string, who: string, columns: Column[], results: Result[] }} Section
 */

const NOTHING = "-";

/** @param {number} value */
export function format(value) {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toPrecision(3);
}

/**
 * @param {import("../statistics.mjs").Spread} spread
 * @param {(value: number) => string} write
 */
function withRange({ median, min, max }, write) {
  if (min === max) return write(median);
  return `${write(median)} (${write(min)}-${write(max)})`;
}

/** @param {string} name @param {string} title @returns {Column} */
const median = (name, title) => ({
  title,
  text: ({ figures }) => format(figures[name].median),
});

/** @param {string} name @param {string} title @returns {Column} */
const spread = (name, title) => ({
  title,
  text: ({ figures }) => withRange(figures[name], format),
});

/** @param {string} name @param {string} title @returns {Column} */
const ratio = (name, title) => ({
  title,
  text: ({ contender, ratios }) => {
    if (!ratios) return NOTHING;
    if (contender === REFERENCE) return "1";
    return withRange(ratios[name], (value) => value.toFixed(2));
  },
});

/** @param {string} name @param {string} title @returns {Column} */
const beside = (name, title) => ({
  title,
  text: ({ beside }) =>
    beside ? withRange(beside[name], (value) => value.toFixed(2)) : NOTHING,
});

/** @param {string} what one is counted @returns {Column[]} */
const timed = (what) => [
  spread("cpu", `CPU us/${what}`),
  ratio("cpu", "x CPU"),
  median("rate", `${what}s/s`),
  median("p50", "p50 ms"),
  median("p99", "p99 ms"),
  ratio("p99", "x p99"),
  median("load", "load/server"),
];

/** @type {Column[]} */
const held = [
  spread("heap", "heap kB"),
  ratio("heap", "x heap"),
  spread("rss", "RSS kB"),
  ratio("rss", "x RSS"),
];

/**
 * `who`: what is measured, unless it is the server.
 * @type {Record<import("../scenarios/scenario.mjs").Family, { title: string, who?: string, columns: Column[] }>}
 */
const FAMILIES = {
  messages: {
    title: "Messages (a broadcast counts each delivery)",
    columns: timed("message"),
  },
  connections: { title: "Connections", columns: timed("connection") },
  memory: {
    title: "Memory per idle connection",
    columns: held,
  },
  handlers: {
    title: "Memory per connection with 20 handlers, of 5000",
    columns: [
      spread("heap", "heap kB"),
      beside("heap", "x own socket.on"),
      ratio("heap", "x heap"),
      spread("rss", "RSS kB"),
    ],
  },
  stalled: {
    title: "Clients that stop reading",
    columns: [
      spread("rss", "RSS +MB"),
      median("left", "still there"),
      median("alone", "p99 ms without them"),
      median("reading", "while they read"),
      median("p99", "when they have stopped"),
      spread("toAlone", "x without them"),
      spread("toReading", "x while they read"),
      median("rate", "broadcasts/s"),
    ],
  },
  events: {
    title: "Client: events received",
    who: "client",
    columns: [
      spread("cpu", "CPU us/event"),
      ratio("cpu", "x CPU"),
      median("user", "user us"),
      median("system", "system us"),
      median("rate", "events/s"),
    ],
  },
  held: {
    title: "Client: memory per connected client",
    who: "client",
    columns: held,
  },
};

/** @param {Result[]} results @returns {Section[]} those that have results */
export function sectionsOf(results) {
  return Object.entries(FAMILIES)
    .map(([family, section]) => ({
      who: "server",
      ...section,
      results: results.filter(({ scenario }) => scenario.family === family),
    }))
    .filter((section) => section.results.length > 0);
}

/** @param {Result} result */
export function titleOf({ scenario, setting }) {
  return setting === null
    ? scenario.title
    : `${scenario.title} (${format(setting)}/s)`;
}

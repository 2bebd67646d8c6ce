/** Times, lists and links as people read them. */
import { el } from "./dom.js";

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "numeric",
  minute: "2-digit",
});
const day = new Intl.DateTimeFormat(undefined, {
  weekday: "long",
  day: "numeric",
  month: "long",
});
const full = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "medium",
});

/** @param {number} time */
export const clockTime = (time) => clock.format(time);

/** @param {number} time */
export const fullTime = (time) => full.format(time);

/** @param {number} time */
export function dayName(time) {
  const date = new Date(time).toDateString();
  if (date === new Date().toDateString()) return "Today";
  if (date === new Date(Date.now() - 86_400_000).toDateString())
    return "Yesterday";
  return day.format(time);
}

/** @param {number} count @param {string} one @param {string} [many] */
export function counted(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

const TRANSPORTS = new Map([
  ["websocket", "WebSocket"],
  ["webtransport", "WebTransport"],
  ["polling", "Polling"],
  ["flashsocket", "Flash socket"],
  ["xhr-polling", "XHR polling"],
  ["jsonp-polling", "JSONP polling"],
  ["xhr-multipart", "XHR multipart"],
  ["htmlfile", "Endless page"],
]);

/** @param {string} transport */
export const transportName = (transport) =>
  TRANSPORTS.get(transport) ?? transport;

/** Whether each message costs a request. @param {string} transport */
export const isSlow = (transport) =>
  /polling|multipart|htmlfile/.test(transport);

/** "0.9", or "0.7–0.9" where a client may be any of them. @param {readonly string[]} generations the latest first */
export function generationName(generations) {
  const [latest = "", earliest = latest] = [generations[0], generations.at(-1)];
  return latest === earliest ? latest : `${earliest}–${latest}`;
}

/** Splits a text into strings and links to http addresses. @param {string} text */
export function linked(text) {
  /** @type {(string | Node)[]} */
  const parts = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(
    /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)'\]]/g,
  )) {
    if (!URL.canParse(found)) continue;
    parts.push(text.slice(end, index));
    parts.push(
      el(
        "a",
        { href: found, target: "_blank", rel: "noopener noreferrer" },
        found,
      ),
    );
    end = index + found.length;
  }
  parts.push(text.slice(end));
  return parts.filter((part) => part !== "");
}

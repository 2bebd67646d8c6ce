/**
 * Who this page is: the name (kept for this browser), the key that lets the
 * page take its own name back, and the rooms it is in (kept for this tab).
 */
import { checkName, checkRoom, LOBBY } from "./rules.js";

const PREFIX = "omnio-chat:";

/** @param {"localStorage" | "sessionStorage"} where @param {string} key */
function load(where, key) {
  try {
    return window[where].getItem(PREFIX + key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** @param {"localStorage" | "sessionStorage"} where @param {string} key @param {string} value */
function save(where, key, value) {
  try {
    window[where].setItem(PREFIX + key, value);
  } catch {
    // Without storage everything lasts as long as the page.
  }
}

/** A UUID. `crypto.randomUUID` is missing on plain http beyond localhost. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export const me = {
  /** This tab's name, else the last one used in this browser; empty if there is none. */
  name:
    checkName(load("sessionStorage", "name") ?? load("localStorage", "name"))
      .value ?? "",
  key: load("sessionStorage", "key") ?? newId(),
};
save("sessionStorage", "key", me.key);

/** @param {string} name */
export function setName(name) {
  me.name = name;
  save("sessionStorage", "name", name);
  save("localStorage", "name", name);
}

/** @returns {string[]} */
export function savedRooms() {
  const rooms = (load("sessionStorage", "rooms") ?? "").split("\n");
  const valid = rooms.flatMap((room) => checkRoom(room).value ?? []);
  return [...new Set([LOBBY, ...valid])];
}

/** @param {Iterable<string>} rooms */
export function saveRooms(rooms) {
  save("sessionStorage", "rooms", [...rooms].join("\n"));
}

/** Messages that wait for the server outlive a reload of the page. */
export function savedOutbox() {
  try {
    const entries = JSON.parse(load("sessionStorage", "outbox") ?? "[]");
    return Array.isArray(entries) ? entries : [];
  } catch {
    return [];
  }
}

/** @param {readonly object[]} entries */
export function saveOutbox(entries) {
  save("sessionStorage", "outbox", JSON.stringify(entries));
}

/**
 * The messages of the open room: groups, days, notes, what is new, and where
 * the reader is. It stays at the end unless the reader scrolled up.
 */
import { arrange, byId, el, setText } from "./dom.js";
import { counted, dayName } from "./format.js";
import { MessageView } from "./message.js";

/** @typedef {import("./model.js").Room} Room */
/** @typedef {import("./model.js").Shown} Shown */

const GROUP = 5 * 60_000;
const NEAR_END = 80;

const scroller = byId("timeline");
const list = byId("messages");
const jump = byId("jump");

/** @type {Map<string, MessageView>} */
const views = new Map();
/** @type {Map<string, HTMLElement>} */
const lines = new Map();

let openRoom = "";
let atEnd = true;
let below = 0;
/** @type {Set<string>} */
let seen = new Set();

scroller.addEventListener("scroll", () => {
  atEnd =
    scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <
    NEAR_END;
  if (atEnd) below = 0;
  showJump();
});
jump.addEventListener("click", () => scrollToEnd(true));
// Pictures that arrive and keyboards that open change the height.
const sizes = new ResizeObserver(() => atEnd && scrollToEnd());
sizes.observe(scroller);
sizes.observe(list);

/** @param {boolean} [gently] */
export function scrollToEnd(gently = false) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scroller.scrollTo({
    top: scroller.scrollHeight,
    behavior: gently && !calm ? "smooth" : "instant",
  });
  if (gently) return;
  atEnd = true;
  below = 0;
  showJump();
}

/** Whether somebody is reading the newest messages right now. */
export function isReading() {
  return atEnd && document.visibilityState === "visible";
}

/** @param {Room} room @param {import("./message.js").Actions} actions */
export function showTimeline(room, actions) {
  const changedRoom = openRoom !== room.name;
  if (changedRoom) {
    openRoom = room.name;
    views.clear();
    lines.clear();
    atEnd = true;
    below = 0;
    // A whole history is not news to a screen reader.
    list.setAttribute("aria-live", "off");
    setTimeout(() => list.setAttribute("aria-live", "polite"), 1000);
  }
  const messages = room.timeline();
  const fresh = messages.filter(({ id }) => !seen.has(id));
  seen = new Set(messages.map(({ id }) => id));

  arrange(list, nodesOf(room, messages, actions));
  forgetViews(messages);

  const showEmpty = messages.length === 0;
  byId("empty").hidden = !showEmpty;
  if (showEmpty) showEmptyText(room);
  if (changedRoom || fresh.some(({ own, state }) => own && state === "pending"))
    scrollToEnd();
  else if (atEnd) scrollToEnd();
  else below += fresh.length;
  showJump();
}

/** @param {Room} room @param {Shown[]} messages @param {import("./message.js").Actions} actions */
function nodesOf(room, messages, actions) {
  /** @type {Element[]} */
  const nodes = [];
  const notes = [...room.notes];
  let broken = true;
  let day = "";
  messages.forEach((message, index) => {
    while (notes[0] && notes[0].after < message.seq) {
      nodes.push(line(notes[0].id, "note", notes[0].text));
      notes.shift();
      broken = true;
    }
    const today = dayName(message.time);
    if (today !== day) {
      nodes.push(line(`day-${today}`, "day", today));
      day = today;
      broken = true;
    }
    if (room.firstUnread === message.id) {
      nodes.push(line(`unread-${message.id}`, "unread", "New"));
      broken = true;
    }
    const view = views.get(message.id) ?? new MessageView(message, actions);
    views.set(message.id, view);
    const next = messages[index + 1];
    const head = broken || !sameGroup(messages[index - 1], message);
    const tail =
      !next ||
      !sameGroup(message, next) ||
      room.firstUnread === next.id ||
      (notes[0] !== undefined && notes[0].after < next.seq);
    view.update(message, { head, tail });
    nodes.push(view.node);
    broken = false;
  });
  for (const note of notes) nodes.push(line(note.id, "note", note.text));
  return nodes;
}

/** @param {Shown | undefined} one @param {Shown} other */
function sameGroup(one, other) {
  return (
    one !== undefined &&
    one.name === other.name &&
    one.own === other.own &&
    other.time - one.time < GROUP
  );
}

/** @param {string} key @param {string} kind @param {string} text */
function line(key, kind, text) {
  const known = lines.get(key);
  if (known) return known;
  const made = el("li", { class: `line ${kind}` }, el("span", {}, text));
  lines.set(key, made);
  return made;
}

/** @param {Shown[]} messages */
function forgetViews(messages) {
  const ids = new Set(messages.map(({ id }) => id));
  for (const id of views.keys()) if (!ids.has(id)) views.delete(id);
}

/** @param {Room} room */
function showEmptyText(room) {
  const [title, text] = room.joined
    ? [
        "Nothing said yet",
        "Write the first message, drop a picture, or join from a program.",
      ]
    : ["One moment", "Waiting for the server."];
  setText(byId("empty-title"), title);
  setText(byId("empty-text"), text);
}

function showJump() {
  jump.hidden = atEnd;
  setText(
    byId("jump-text"),
    below > 0 ? counted(below, "new message") : "Latest messages",
  );
}

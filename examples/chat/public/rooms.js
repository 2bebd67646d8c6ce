/** The list of rooms, and the form that makes one. */
import { arrange, byId, el, setText } from "./dom.js";
import { counted } from "./format.js";
import { checkRoom } from "./rules.js";

/** @typedef {import("./model.js").Room} Room */
/** @typedef {import("../types.d.ts").RoomCard} RoomCard */

/** @type {Map<string, HTMLElement>} */
const items = new Map();

/**
 * @param {Iterable<Room>} joined
 * @param {readonly RoomCard[]} directory
 * @param {string} active
 */
export function showRooms(joined, directory, active) {
  const people = new Map(directory.map((card) => [card.name, card.people]));
  const mine = [...joined];
  const names = new Set(mine.map((room) => room.name));
  const others = directory.filter((card) => !names.has(card.name));

  arrange(
    byId("joined-rooms"),
    mine.map((room) =>
      item(
        room.name,
        people.get(room.name) ?? 0,
        room.unread,
        room.name === active,
      ),
    ),
  );
  arrange(
    byId("other-rooms"),
    others.map((card) => item(card.name, card.people, 0, false)),
  );
  byId("other-rooms-section").hidden = others.length === 0;
  byId("rooms-dot").hidden = !mine.some(
    (room) => room.unread > 0 && room.name !== active,
  );
}

/** @param {string} name @param {number} people @param {number} unread @param {boolean} active */
function item(name, people, unread, active) {
  let node = items.get(name);
  if (!node) {
    node = el(
      "li",
      {},
      el(
        "a",
        {
          href: `#${encodeURIComponent(name)}`,
          "data-testid": "room-item",
          "data-room": name,
        },
        el("span", { class: "hash", "aria-hidden": "true" }, "#"),
        el("span", { class: "room-name" }, name),
        el("span", { class: "room-people" }),
        el("span", { class: "badge", "data-testid": "room-unread" }),
      ),
    );
    items.set(name, node);
  }
  const link = /** @type {HTMLElement} */ (node.firstElementChild);
  const [, , count, badge] = /** @type {HTMLElement[]} */ ([...link.children]);
  if (active) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
  setText(count, people > 0 ? String(people) : "");
  count.title = people > 0 ? `${counted(people, "person", "people")} here` : "";
  count.hidden = unread > 0;
  badge.hidden = unread === 0;
  setText(badge, unread > 99 ? "99+" : String(unread));
  badge.setAttribute("aria-label", counted(unread, "new message"));
  return node;
}

/** @param {(room: string) => void} open */
export function listenForRooms(open) {
  const input = /** @type {HTMLInputElement} */ (byId("new-room-input"));
  const error = byId("new-room-error");
  byId("new-room").addEventListener("submit", (event) => {
    event.preventDefault();
    const checked = checkRoom(input.value);
    setText(error, checked.error ?? "");
    if (checked.value === undefined) {
      input.focus();
      return;
    }
    input.value = "";
    open(checked.value);
  });
  input.addEventListener("input", () => setText(error, ""));
}

/** Who is in the room, and how each of them is connected. */
import { arrange, byId, el, paintAvatar, setText } from "./dom.js";
import { generationName, isSlow, transportName } from "./format.js";

/** @typedef {import("../types.d.ts").Person} Person */

/** @type {Map<string, HTMLElement>} */
const items = new Map();

/** @param {readonly Person[]} people @param {string} self @param {boolean} known */
export function showPeople(people, self, known) {
  const sorted = [...people].sort(
    (a, b) =>
      Number(b.name === self) - Number(a.name === self) ||
      a.name.localeCompare(b.name),
  );
  arrange(
    byId("people"),
    sorted.map((person) => item(person, person.name === self)),
  );
  const ids = new Set(people.map(({ id }) => id));
  for (const id of items.keys()) if (!ids.has(id)) items.delete(id);
  byId("people-empty").hidden = known;
  const count = known ? String(people.length) : "";
  setText(byId("people-count"), count);
  setText(byId("people-count-short"), count);
}

/** @param {Person} person @param {boolean} self */
function item({ id, name, transport, protocol, generations }, self) {
  let node = items.get(id);
  if (!node) {
    node = el(
      "li",
      { "data-testid": "person" },
      el("span", { class: "avatar", "aria-hidden": "true" }),
      el(
        "div",
        {},
        el("p", { class: "person-name" }, el("strong"), el("span")),
        el(
          "p",
          { class: "chips" },
          el("span", { class: "chip" }),
          el("span", { class: "chip generation", "data-testid": "generation" }),
        ),
      ),
    );
    items.set(id, node);
  }
  const [title, chips] = /** @type {NodeListOf<HTMLElement>} */ (
    node.querySelectorAll("p")
  );
  Object.assign(node.dataset, { name, transport, protocol: String(protocol) });
  paintAvatar(/** @type {HTMLElement} */ (node.firstElementChild), name);
  setText(title.children[0], name);
  setText(title.children[1], self ? "you" : "");
  setText(chips.children[0], transportName(transport));
  chips.children[0].classList.toggle("slow", isSlow(transport));
  const generation = /** @type {HTMLElement} */ (chips.children[1]);
  setText(generation, generationName(generations));
  generation.title = `Speaks as Socket.IO ${generations.join(", ")} do: protocol ${protocol}`;
  return node;
}

/** @param {ReadonlyMap<string, unknown>} typing */
export function showTyping(typing) {
  const names = [...typing.keys()];
  const text =
    names.length === 0
      ? ""
      : names.length === 1
        ? `${names[0]} is typing`
        : names.length === 2
          ? `${names[0]} and ${names[1]} are typing`
          : "Several people are typing";
  const box = byId("typing");
  if (box.dataset.text === text) return;
  box.dataset.text = text;
  const dots = el(
    "span",
    { class: "dots", "aria-hidden": "true" },
    el("i"),
    el("i"),
    el("i"),
  );
  box.replaceChildren(...(text ? [dots, text] : []));
}

/**
 * Makes and orders elements. Texts become text nodes, so nothing that somebody
 * wrote is ever read as HTML.
 */

/** @typedef {Node | string | undefined | false} Child */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean | undefined | ((event: Event) => void)>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false)
      element.setAttribute(name, value);
  }
  element.append(
    ...children.filter((child) => child !== undefined && child !== false),
  );
  return element;
}

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element #${id}.`);
  return /** @type {T} */ (element);
}

/**
 * Gives the parent these children and moves only what has to move, so that
 * focus, selection and running animations stay.
 * @param {Element} parent
 * @param {readonly Element[]} wanted
 */
export function arrange(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children])
    if (!keep.has(child)) child.remove();
  wanted.forEach((child, index) => {
    const there = parent.children[index];
    if (there !== child) parent.insertBefore(child, there ?? null);
  });
}

/** Sets the text only if it differs: screen readers speak every change. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Says something to screen readers. @param {string} text */
export function announce(text) {
  setText(byId("announcer"), text);
}

/** @param {string} name */
export function hueOf(name) {
  let hash = 7;
  for (const char of name.toLowerCase())
    hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 9973;
  return String((hash * 47) % 360);
}

/** Colours an avatar and writes the initials into it. @param {HTMLElement} element @param {string} name */
export function paintAvatar(element, name) {
  const parts = name.split(/[\s._-]+/).filter(Boolean);
  const letters = parts.length > 1 ? [parts[0], parts[1]] : [parts[0]];
  setText(
    element,
    letters.map((part) => [...(part ?? "?")][0]?.toUpperCase()).join(""),
  );
  element.style.setProperty("--hue", hueOf(name));
}

/**
 * The icons, as paths on a square of 24. They are part of the page's code, so
 * that they are there when the server is not.
 */

const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h10",
  close: "m6 6 12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  check: "m5 12.5 4.5 4.5L19 7.5",
  down: "M12 5v14m-6-6 6 6 6-6",
  send: "M12 19V5m-6 6 6-6 6 6",
  download: "M12 4v11m-5-5 5 5 5-5M5 20h14",
  clock: "M4 12a8 8 0 1 0 16 0a8 8 0 1 0 -16 0z M12 7.5V12l3 2",
  alert: "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0 -17 0z M12 7.5v5.5m0 3v.1",
  copy: "M11.5 9h6a2.5 2.5 0 0 1 2.5 2.5v6a2.5 2.5 0 0 1-2.5 2.5h-6a2.5 2.5 0 0 1-2.5-2.5v-6a2.5 2.5 0 0 1 2.5-2.5z M5.5 15A1.5 1.5 0 0 1 4 13.5V6a2 2 0 0 1 2-2h7.5A1.5 1.5 0 0 1 15 5.5",
  clip: "m20 11.5-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8L9.6 17.3a1.7 1.7 0 0 1-2.4-2.4l7.5-7.5",
  file: "M14 3.5H7.5A2 2 0 0 0 5.5 5.5v13a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2V8zM14 3.5V8h4.5",
  people:
    "M5.5 8.5a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z M3 19.5c.5-3.5 3-5.2 6-5.2s5.5 1.7 6 5.2M16 5.3a3.5 3.5 0 0 1 0 6.4M18 14.8c1.7.8 2.7 2.4 3 4.7",
  terminal: "m5 7 5 5-5 5M12.5 18H19",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  sun: "M8 12a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z M12 3v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4",
  wave: "M20 11.5c0 4.1-3.8 7.5-8.5 7.5-1.2 0-2.3-.2-3.3-.6L4 20l1.2-3.7A7 7 0 0 1 3 11.5C3 7.4 6.8 4 11.5 4S20 7.4 20 11.5zM8 11.5h.1m3.4 0h.1m3.4 0h.1",
};

/** @typedef {keyof typeof PATHS} IconName */

const SPACE = "http://www.w3.org/2000/svg";

/** @param {SVGSVGElement} svg @param {IconName} name */
function draw(svg, name) {
  const path = document.createElementNS(SPACE, "path");
  path.setAttribute("d", PATHS[name]);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.replaceChildren(path);
}

/** @param {IconName} name */
export function icon(name) {
  const svg = document.createElementNS(SPACE, "svg");
  svg.setAttribute("class", "icon");
  draw(svg, name);
  return svg;
}

/** Draws the icons that index.html asks for. */
export function drawIcons() {
  /** @type {NodeListOf<SVGSVGElement>} */
  const empty = document.querySelectorAll("svg[data-icon]");
  for (const svg of empty)
    draw(svg, /** @type {IconName} */ (svg.dataset.icon));
}

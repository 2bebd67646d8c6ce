/**
 * The side panels. Where there is room they are always there; on small screens
 * one slides over the chat, takes the focus, and gives it back.
 */
import { byId } from "./dom.js";

/** @type {HTMLElement | undefined} */
let open;
/** @type {HTMLElement | undefined} */
let opener;

/** @param {HTMLElement} panel @param {HTMLElement} button */
function openPanel(panel, button) {
  closePanel();
  open = panel;
  opener = button;
  panel.classList.add("open");
  byId("backdrop").hidden = false;
  byId("chat").inert = true;
  /** @type {HTMLElement | null} */ (
    panel.querySelector("[data-close-panel]")
  )?.focus();
}

export function closePanel() {
  if (!open) return;
  open.classList.remove("open");
  byId("backdrop").hidden = true;
  byId("chat").inert = false;
  opener?.focus();
  open = undefined;
}

export function startPanels() {
  for (const name of ["rooms", "people"]) {
    const button = byId(`open-${name}`);
    button.addEventListener("click", () =>
      openPanel(byId(`${name}-panel`), button),
    );
  }
  for (const button of document.querySelectorAll("[data-close-panel]")) {
    button.addEventListener("click", closePanel);
  }
  byId("backdrop").addEventListener("click", closePanel);
  addEventListener(
    "keydown",
    (event) => event.key === "Escape" && closePanel(),
  );
  // What slid over the chat stands beside it when the window grows.
  for (const query of ["(min-width: 760px)", "(min-width: 1080px)"]) {
    matchMedia(query).addEventListener("change", closePanel);
  }
  followKeyboard();
}

/** Where the keyboard covers the page instead of resizing it (iOS), the page shrinks itself. */
function followKeyboard() {
  const view = window.visualViewport;
  if (!view) return;
  const fit = () => {
    const covered = innerHeight - view.height > 120 && view.scale === 1;
    document.documentElement.style.setProperty(
      "--height",
      covered ? `${view.height}px` : "100dvh",
    );
    if (covered) scrollTo(0, 0);
  };
  view.addEventListener("resize", fit);
}

/** The dialog that asks for a name: at the first visit, for a change, and when the name is taken. */
import { byId, setText } from "./dom.js";
import { checkName } from "./rules.js";

const dialog = /** @type {HTMLDialogElement} */ (byId("welcome"));
const input = /** @type {HTMLInputElement} */ (byId("name-input"));
const error = byId("name-error");

/**
 * @param {{ name: string, problem?: string, first?: boolean, optional?: boolean }} how
 *   `optional`: it can be closed without an answer
 */
export function askForName({
  name,
  problem = "",
  first = false,
  optional = false,
}) {
  dialog.dataset.optional = String(optional);
  setText(
    byId("welcome-title"),
    first ? "Welcome to the omnio chat" : "Your name in the chat",
  );
  byId("welcome-text").hidden = !first;
  byId("name-cancel").hidden = !optional;
  setText(byId("name-submit"), first ? "Join the chat" : "Use this name");
  setText(error, problem);
  input.value = name;
  if (!dialog.open) dialog.showModal();
  input.focus();
  input.select();
}

/** @param {(name: string) => void} onName */
export function startWelcome(onName) {
  byId("welcome-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const checked = checkName(input.value);
    setText(error, checked.error ?? "");
    if (checked.value === undefined) {
      input.focus();
      return;
    }
    dialog.close();
    onName(checked.value);
  });
  input.addEventListener("input", () => setText(error, ""));
  byId("name-cancel").addEventListener("click", () => dialog.close());
  dialog.addEventListener("cancel", (event) => {
    if (dialog.dataset.optional !== "true") event.preventDefault();
  });
}

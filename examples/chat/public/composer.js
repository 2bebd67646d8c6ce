/** Where a message is written: text, a file that was picked, pasted or dropped. */
import { byId, setText } from "./dom.js";
import { checkText, formatBytes, INLINE_TYPES, LIMITS } from "./rules.js";

const TYPING_EVERY = 2000;

const input = /** @type {HTMLTextAreaElement} */ (byId("composer-input"));
const picker = /** @type {HTMLInputElement} */ (byId("composer-file"));
const preview = /** @type {HTMLImageElement} */ (byId("attachment-preview"));
const drop = byId("drop");

/** @type {File | undefined} */
let attached;
let lastTyping = 0;
/** @type {Map<string, string>} what was begun in other rooms */
const drafts = new Map();
let room = "";

/** @param {string} name */
export function openDraft(name) {
  if (name === room) return;
  drafts.set(room, input.value);
  room = name;
  input.value = drafts.get(name) ?? "";
  input.placeholder = `Message #${name}`;
  showError("");
  fit();
}

/** Where one is expected to write next. */
export function focusComposer() {
  // On a phone this would open the keyboard over what one wants to read.
  if (matchMedia("(pointer: fine)").matches) input.focus();
}

/** @param {string} text */
function showError(text) {
  setText(byId("composer-error"), text);
}

/** @param {{ send: (text: string, file: File | undefined) => void, typing: () => void }} hooks */
export function startComposer({ send, typing }) {
  const submit = () => {
    const { value: text, error } = checkText(input.value);
    if (text === undefined) {
      showError(error);
    } else if (text !== "" || attached) {
      send(text, attached);
      input.value = "";
      lastTyping = 0;
      attach(undefined);
      fit();
    }
    input.focus();
  };
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  input.addEventListener("input", () => {
    showError("");
    fit();
    if (input.value.trim() === "" || Date.now() - lastTyping < TYPING_EVERY)
      return;
    lastTyping = Date.now();
    typing();
  });
  input.addEventListener("paste", (event) => {
    const file = event.clipboardData?.files[0];
    if (!file) return;
    event.preventDefault();
    attach(file);
  });
  picker.addEventListener("change", () => {
    attach(picker.files?.[0]);
    picker.value = "";
    input.focus();
  });
  byId("attachment-remove").addEventListener("click", () => {
    attach(undefined);
    input.focus();
  });
  // Not a link: the address after # is the room's.
  byId("skip").addEventListener("click", () => input.focus());
  listenForDrops();
}

function listenForDrops() {
  const target = byId("chat");
  const hasFile = (/** @type {DragEvent} */ event) =>
    event.dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    drop.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) drop.hidden = true;
  });
  addEventListener("drop", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    drop.hidden = true;
    const inChat =
      event.target instanceof Node && target.contains(event.target);
    if (inChat) attach(event.dataTransfer?.files[0]);
    input.focus();
  });
}

/** @param {File | undefined} file */
function attach(file) {
  if (preview.src) URL.revokeObjectURL(preview.src);
  preview.removeAttribute("src");
  showError("");
  attached = undefined;
  if (file && file.size > LIMITS.fileBytes) {
    showError(
      `${file.name} has ${formatBytes(file.size)}; the limit is ${formatBytes(LIMITS.fileBytes)}.`,
    );
  } else if (file && file.size === 0) {
    showError(`${file.name} is empty.`);
  } else {
    attached = file;
  }
  byId("attachment").hidden = !attached;
  if (!attached) return;
  const picture = INLINE_TYPES.includes(attached.type);
  if (picture) preview.src = URL.createObjectURL(attached);
  preview.hidden = !picture;
  byId("attachment-icon").classList.toggle("gone", picture);
  setText(byId("attachment-name"), attached.name);
  setText(byId("attachment-size"), formatBytes(attached.size));
}

/** The box grows with its text, and says when the text gets too long. */
function fit() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight}px`;
  const left = LIMITS.text - input.value.length;
  const note = byId("composer-left");
  note.hidden = left > 200;
  note.classList.toggle("over", left < 0);
  setText(note, note.hidden ? "" : String(left));
}

/**
 * Files in the chat: pictures are fetched when they are shown, other files
 * when somebody wants them. Object URLs are given back when nothing shows them.
 */
import { ask } from "./connection.js";
import { INLINE_TYPES } from "./rules.js";

/** @typedef {import("./model.js").Shown} Shown */
/** @typedef {{ state: "loading" | "ready" | "late" | "gone", url?: string }} Picture */

/** @type {Map<string, Picture>} by message id */
const pictures = new Map();
let onChange = () => {};

/** @param {() => void} listener called when a picture is there */
export function onPicture(listener) {
  onChange = listener;
}

/** @param {Shown} message */
export function isPicture(message) {
  return (
    message.file?.inline === true && INLINE_TYPES.includes(message.file.type)
  );
}

/** @param {Shown} message @returns {Picture} */
export function pictureOf(message) {
  let picture = pictures.get(message.id);
  if (!picture) {
    picture = message.blob
      ? { state: "ready", url: URL.createObjectURL(message.blob) }
      : { state: "late" };
    pictures.set(message.id, picture);
    if (!message.blob) void load(message, picture);
  }
  return picture;
}

/** Tries again what failed while there was no connection. @param {Iterable<Shown>} messages */
export function loadLate(messages) {
  for (const message of messages) {
    const picture = pictures.get(message.id);
    if (picture?.state === "late") void load(message, picture);
  }
}

/** @param {Shown} message @param {Picture} picture */
async function load(message, picture) {
  picture.state = "loading";
  try {
    const bytes = await fetchBytes(message);
    picture.state = bytes ? "ready" : "gone";
    if (bytes)
      picture.url = URL.createObjectURL(
        new Blob([bytes], { type: message.file?.type }),
      );
  } catch {
    picture.state = "late";
  }
  if (pictures.get(message.id) === picture) onChange();
  else if (picture.url) URL.revokeObjectURL(picture.url);
}

/**
 * @param {Shown} message
 * @returns {Promise<BlobPart | undefined>} nothing if the server no longer has it
 */
async function fetchBytes({ room, id }) {
  const answer = await ask("file", { room, id }, 30_000);
  return answer.ok ? answer.data : undefined;
}

/** @param {Set<string>} ids of the messages that exist */
export function keepOnly(ids) {
  for (const [id, { url }] of pictures) {
    if (ids.has(id)) continue;
    if (url) URL.revokeObjectURL(url);
    pictures.delete(id);
  }
}

/**
 * Saves the file, never as something that the browser would open.
 * @param {Shown} message
 * @returns {Promise<boolean>} false: the server no longer has it
 */
export async function download(message) {
  const bytes = message.blob ?? (await fetchBytes(message));
  if (!bytes) return false;
  const blob = new Blob([bytes], { type: "application/octet-stream" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = message.file?.name ?? "file";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 30_000);
  return true;
}

/**
 * What a name, a room, a text and a file may be. The page and the server both
 * import this file, so what the page promises is what the server enforces.
 */

export const LIMITS = Object.freeze({
  /** Characters of a nickname. */
  name: 24,
  /** Characters of a room's name. */
  room: 24,
  /** Characters of one message. */
  text: 2000,
  /** Bytes of one file. */
  fileBytes: 2_000_000,
  /** Characters of a file's name. */
  fileName: 120,
  /** Messages that a room remembers. */
  history: 50,
  /** Rooms that one connection may be in. */
  roomsPerSocket: 20,
});

/** The room that is always there. */
export const LOBBY = "lobby";

/** Pictures that are shown in the chat; everything else is offered as a download. */
export const INLINE_TYPES = Object.freeze([
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
]);

/** @typedef {{ value: string, error?: undefined } | { value?: undefined, error: string }} Checked */

const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._'-]*$/u;
const ROOM = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}-]*$/u;
const STACKED_MARKS = /\p{M}{4,}/u;
const CONTROLS = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu;
const NOT_IN_FILE_NAMES = /[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|]/gu;

/**
 * @param {unknown} input
 * @returns {Checked}
 */
export function checkName(input) {
  if (typeof input !== "string" || input.length > 4 * LIMITS.name) {
    return { error: `A name is a text of at most ${LIMITS.name} characters.` };
  }
  const value = input.normalize("NFC").trim().replace(/\s+/g, " ");
  if (value === "") return { error: "Please enter a name." };
  if (value.length > LIMITS.name) {
    return { error: `A name has at most ${LIMITS.name} characters.` };
  }
  if (!NAME.test(value) || STACKED_MARKS.test(value)) {
    return {
      error:
        "A name starts with a letter or digit; letters, digits, spaces and . _ ' - may follow.",
    };
  }
  return { value };
}

/**
 * Turns what people type ("Coffee break") into a room's name ("coffee-break").
 * @param {unknown} input
 * @returns {Checked}
 */
export function checkRoom(input) {
  if (typeof input !== "string" || input.length > 4 * LIMITS.room) {
    return {
      error: `A room's name is a text of at most ${LIMITS.room} characters.`,
    };
  }
  const value = input
    .normalize("NFC")
    .trim()
    .replace(/^#/, "")
    .toLowerCase()
    .replace(/[\s_-]+/g, "-")
    .replace(/-$/, "");
  if (value === "") return { error: "Please enter the room's name." };
  if (value.length > LIMITS.room) {
    return { error: `A room's name has at most ${LIMITS.room} characters.` };
  }
  if (!ROOM.test(value) || STACKED_MARKS.test(value)) {
    return { error: "A room's name is made of letters, digits and hyphens." };
  }
  return { value };
}

/**
 * @param {unknown} input
 * @returns {Checked}
 */
export function checkText(input) {
  if (typeof input !== "string")
    return { error: "A message's text is a string." };
  if (input.length > 2 * LIMITS.text) {
    return { error: `A message has at most ${LIMITS.text} characters.` };
  }
  const value = input
    .replace(/\r\n?/g, "\n")
    .replace(CONTROLS, (char) => (char === "\n" || char === "\t" ? char : ""))
    .replace(/\n{4,}/g, "\n\n\n")
    .trim();
  if (value.length > LIMITS.text) {
    return { error: `A message has at most ${LIMITS.text} characters.` };
  }
  return { value };
}

/**
 * @param {unknown} input
 * @returns {Checked}
 */
export function checkFileName(input) {
  if (typeof input !== "string" || input.length > 1024) {
    return { error: "A file's name is a text of at most 120 characters." };
  }
  const clean = input
    .normalize("NFC")
    .replace(NOT_IN_FILE_NAMES, "_")
    .replace(/^[.\s]+|[.\s]+$/g, "");
  if (clean === "") return { value: "file" };
  if (clean.length <= LIMITS.fileName) return { value: clean };
  const ending = /\.[^.]{1,12}$/u.exec(clean)?.[0] ?? "";
  return { value: clean.slice(0, LIMITS.fileName - ending.length) + ending };
}

/** Names that look alike are one name. @param {string} name */
export function nameKey(name) {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s._'-]+/g, " ")
    .trim();
}

/** @param {number} bytes */
export function formatBytes(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${Number((bytes / 1_000_000).toFixed(1))} MB`;
}

/**
 * Reads what clients send. Whatever arrives is `unknown`; what leaves this
 * file has the promised types and lengths, or a `Refusal` was thrown whose
 * message can be shown to people.
 */
import { randomUUID } from "node:crypto";
import {
  checkFileName,
  checkName,
  checkRoom,
  checkText,
  formatBytes,
  INLINE_TYPES,
  LIMITS,
} from "../public/rules.js";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const KEY = /^[\w-]{16,64}$/;

export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{ retryAfter?: number, suggestion?: string }} [more]
   */
  constructor(code, message, more = {}) {
    super(message);
    this.code = code;
    this.more = more;
  }
}

/** @param {import("../public/rules.js").Checked} checked */
function valueOf(checked) {
  if (checked.error !== undefined) throw new Refusal("invalid", checked.error);
  return checked.value;
}

/**
 * @param {unknown} payload
 * @returns {Record<string, unknown>}
 */
function record(payload) {
  if (
    typeof payload !== "object" ||
    payload === null ||
    Array.isArray(payload)
  ) {
    throw new Refusal("invalid", "The event's first argument is an object.");
  }
  return { ...payload };
}

/** @param {unknown} payload */
export function readJoin(payload) {
  const { room, name, key } = record(payload);
  if (key !== undefined && (typeof key !== "string" || !KEY.test(key))) {
    throw new Refusal("invalid", "`key` has 16 to 64 letters, digits, - or _.");
  }
  return {
    room: valueOf(checkRoom(room)),
    name: valueOf(checkName(name)),
    key,
  };
}

/** For events that carry nothing but the room. @param {unknown} payload */
export function readRoom(payload) {
  return valueOf(checkRoom(record(payload).room));
}

/** @param {unknown} payload */
export function readFetch(payload) {
  return { room: readRoom(payload), id: readId(record(payload).id) };
}

/** @param {unknown} payload */
export function readMessage(payload) {
  const { room, id, text, file } = record(payload);
  const message = {
    room: valueOf(checkRoom(room)),
    id: id === undefined ? randomUUID() : readId(id),
    text: valueOf(checkText(text ?? "")),
    file: file === undefined ? undefined : readUpload(file),
  };
  if (message.text === "" && !message.file) {
    throw new Refusal("invalid", "A message has a text, a file, or both.");
  }
  return message;
}

/** @param {unknown} id */
function readId(id) {
  if (typeof id !== "string" || !UUID.test(id)) {
    throw new Refusal("invalid", "`id` is a UUID in lower case.");
  }
  return id;
}

/** @param {unknown} file */
function readUpload(file) {
  const { name, type, data } = record(file);
  const bytes = bytesOf(data);
  if (bytes.length === 0) throw new Refusal("invalid", "The file is empty.");
  if (bytes.length > LIMITS.fileBytes) {
    throw new Refusal(
      "too-large",
      `The file has ${formatBytes(bytes.length)}; the limit is ${formatBytes(LIMITS.fileBytes)}.`,
    );
  }
  const picture = pictureType(bytes);
  const card = {
    name: valueOf(checkFileName(name)),
    type: picture ?? plainType(type),
    size: bytes.length,
    inline: picture !== undefined,
  };
  return { card, bytes };
}

/**
 * @param {unknown} data
 * @returns {Uint8Array}
 */
function bytesOf(data) {
  if (data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  throw new Refusal(
    "invalid",
    "`file.data` is binary: a Buffer, Uint8Array or ArrayBuffer.",
  );
}

/** The type that a sender claims is only ever shown. @param {unknown} type */
function plainType(type) {
  const claimed =
    typeof type === "string" && /^[a-z]+\/[\w.+-]{1,60}$/.test(type);
  // A picture by name only must not look like one to the page.
  return claimed && !INLINE_TYPES.includes(type)
    ? type
    : "application/octet-stream";
}

/** Pictures are recognised by their first bytes. @param {Uint8Array} bytes */
function pictureType(bytes) {
  const head = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a"))
    return "image/gif";
  if (head.startsWith("RIFF") && head.slice(8) === "WEBP") return "image/webp";
  return undefined;
}

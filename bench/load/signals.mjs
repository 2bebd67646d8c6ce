/**
 * The first two bytes of the Engine.IO messages that a client has to tell
 * apart, as one number; the Engine.IO type alone where nothing follows it.
 */

/** @param {string} message */
export function headOf(message) {
  return (
    (message.charCodeAt(0) << 8) |
    (message.length > 1 ? message.charCodeAt(1) : 0)
  );
}

export const OPEN = headOf("0{");
export const PING = headOf("2");
export const PROBED = headOf("3p");
export const NOOP = headOf("6");
export const JOINED = headOf("40");
export const EVENT = headOf("42");
export const ACK = headOf("43");
export const BINARY_EVENT = headOf("45");
/** The head that a binary frame is reported with. */
export const ATTACHMENT = 0;

/** @param {number} signal */
export function unexpected(signal) {
  const text = String.fromCharCode(signal >> 8, signal & 255);
  return new Error(
    `unexpected message from the server: it begins with ${JSON.stringify(text)}`,
  );
}

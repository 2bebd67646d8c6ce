/**
 * The kinds of text that go by the name `EIO=3`, for servers that know which
 * of them their clients are.
 */
import type { Text } from "./dialect.js";
import { escapeJSON, fromByteString, isASCII } from "./utf8.js";

/** Text whose characters are the bytes of `text`. */
function toByteString(text: string): string {
  if (isASCII(text)) return text;
  let bytes = "";
  for (const byte of new TextEncoder().encode(text))
    bytes += String.fromCharCode(byte);
  return bytes;
}

const bytes: Text = {
  json: escapeJSON,
  write: toByteString,
  read: fromByteString,
};

/** The text of Socket.IO 1.0, of 1.1 to 1.7, and of 2.x. */
export const TEXTS = {
  auto: undefined,
  "1.0": { ...bytes, everywhere: true },
  "1.x": bytes,
  "2.x": {},
} satisfies Record<string, Text | undefined>;

/**
 * UTF-8 inside of text: Socket.IO 1.x wrote each character of a polling payload
 * as the characters U+0000 to U+00FF of its UTF-8 bytes.
 */

/** Text whose characters are the bytes of `text`. */
export function toByteString(text: string): string {
  if (isASCII(text)) return text;
  let bytes = "";
  for (const byte of new TextEncoder().encode(text))
    bytes += String.fromCharCode(byte);
  return bytes;
}

/**
 * The text whose bytes are the characters of `text`, or `undefined` where that
 * cannot be: a character is no byte, or the bytes are no UTF-8. Halves of
 * surrogate pairs are taken (1.x wrote them, as "WTF-8").
 */
export function fromByteString(text: string): string | undefined {
  if (isASCII(text)) return text;
  let result = "";
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code > 0x7f) {
      const more =
        code > 0xf4
          ? 0
          : code > 0xef
            ? 3
            : code > 0xdf
              ? 2
              : code > 0xc1
                ? 1
                : 0;
      if (more === 0) return undefined;
      code &= 0x3f >> more;
      for (let n = 0; n < more; n++) {
        const next = text.charCodeAt(++i) ^ 0x80;
        // Past the end charCodeAt is NaN, and NaN ^ 0x80 is 0x80.
        if (next > 0x3f) return undefined;
        code = (code << 6) | next;
      }
      // Longer than it needs to be, or beyond Unicode.
      if (code < [0x80, 0x80, 0x800, 0x10000][more] || code > 0x10ffff)
        return undefined;
    }
    result += String.fromCodePoint(code);
  }
  return result;
}

function isASCII(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

/** JSON with `\u` escapes for whatever is not ASCII: the same values in any text encoding. */
export function escapeJSON(text: string): string {
  return text.replace(
    /[^\0-\x7f]/g,
    (char) => "\\u" + char.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}

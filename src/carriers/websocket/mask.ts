/**
 * The XOR mask that every frame from a client carries (RFC 6455, section 5.3).
 * Unmasking touches each byte anyway, so it also finds out whether all of them
 * are ASCII, which makes the text cheaper to decode.
 */

const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Below this many bytes, making a view of 32-bit words costs more than it saves. */
const WORDS_PAY_FROM = 192;

/**
 * Unmasks `bytes[start, end)` in place and returns whether the result is ASCII.
 * `mask` holds the four bytes of the mask, first byte highest, as they apply
 * from `start` on (see `rotate`).
 */
export function unmask(
  bytes: Uint8Array,
  start: number,
  end: number,
  mask: number,
): boolean {
  let at = start;
  let seen = 0;
  if (end - start >= WORDS_PAY_FROM) {
    while (((bytes.byteOffset + at) & 3) !== 0) {
      const byte = (bytes[at] ?? 0) ^ (mask >>> 24);
      bytes[at++] = byte;
      seen |= byte;
      mask = rotate(mask, 1);
    }
    const count = (end - at) >>> 2;
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, count);
    const wordMask = LITTLE_ENDIAN ? swap(mask) : mask;
    let seenWords = 0;
    for (let i = 0; i < count; i++) {
      const word = (words[i] ?? 0) ^ wordMask;
      words[i] = word;
      seenWords |= word;
    }
    if ((seenWords & 0x80808080) !== 0) seen = 0x80;
    at += count << 2;
  }
  const m0 = mask >>> 24;
  const m1 = (mask >>> 16) & 0xff;
  const m2 = (mask >>> 8) & 0xff;
  const m3 = mask & 0xff;
  for (const last = end - 3; at < last; at += 4) {
    const b0 = (bytes[at] ?? 0) ^ m0;
    const b1 = (bytes[at + 1] ?? 0) ^ m1;
    const b2 = (bytes[at + 2] ?? 0) ^ m2;
    const b3 = (bytes[at + 3] ?? 0) ^ m3;
    bytes[at] = b0;
    bytes[at + 1] = b1;
    bytes[at + 2] = b2;
    bytes[at + 3] = b3;
    seen |= b0 | b1 | b2 | b3;
  }
  for (; at < end; at++) {
    const byte = (bytes[at] ?? 0) ^ (mask >>> 24);
    bytes[at] = byte;
    seen |= byte;
    mask = rotate(mask, 1);
  }
  return seen < 0x80;
}

/** The mask as it applies `bytes` further on. */
export function rotate(mask: number, bytes: number): number {
  const bits = (bytes & 3) << 3;
  return bits === 0 ? mask : (mask << bits) | (mask >>> (32 - bits));
}

function swap(word: number): number {
  return (
    (word << 24) |
    ((word & 0xff00) << 8) |
    ((word >>> 8) & 0xff00) |
    (word >>> 24)
  );
}

/** The `ArrayBuffer` that has these bytes and no others. */
export function toArrayBuffer({
  buffer,
  byteOffset,
  byteLength,
}: Uint8Array): ArrayBufferLike {
  return byteLength === buffer.byteLength
    ? buffer
    : buffer.slice(byteOffset, byteOffset + byteLength);
}

/**
 * Binary data inside arguments: finding it, taking it out as attachments with
 * placeholders left behind (`{"_placeholder":true,"num":0}`), putting it back.
 */
import { malformed } from "./raw.js";

/** Deeper arguments are refused in both directions, as walking them would overflow the stack. */
export const MAX_DEPTH = 1000;

export type Binary = ArrayBuffer | ArrayBufferView;

export function isBytes(value: unknown): value is Binary {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

/** A `Blob` or `File`: binary, but only to be read asynchronously. */
export function isBlob(value: unknown): value is Blob {
  return typeof Blob === "function" && value instanceof Blob;
}

export function toBytes(value: Binary): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
}

/**
 * Whether there is an `ArrayBuffer`, a view, a `Blob` or a `File` in a value.
 * @throws {RangeError} it is nested too deeply, or refers to itself
 */
export function hasBinary(value: unknown): boolean {
  return contains(value, (item) => isBytes(item) || isBlob(item));
}

/** Whether something in a value has to be read (`blob.arrayBuffer()`) before it can be encoded. */
export function hasBlob(value: unknown): boolean {
  return contains(value, isBlob);
}

function contains(
  value: unknown,
  is: (value: unknown) => boolean,
  depth = 0,
): boolean {
  if (!isObject(value)) return false;
  checkDepth(depth++);
  if (Array.isArray(value))
    return value.some((item) => contains(item, is, depth));
  if (is(value)) return true;
  if (isBytes(value)) return false;
  if (hasToJSON(value)) return contains(value.toJSON(), is, depth);
  for (const key in value) {
    if (contains(value[key], is, depth)) return true;
  }
  return false;
}

/**
 * A copy of `value` in which placeholders stand for the bytes; these are
 * appended to `found`.
 * @throws {RangeError} it is nested too deeply, or refers to itself
 * @throws {TypeError} there is a `Blob` in it
 */
export function extract(
  value: unknown,
  found: Uint8Array[],
  depth = 0,
): unknown {
  if (!isObject(value)) return value;
  if (isBytes(value))
    return { _placeholder: true, num: found.push(toBytes(value)) - 1 };
  if (isBlob(value)) throw blobInside();
  checkDepth(depth);
  const copy = (item: unknown) => extract(item, found, depth + 1);
  if (hasToJSON(value)) return copy(value.toJSON());
  if (Array.isArray(value)) return value.map(copy);
  // Defines properties, where an assignment to `__proto__` would not.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, copy(item)]),
  );
}

/**
 * Puts the attachments back, in place. `value` comes from JSON, no deeper than
 * {@link MAX_DEPTH}, so all of its properties are its own, and even one named
 * `__proto__` is set as plain data.
 * @throws {ProtocolError} a placeholder asks for an attachment that is not there
 */
export function restore(value: unknown, attachments: unknown[]): unknown {
  if (!isObject(value)) return value;
  const { _placeholder, num } = value;
  if (_placeholder === true) {
    if (typeof num === "number" && Object.hasOwn(attachments, num))
      return attachments[num];
    throw malformed("illegal attachments");
  }
  for (const key of Object.keys(value))
    value[key] = restore(value[key], attachments);
  return value;
}

/** @throws {RangeError} deeper than {@link MAX_DEPTH} */
export function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH)
    throw new RangeError(
      `cannot encode more than ${MAX_DEPTH} levels, or a circular reference`,
    );
}

export function blobInside(): TypeError {
  return new TypeError("cannot encode a Blob, send its `arrayBuffer()`");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

export function hasToJSON(value: object): value is { toJSON(): unknown } {
  return "toJSON" in value && typeof value.toJSON === "function";
}

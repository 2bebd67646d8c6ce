/**
 * Binary data inside arguments: finding it, taking it out as attachments with
 * placeholders left behind (`{"_placeholder":true,"num":0}`), putting it back.
 */
import { ProtocolError } from "./packet.js";

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
  return contains(value, isAnyBinary, 0);
}

/** Whether something in a value has to be read (`blob.arrayBuffer()`) before it can be encoded. */
export function hasBlob(value: unknown): boolean {
  return contains(value, isBlob, 0);
}

function isAnyBinary(value: object): boolean {
  return isBytes(value) || isBlob(value);
}

function contains(
  value: unknown,
  is: (value: object) => boolean,
  depth: number,
): boolean {
  if (typeof value !== "object" || value === null) return false;
  checkDepth(depth);
  if (Array.isArray(value)) {
    for (const item of value) {
      if (contains(item, is, depth + 1)) return true;
    }
    return false;
  }
  if (is(value)) return true;
  if (isBytes(value)) return false;
  if (hasToJSON(value)) return contains(value.toJSON(), is, depth + 1);
  for (const key in value) {
    if (Object.hasOwn(value, key) && contains(get(value, key), is, depth + 1))
      return true;
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
  if (typeof value !== "object" || value === null) return value;
  checkDepth(depth);
  if (Array.isArray(value))
    return value.map((item) => extract(item, found, depth + 1));
  if (isBytes(value))
    return { _placeholder: true, num: found.push(toBytes(value)) - 1 };
  if (isBlob(value)) throw blobInside();
  if (hasToJSON(value)) return extract(value.toJSON(), found, depth + 1);
  // fromEntries defines properties, where an assignment to `__proto__` would not.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      extract(item, found, depth + 1),
    ]),
  );
}

/**
 * Puts the attachments back, in place. `value` comes from JSON, no deeper than
 * {@link MAX_DEPTH}, so all of its properties are its own.
 * @throws {ProtocolError} a placeholder asks for an attachment that is not there
 */
export function restore(value: unknown, attachments: unknown[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (
    Object.hasOwn(value, "_placeholder") &&
    get(value, "_placeholder") === true
  ) {
    const num = Object.hasOwn(value, "num") ? get(value, "num") : undefined;
    if (
      typeof num !== "number" ||
      !Number.isInteger(num) ||
      num < 0 ||
      num >= attachments.length
    )
      throw new ProtocolError("packet", "placeholder of no attachment");
    return attachments[num];
  }
  for (const key of Object.keys(value)) {
    const item = get(value, key);
    const restored = restore(item, attachments);
    // The property exists, so even `__proto__` is set as plain data.
    if (restored !== item) Reflect.set(value, key, restored);
  }
  return value;
}

export function blobInside(): TypeError {
  return new TypeError(
    "a Blob cannot be encoded; send `await blob.arrayBuffer()` instead",
  );
}

/** @throws {RangeError} deeper than {@link MAX_DEPTH} */
export function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH)
    throw new RangeError(
      `cannot encode: nested more than ${MAX_DEPTH} levels deep, or a circular reference`,
    );
}

function get(value: object, key: string): unknown {
  return Reflect.get(value, key);
}

export function hasToJSON(value: object): value is { toJSON(): unknown } {
  return "toJSON" in value && typeof value.toJSON === "function";
}

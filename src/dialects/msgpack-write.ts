/**
 * MessagePack, writing. `undefined` and `Date` are the extension type 0 of the
 * package notepack.io, which all of its versions read.
 */
import {
  blobInside,
  checkDepth,
  hasToJSON,
  isBlob,
  isBytes,
  toBytes,
} from "./binary.js";

/**
 * @throws {RangeError} nested too deeply, or a circular reference
 * @throws {TypeError} a `Blob` or a `bigint` is in it
 */
export function encode(value: unknown): Uint8Array {
  const writer = new Writer();
  writer.value(value, 0);
  return writer.bytes.subarray(0, writer.length);
}

const utf8 = new TextEncoder();
const TWO_32 = 2 ** 32;
const TWO_63 = 2 ** 63;

/** The codes of one kind of value, by the size of the length that follows: none, 1, 2 or 4 bytes. */
interface Codes {
  fix?: { code: number; below: number };
  bits8?: number;
  bits16: number;
  bits32: number;
}
const STRING: Codes = {
  fix: { code: 0xa0, below: 0x20 },
  bits8: 0xd9,
  bits16: 0xda,
  bits32: 0xdb,
};
const BYTES: Codes = { bits8: 0xc4, bits16: 0xc5, bits32: 0xc6 };
const ARRAY: Codes = {
  fix: { code: 0x90, below: 0x10 },
  bits16: 0xdc,
  bits32: 0xdd,
};
const MAP: Codes = {
  fix: { code: 0x80, below: 0x10 },
  bits16: 0xde,
  bits32: 0xdf,
};
const UNSIGNED: Codes = {
  fix: { code: 0, below: 0x80 },
  bits8: 0xcc,
  bits16: 0xcd,
  bits32: 0xce,
};

class Writer {
  bytes = new Uint8Array(256);
  length = 0;
  #view = new DataView(this.bytes.buffer);
  #room = 0;

  value(value: unknown, depth: number): void {
    switch (typeof value) {
      case "string":
        this.#body(STRING, utf8.encode(value));
        break;
      case "number":
        this.#number(value);
        break;
      case "boolean":
        this.#code(value ? 0xc3 : 0xc2, 0);
        break;
      case "undefined":
        // fixext 1, its type and its data both 0.
        this.#code(0xd4, 2).setUint16(this.#room, 0);
        break;
      case "object":
        if (value === null) this.#code(0xc0, 0);
        else this.#object(value, depth);
        break;
      case "bigint":
        throw new TypeError("cannot encode a bigint");
      default:
        // Functions and symbols are null, as in JSON.
        this.#code(0xc0, 0);
    }
  }

  #object(value: object, depth: number): void {
    checkDepth(depth);
    if (Array.isArray(value)) {
      this.#head(ARRAY, value.length);
      for (const item of value) this.value(item, depth + 1);
    } else if (value instanceof Date) {
      this.#date(value.getTime());
    } else if (isBytes(value)) {
      this.#body(BYTES, toBytes(value));
    } else if (isBlob(value)) {
      throw blobInside();
    } else if (hasToJSON(value)) {
      this.value(value.toJSON(), depth + 1);
    } else {
      const entries = Object.entries(value).filter(
        ([, item]) => typeof item !== "function",
      );
      this.#head(MAP, entries.length);
      for (const [key, item] of entries) {
        this.#body(STRING, utf8.encode(key));
        this.value(item, depth + 1);
      }
    }
  }

  #number(value: number): void {
    if (!Number.isInteger(value) || Math.abs(value) >= TWO_63)
      this.#code(0xcb, 8).setFloat64(this.#room, value);
    else if (value >= TWO_32)
      this.#code(0xcf, 8).setBigUint64(this.#room, BigInt(value));
    else if (value >= 0) this.#head(UNSIGNED, value);
    else if (value >= -0x20) this.#code(value & 0xff, 0);
    else if (value >= -0x80) this.#code(0xd0, 1).setInt8(this.#room, value);
    else if (value >= -0x8000) this.#code(0xd1, 2).setInt16(this.#room, value);
    else if (value >= -0x80000000)
      this.#code(0xd2, 4).setInt32(this.#room, value);
    else this.#code(0xd3, 8).setBigInt64(this.#room, BigInt(value));
  }

  #date(time: number): void {
    if (Number.isNaN(time)) {
      this.#code(0xc0, 0);
    } else {
      // fixext 8, type 0.
      const view = this.#code(0xd7, 9);
      view.setInt8(this.#room, 0);
      view.setBigInt64(this.#room + 1, BigInt(time));
    }
  }

  #body(codes: Codes, body: Uint8Array): void {
    this.#head(codes, body.length);
    const at = this.#reserve(body.length);
    this.bytes.set(body, at);
  }

  /** A code, and the length (or the number) that it announces. */
  #head({ fix, bits8, bits16, bits32 }: Codes, n: number): void {
    if (fix && n < fix.below) this.#code(fix.code + n, 0);
    else if (bits8 && n < 0x100) this.#code(bits8, 1).setUint8(this.#room, n);
    else if (n < 0x10000) this.#code(bits16, 2).setUint16(this.#room, n);
    else this.#code(bits32, 4).setUint32(this.#room, n);
  }

  /** Writes a code, and makes room after it: in the view that is returned, at `#room`. */
  #code(code: number, size: number): DataView {
    const at = this.#reserve(1 + size);
    this.bytes[at] = code;
    this.#room = at + 1;
    return this.#view;
  }

  #reserve(size: number): number {
    const at = this.length;
    this.length += size;
    if (this.length > this.bytes.length) {
      const bytes = new Uint8Array(Math.max(this.length, 2 * at));
      bytes.set(this.bytes);
      this.bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    return at;
  }
}

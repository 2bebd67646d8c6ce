/**
 * MessagePack, reading: linear in time, and bounded by the input in memory and
 * depth, as every length is compared with what is left before anything is made.
 */
import { type Binary, MAX_DEPTH, toBytes } from "./binary.js";
import { ProtocolError } from "./packet.js";

/**
 * Binary values are parts of the input, not copies: `ArrayBuffer` if the input
 * is one, otherwise of the input's own class (`Buffer`, `Uint8Array`).
 * @throws {ProtocolError} it is not one value of MessagePack
 */
export function decode(input: Binary): unknown {
  const reader = new Input(toBytes(input), input instanceof ArrayBuffer);
  const value = reader.value(0);
  if (reader.left > 0) throw malformed("bytes after the value");
  return value;
}

const PLAIN = { enumerable: true, configurable: true, writable: true };
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

class Input {
  #at = 0;
  #view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly asArrayBuffer: boolean,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.#at;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw malformed("nested too deeply");
    const code = this.#uint(1);
    if (code < 0x80) return code;
    if (code < 0x90) return this.#map(code & 0x0f, depth);
    if (code < 0xa0) return this.#array(code & 0x0f, depth);
    if (code < 0xc0) return this.#string(code & 0x1f);
    if (code >= 0xe0) return code - 0x100;
    switch (code) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#binary(this.#uint(1 << (code - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#uint(1 << (code - 0xc7)), false);
      case 0xca:
        return this.#view.getFloat32(this.#take(4));
      case 0xcb:
        return this.#view.getFloat64(this.#take(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#uint(1 << (code - 0xcc));
      case 0xcf:
        return Number(this.#view.getBigUint64(this.#take(8)));
      case 0xd0:
        return this.#view.getInt8(this.#take(1));
      case 0xd1:
        return this.#view.getInt16(this.#take(2));
      case 0xd2:
        return this.#view.getInt32(this.#take(4));
      case 0xd3:
        return Number(this.#view.getBigInt64(this.#take(8)));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (code - 0xd4), true);
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#string(this.#uint(1 << (code - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#uint(2 << (code - 0xdc)), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#uint(2 << (code - 0xde)), depth);
    }
    throw malformed("unknown code");
  }

  /** Moves on by `size` bytes; returns where they begin. */
  #take(size: number): number {
    if (size > this.left) throw malformed("length beyond the end");
    const at = this.#at;
    this.#at += size;
    return at;
  }

  #uint(size: number): number {
    const at = this.#take(size);
    if (size === 1) return this.bytes[at];
    return size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #slice(length: number): Uint8Array {
    const at = this.#take(length);
    return this.bytes.subarray(at, at + length);
  }

  #string(length: number): string {
    return utf8.decode(this.#slice(length));
  }

  #binary(length: number): Binary {
    const slice = this.#slice(length);
    return this.asArrayBuffer ? copy(slice) : slice;
  }

  #array(length: number, depth: number): unknown[] {
    if (length > this.left) throw malformed("length beyond the end");
    const array: unknown[] = [];
    for (let i = 0; i < length; i++) array.push(this.value(depth + 1));
    return array;
  }

  #map(length: number, depth: number): Record<string, unknown> {
    if (2 * length > this.left) throw malformed("length beyond the end");
    const map: Record<string, unknown> = {};
    for (let i = 0; i < length; i++) {
      const key = this.value(depth + 1);
      if (typeof key !== "string" && typeof key !== "number")
        throw malformed("a key that is no string");
      const value = this.value(depth + 1);
      // The one name for which an assignment would not make a property.
      if (key === "__proto__")
        Object.defineProperty(map, key, { ...PLAIN, value });
      else map[key] = value;
    }
    return map;
  }

  /** Type 0 is notepack's own: `undefined`, `Date`, `ArrayBuffer`. Type -1 is the standard's timestamp. */
  #extension(length: number, fixed: boolean): unknown {
    const type = this.#view.getInt8(this.#take(1));
    const at = this.#at;
    const data = this.#slice(length);
    const view = this.#view;
    if (type === 0) {
      if (!fixed) return copy(data);
      if (length === 1) return undefined;
      if (length === 8) return new Date(Number(view.getBigInt64(at)));
    } else if (type === -1) {
      if (length === 4) return new Date(view.getUint32(at) * 1e3);
      if (length === 8) {
        // 30 bits of ns, 34 bits of s.
        const high = view.getUint32(at);
        const seconds = (high & 3) * 2 ** 32 + view.getUint32(at + 4);
        return new Date(seconds * 1e3 + (high >>> 2) / 1e6);
      }
      if (length === 12) {
        const seconds = Number(view.getBigInt64(at + 4));
        return new Date(seconds * 1e3 + view.getUint32(at) / 1e6);
      }
    }
    return [type, data];
  }
}

function copy(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function malformed(what: string): ProtocolError {
  return new ProtocolError("packet", `invalid MessagePack: ${what}`);
}

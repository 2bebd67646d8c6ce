/**
 * What the WebSocket carrier needs from the runtime it lives in: memory, text,
 * a hash, and the stream below. Each has a default made of the web's standard
 * classes where there is one; a runtime passes its own where that is faster.
 */

/** Text to bytes and back. */
export interface TextCodec {
  /** The text of bytes that are known to be ASCII. */
  ascii(bytes: Uint8Array, start: number, end: number): string;
  /**
   * The text of bytes that claim to be UTF-8; a byte order mark is kept.
   * @throws if they are not
   */
  decode(bytes: Uint8Array, start: number, end: number): string;
  /** How many bytes `write` will write. */
  byteLength(text: string): number;
  /** Writes UTF-8 (lone surrogates as U+FFFD) and returns how many bytes that took. */
  write(text: string, into: Uint8Array, at: number): number;
}

/** Where frames and messages are built. */
export interface FramePorts {
  readonly text: TextCodec;
  /**
   * Memory of its own for a message or a frame, in the class of bytes that the
   * runtime's users expect. It may be uninitialised: every byte is written
   * before any of it is handed on.
   */
  allocate(size: number): Uint8Array;
}

/** The byte stream below a WebSocket: a TCP or TLS socket. */
export interface ByteStream {
  /** Sends bytes, in order. They may be shared with other streams: never changed, never kept for reuse. */
  write(bytes: Uint8Array | readonly Uint8Array[]): void;
  /** Sends characters up to U+00FF as one byte each, where that costs less than making bytes of them first. */
  writeText?(text: string): void;
  /** Bytes accepted and not yet taken by the kernel. */
  readonly bufferedBytes: number;
  /** Calls once, when they have been taken. */
  onceDrained(task: () => void): void;
  /** Sends what was written, then says that nothing follows. Reading goes on. */
  end(): void;
  /** Drops the stream, with what is still buffered. */
  destroy(): void;
}

/** The base64 of the SHA-1 of an ASCII text. */
export type Sha1 = (text: string) => string;

/** The sixteen bytes of the MD5. */
export type Md5 = (bytes: Uint8Array) => Uint8Array;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

const decode = (bytes: Uint8Array, start: number, end: number): string =>
  decoder.decode(bytes.subarray(start, end));

/** Ports made of nothing but the web's standard classes. */
export const portablePorts: FramePorts = {
  text: {
    ascii: decode,
    decode,
    byteLength(text) {
      let bytes = text.length;
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        if (unit < 0x80) continue;
        if (unit < 0x800) {
          bytes++;
        } else {
          bytes += 2;
          // Two code units, four bytes; a lone surrogate becomes U+FFFD, three.
          if (unit >= 0xd800 && unit < 0xdc00) {
            const next = text.charCodeAt(i + 1);
            if (next >= 0xdc00 && next < 0xe000) i++;
          }
        }
      }
      return bytes;
    },
    write: (text, into, at) =>
      encoder.encodeInto(text, into.subarray(at)).written,
  },
  allocate: (size) => new Uint8Array(size),
};

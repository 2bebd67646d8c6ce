/**
 * What the tests of this folder share: frames as a client writes them, frames
 * as a server writes them, and handlers that remember what they heard.
 */
import {
  FrameDecoder,
  type FrameHandler,
} from "../../../src/carriers/websocket/decoder.js";
import type {
  ByteStream,
  FramePorts,
} from "../../../src/carriers/websocket/ports.js";
import { portablePorts } from "../../../src/carriers/websocket/ports.js";
import { framePorts as nodePorts } from "../../../src/node/frame-ports.js";

export const PORTS: [string, FramePorts][] = [
  ["portable ports", portablePorts],
  ["Node's ports", nodePorts],
];

/** Bytes from hex, spaces allowed. */
export const hex = (text: string): Uint8Array =>
  Buffer.from(text.replace(/\s/g, ""), "hex");
export const toHex = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString("hex");
export const utf8 = (text: string): Uint8Array => Buffer.from(text);
export const concat = (pieces: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat(pieces);

export interface ClientFrame {
  opcode: number;
  payload?: Uint8Array;
  fin?: boolean;
  /** The three reserved bits, 0 to 7. */
  reserved?: number;
  /** `null`: not masked. */
  mask?: Uint8Array | null;
  /** The length that the header tells, if not the payload's. */
  announced?: bigint;
  /** How the length is written, if not in the shortest way. */
  lengthBytes?: 0 | 2 | 8;
}

/** A frame as a client writes it, or as it should not. */
export function clientFrame(frame: ClientFrame): Uint8Array {
  const payload = frame.payload ?? new Uint8Array(0);
  const mask = frame.mask === undefined ? hex("37fa213d") : frame.mask;
  const length = frame.announced ?? BigInt(payload.length);
  const lengthBytes =
    frame.lengthBytes ?? (length < 126n ? 0 : length < 65536n ? 2 : 8);
  const first =
    (frame.fin === false ? 0 : 0x80) |
    ((frame.reserved ?? 0) << 4) |
    frame.opcode;
  const short =
    lengthBytes === 0 ? Number(length) : lengthBytes === 2 ? 126 : 127;
  const long = Buffer.alloc(8);
  long.writeBigUInt64BE(length);
  return concat([
    Uint8Array.of(first, (mask === null ? 0 : 0x80) | short),
    long.subarray(8 - lengthBytes),
    mask ?? new Uint8Array(0),
    payload.map((byte, i) => byte ^ (mask?.[i & 3] ?? 0)),
  ]);
}

export const text = (
  content: string,
  frame: Partial<ClientFrame> = {},
): Uint8Array => clientFrame({ opcode: 1, payload: utf8(content), ...frame });
export const binary = (
  payload: Uint8Array,
  frame: Partial<ClientFrame> = {},
): Uint8Array => clientFrame({ opcode: 2, payload, ...frame });
export const continuation = (
  payload: Uint8Array,
  frame: Partial<ClientFrame> = {},
): Uint8Array => clientFrame({ opcode: 0, payload, ...frame });
export const ping = (payload: Uint8Array = new Uint8Array(0)): Uint8Array =>
  clientFrame({ opcode: 9, payload });
export const pong = (payload: Uint8Array = new Uint8Array(0)): Uint8Array =>
  clientFrame({ opcode: 10, payload });
export const closePayload = (code?: number, reason = ""): Uint8Array =>
  code === undefined
    ? new Uint8Array(0)
    : concat([Uint8Array.of(code >> 8, code & 255), utf8(reason)]);
export const close = (code?: number, reason = ""): Uint8Array =>
  clientFrame({ opcode: 8, payload: closePayload(code, reason) });

/** What a handler heard, in a form that compares. Bytes are hex. */
export type Heard =
  | ["text", string]
  | ["binary", string]
  | ["ping" | "pong", string]
  | ["close", number, string]
  | ["error", number];

export class Recorder implements FrameHandler {
  readonly heard: Heard[] = [];
  readonly faults: string[] = [];
  readonly messages: (string | Uint8Array)[] = [];
  onMessage(message: string | Uint8Array): void {
    this.messages.push(message);
    this.heard.push(
      typeof message === "string"
        ? ["text", message]
        : ["binary", toHex(message)],
    );
  }
  onPing(data: Uint8Array): void {
    this.heard.push(["ping", toHex(data)]);
  }
  onPong(data: Uint8Array): void {
    this.heard.push(["pong", toHex(data)]);
  }
  onClose(code: number, reason: string): void {
    this.heard.push(["close", code, reason]);
  }
  onError(code: number, message: string): void {
    this.heard.push(["error", code]);
    this.faults.push(message);
  }
}

/** Decodes chunks, each in memory that is overwritten right after it was read. */
export function decode(
  chunks: readonly Uint8Array[],
  {
    limit = 1e6,
    ports = portablePorts,
  }: { limit?: number; ports?: FramePorts } = {},
): Recorder {
  const recorder = new Recorder();
  const decoder = new FrameDecoder(recorder, limit, ports);
  for (const chunk of chunks) {
    const reused = Uint8Array.from(chunk);
    decoder.push(reused);
    reused.fill(0xee);
  }
  // What was delivered as bytes must not have been a view of a chunk.
  recorder.messages.forEach((message, i) => {
    if (typeof message === "string") return;
    const told = recorder.heard.filter(
      ([kind]) => kind === "text" || kind === "binary",
    )[i]?.[1];
    if (told !== toHex(message))
      throw new Error("a message changed after it was delivered");
  });
  return recorder;
}

/** Cuts bytes into pieces whose sizes are repeated as often as needed. */
export function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

/** Reads a server's frames in the plainest way there is. */
export function serverFrames(
  bytes: Uint8Array,
): { first: number; payload: Uint8Array }[] {
  const view = Buffer.from(bytes);
  const frames: { first: number; payload: Uint8Array }[] = [];
  for (let at = 0; at < view.length;) {
    const first = view.readUInt8(at);
    const short = view.readUInt8(at + 1);
    if (short >= 0x80) throw new Error("a server must not mask");
    const [length, start] =
      short === 126
        ? [view.readUInt16BE(at + 2), at + 4]
        : short === 127
          ? [Number(view.readBigUInt64BE(at + 2)), at + 10]
          : [short, at + 2];
    if (start + length > view.length) throw new Error("a frame is cut short");
    frames.push({ first, payload: view.subarray(start, start + length) });
    at = start + length;
  }
  return frames;
}

/** A stream that remembers. */
export class FakeStream implements ByteStream {
  readonly writes: (Uint8Array | readonly Uint8Array[])[] = [];
  bufferedBytes = 0;
  onceDrained(): void {}
  ended = false;
  destroyed = false;
  write(bytes: Uint8Array | readonly Uint8Array[]): void {
    if (this.ended || this.destroyed) throw new Error("written after the end");
    this.writes.push(bytes);
  }
  end(): void {
    this.ended = true;
  }
  destroy(): void {
    this.destroyed = true;
  }
  /** All that was written. */
  get bytes(): Uint8Array {
    return concat(this.writes.flat());
  }
  /** The same, as frames: first byte and payload in hex. */
  get frames(): [number, string][] {
    return serverFrames(this.bytes).map(({ first, payload }) => [
      first,
      toHex(payload),
    ]);
  }
}

/**
 * Reads the frames of the WebSocket drafts hixie-75 and hixie-76: a zero byte,
 * UTF-8, and the byte FF, which UTF-8 never has. Like `FrameDecoder` it never
 * writes, never keeps the chunk it was given, and lets no message grow beyond
 * the limit.
 */
import { Gathered } from "./gathered.js";
import type { FramePorts } from "./ports.js";
import { CLOSE, OPCODE } from "./protocol.js";

/** The bytes around a text. */
export const START = 0x00;
export const END = 0xff;

/** Who hears of the frames: called while `push` runs, in the order of the bytes. */
export interface HixieHandler {
  onMessage(message: string): void;
  /** The peer's close frame. The last call. */
  onClose(): void;
  /** The peer broke the protocol; `code` says it in the terms of RFC 6455. The last call. */
  onError(code: number, message: string): void;
}

/** What is not UTF-8 becomes U+FFFD, as in the servers of that time. */
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

export class HixieDecoder {
  /** What the next byte belongs to. */
  private within: "nothing" | "text" | "close" = "nothing";
  /** A message that arrives in pieces. */
  private message: Gathered | undefined = undefined;
  private stopped = false;

  constructor(
    private readonly handler: HixieHandler,
    /** The largest message, in bytes. */
    private readonly maxPayload: number,
    private readonly ports: FramePorts,
  ) {}

  /** Nothing is read any more, also of a chunk being read. */
  stop(): void {
    this.stopped = true;
    this.message = undefined;
  }

  /** Reads the bytes that came next. The chunk is free to be used for something else afterwards. */
  push(chunk: Uint8Array): void {
    let finished = false;
    try {
      for (let at = 0; at < chunk.length && !this.stopped;) {
        at =
          this.within === "text"
            ? this.readText(chunk, at)
            : this.readType(chunk, at);
      }
      finished = true;
    } finally {
      // A handler that throws leaves the rest of the chunk unread, and there
      // is no finding the next frame after a gap.
      if (!finished) this.stop();
    }
  }

  private readType(chunk: Uint8Array, at: number): number {
    const byte = chunk[at];
    if (this.within === "close") {
      if (byte === START) {
        this.stop();
        this.handler.onClose();
      } else
        this.fail(CLOSE.protocolError, "A close frame is the bytes FF and 00.");
    } else if (byte === START) this.within = "text";
    else if (byte === END) this.within = "close";
    // The drafts know frames of other types only to say that nobody sends them.
    else this.fail(CLOSE.protocolError, "A frame begins with the byte 00.");
    return at + 1;
  }

  private readText(chunk: Uint8Array, at: number): number {
    const found = chunk.indexOf(END, at);
    const end = found < 0 ? chunk.length : found;
    const { message } = this;
    if ((message?.length ?? 0) + end - at > this.maxPayload) {
      this.fail(
        CLOSE.tooBig,
        `The message is longer than the ${this.maxPayload} bytes that are allowed.`,
      );
    } else if (found < 0) {
      this.gather(chunk, at, end);
    } else {
      // The next message may begin before anyone hears of this one.
      this.within = "nothing";
      this.message = undefined;
      if (message === undefined) this.deliver(chunk, at, end);
      else if (this.gather(chunk, at, end, message))
        this.deliver(message.bytes, 0, message.length);
    }
    return end + 1;
  }

  /** `false`: after having failed for want of memory. */
  private gather(
    chunk: Uint8Array,
    at: number,
    end: number,
    message = (this.message ??= new Gathered(OPCODE.text, this.ports)),
  ): boolean {
    try {
      message.append(chunk, at, end, false, this.maxPayload);
      return true;
    } catch {
      this.fail(CLOSE.tooBig, "There is no memory for a message of this size.");
      return false;
    }
  }

  private deliver(bytes: Uint8Array, start: number, end: number): void {
    this.handler.onMessage(this.textOf(bytes, start, end));
  }

  private textOf(bytes: Uint8Array, start: number, end: number): string {
    try {
      return this.ports.text.decode(bytes, start, end);
    } catch {
      return lenient.decode(bytes.subarray(start, end));
    }
  }

  private fail(code: number, message: string): void {
    this.stop();
    this.handler.onError(code, message);
  }
}

/**
 * Reads the frames of one client (RFC 6455, section 5): bytes in, calls to a
 * handler out. It never writes and never keeps the chunk it was given. A frame
 * that lies whole in one chunk is decoded where it is; anything else is
 * gathered in one buffer that grows with what really arrived, so that neither
 * an announced length nor tiny chunks and fragments cost memory.
 */
import type { Unit } from "../../dialects/packet.js";
import { rotate, unmask } from "./mask.js";
import type { FramePorts } from "./ports.js";
import {
  CLOSE,
  isSendableCloseCode,
  MAX_CONTROL_PAYLOAD,
  OPCODE,
} from "./protocol.js";

/** Who hears of the frames: called while `push` runs, in the order of the bytes. */
export interface FrameHandler {
  onMessage(message: Unit): void;
  onPing(data: Uint8Array): void;
  onPong(data: Uint8Array): void;
  /** The peer's close frame; code 1005 if it had none. The last call. */
  onClose(code: number, reason: string): void;
  /** The peer broke the protocol; `code` is the close code to answer with. The last call. */
  onError(code: number, message: string): void;
}

/** The longest header: two bytes, a length of eight, a mask of four. */
const MAX_HEADER = 14;

/**
 * What a fragment counts, beside its payload, in the second account that each
 * message has: as many fragments as `maxPayload` has room for (15,625 for the
 * default of 1e6), and never fewer than MIN_FRAGMENTS.
 */
const FRAGMENT_COST = 64;
const MIN_FRAGMENTS = 64;

/** The first buffer of a message that arrives in pieces. */
const MIN_GATHER = 64;

const EMPTY = new Uint8Array(0);

/** What `readHeader` says if it has no header size to tell. */
const INCOMPLETE = 0;

export class FrameDecoder {
  /** The frame being read, from its header. */
  private opcode = 0;
  private fin = false;
  private mask = 0;
  private length = 0;
  /** Bytes of its payload still to come. */
  private remaining = 0;

  /** The start of a header that a chunk ended in. */
  private head: Uint8Array | undefined = undefined;
  private headLength = 0;

  /** A control frame that arrives in pieces, perhaps amid a message. */
  private control: Uint8Array | undefined = undefined;

  /** The message that arrives in pieces: the first `gathered` bytes of `buffer`. */
  private buffer: Uint8Array = EMPTY;
  private gathered = 0;
  private ascii = true;
  /** The opcode of the fragmented message under way, otherwise 0. */
  private message = 0;
  private fragments = 0;

  private stopped = false;

  constructor(
    private readonly handler: FrameHandler,
    /** The largest message, in bytes. */
    private readonly maxPayload: number,
    private readonly ports: FramePorts,
  ) {}

  /** Nothing is read any more, also of a chunk being read. */
  stop(): void {
    this.stopped = true;
    this.buffer = EMPTY;
    this.control = undefined;
    this.head = undefined;
  }

  /**
   * Reads the bytes that came next. The chunk is changed (unmasked in place)
   * and free to be used for something else afterwards.
   */
  push(chunk: Uint8Array): void {
    if (this.stopped) return;
    let finished = false;
    try {
      this.read(chunk);
      finished = true;
    } finally {
      // A handler that throws leaves the rest of the chunk unread, and there
      // is no finding the next frame after a gap.
      if (!finished) this.stop();
    }
  }

  private read(chunk: Uint8Array): void {
    const end = chunk.length;
    let at = 0;
    if (this.remaining > 0) {
      at = this.continuePayload(chunk, 0);
    } else if (this.headLength > 0) {
      at = this.continueHeader(chunk);
    }
    while (at < end && !this.stopped) {
      const size = this.readHeader(chunk, at, end - at);
      if (this.stopped) return;
      if (size === INCOMPLETE) {
        this.keepHeader(chunk, at);
        return;
      }
      at = this.beginPayload(chunk, at + size);
    }
  }

  private keepHeader(chunk: Uint8Array, at: number): void {
    const head = new Uint8Array(MAX_HEADER);
    for (let i = at; i < chunk.length; i++) head[i - at] = chunk[i] ?? 0;
    this.head = head;
    this.headLength = chunk.length - at;
  }

  private continueHeader(chunk: Uint8Array): number {
    const head = this.head ?? EMPTY;
    const before = this.headLength;
    let length = before;
    for (let i = 0; i < chunk.length && length < MAX_HEADER; i++)
      head[length++] = chunk[i] ?? 0;
    const size = this.readHeader(head, 0, length);
    if (this.stopped) return 0;
    if (size === INCOMPLETE) {
      this.headLength = length;
      return chunk.length;
    }
    this.head = undefined;
    this.headLength = 0;
    return this.beginPayload(chunk, size - before);
  }

  /**
   * Reads and checks a header; what is there of it is checked even if the rest
   * is missing, so that the verdict does not depend on how bytes were cut.
   */
  private readHeader(bytes: Uint8Array, at: number, available: number): number {
    if (available < 2) return INCOMPLETE;
    const first = bytes[at] ?? 0;
    const second = bytes[at + 1] ?? 0;
    const opcode = first & 0x0f;
    const fin = first >= 0x80;
    let length = second & 0x7f;
    const fault = this.faultOf(first, second, length);
    if (fault !== undefined) {
      this.fail(CLOSE.protocolError, fault);
      return INCOMPLETE;
    }
    let maskAt = at + 2;
    if (length === 126) {
      if (available < 4) return INCOMPLETE;
      length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
      maskAt = at + 4;
    } else if (length === 127) {
      if (available < 10) return INCOMPLETE;
      length = 0;
      // Beyond 2^53 this is no longer exact, and far beyond any limit.
      for (let i = at + 2; i < at + 10; i++)
        length = length * 256 + (bytes[i] ?? 0);
      maskAt = at + 10;
    }
    if (
      opcode < OPCODE.close &&
      length > 0 &&
      !(
        this.gathered + length <=
        Math.min(this.maxPayload, Number.MAX_SAFE_INTEGER)
      )
    ) {
      this.fail(
        CLOSE.tooBig,
        `The message is longer than the ${this.maxPayload} bytes that are allowed.`,
      );
      return INCOMPLETE;
    }
    const size = maskAt - at + 4;
    if (available < size) return INCOMPLETE;
    this.opcode = opcode;
    this.fin = fin;
    this.length = length;
    this.mask =
      ((bytes[maskAt] ?? 0) << 24) |
      ((bytes[maskAt + 1] ?? 0) << 16) |
      ((bytes[maskAt + 2] ?? 0) << 8) |
      (bytes[maskAt + 3] ?? 0);
    return size;
  }

  /** What is wrong with a header's first two bytes. */
  private faultOf(
    first: number,
    second: number,
    length: number,
  ): string | undefined {
    if ((first & 0x70) !== 0)
      return "A reserved bit is set, and no extension was agreed on.";
    if (second < 0x80)
      return "The frame is not masked; a client must mask its frames.";
    const opcode = first & 0x0f;
    if (opcode >= OPCODE.close) {
      if (opcode > OPCODE.pong) return `There is no opcode ${opcode}.`;
      if (first < 0x80) return "A control frame must not be fragmented.";
      if (length > MAX_CONTROL_PAYLOAD) {
        return `A control frame carries at most ${MAX_CONTROL_PAYLOAD} bytes.`;
      }
      if (opcode === OPCODE.close && length === 1)
        return "A close code has two bytes, not one.";
      return undefined;
    }
    if (opcode > OPCODE.binary) return `There is no opcode ${opcode}.`;
    if (opcode === OPCODE.continuation) {
      return this.message === 0
        ? "A continuation came, and no message had begun."
        : undefined;
    }
    return this.message === 0
      ? undefined
      : "A new message came before the fragmented one had ended.";
  }

  /** The header is read; takes what the chunk has of the payload. */
  private beginPayload(chunk: Uint8Array, at: number): number {
    const end = at + this.length;
    if (this.opcode >= OPCODE.close) {
      if (end <= chunk.length) {
        unmask(chunk, at, end, this.mask);
        this.endControl(chunk, at, end);
        return end;
      }
      this.control = new Uint8Array(this.length);
    } else {
      if (end <= chunk.length && this.fin && this.message === 0) {
        this.deliver(
          this.opcode,
          chunk,
          at,
          end,
          unmask(chunk, at, end, this.mask),
        );
        return end;
      }
      if (!this.beginFragment()) return at;
    }
    this.remaining = this.length;
    return this.continuePayload(chunk, at);
  }

  private continuePayload(chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.length, at + this.remaining);
    const ascii = unmask(
      chunk,
      at,
      end,
      rotate(this.mask, this.length - this.remaining),
    );
    if (this.opcode >= OPCODE.close) {
      const control = this.control ?? EMPTY;
      copy(chunk, at, end, control, this.length - this.remaining);
      this.remaining -= end - at;
      if (this.remaining === 0) {
        this.control = undefined;
        this.endControl(control, 0, control.length);
      }
      return end;
    }
    if (!this.reserve(end - at)) return end;
    copy(chunk, at, end, this.buffer, this.gathered);
    this.gathered += end - at;
    this.remaining -= end - at;
    this.ascii &&= ascii;
    if (this.remaining === 0 && this.fin) this.endGathered();
    return end;
  }

  /** Charges a fragment to its message. */
  private beginFragment(): boolean {
    if (this.message === 0) this.message = this.opcode;
    this.fragments++;
    const allowed = Math.max(MIN_FRAGMENTS, this.maxPayload / FRAGMENT_COST);
    if (this.fragments <= allowed) return true;
    this.fail(CLOSE.policy, "The message has too many fragments for its size.");
    return false;
  }

  /** Makes room for bytes that are there, by doubling: as far as the message can still need. */
  private reserve(bytes: number): boolean {
    const needed = this.gathered + bytes;
    if (needed <= this.buffer.length) return true;
    const most = this.fin ? this.gathered + this.remaining : this.maxPayload;
    const size = Math.min(
      Math.max(needed, this.buffer.length * 2, MIN_GATHER),
      most,
    );
    try {
      const larger = this.ports.allocate(size);
      copy(this.buffer, 0, this.gathered, larger, 0);
      this.buffer = larger;
      return true;
    } catch {
      this.fail(CLOSE.tooBig, "There is no memory for a message of this size.");
      return false;
    }
  }

  /** The last fragment is in: the message starts anew before anyone hears of this one. */
  private endGathered(): void {
    const { buffer, gathered, message, ascii } = this;
    this.buffer = EMPTY;
    this.gathered = 0;
    this.message = 0;
    this.fragments = 0;
    this.ascii = true;
    if (
      message === OPCODE.binary &&
      buffer.length === gathered &&
      gathered > 0
    ) {
      this.handler.onMessage(buffer);
    } else {
      this.deliver(message, buffer, 0, gathered, ascii);
    }
  }

  private deliver(
    opcode: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    ascii: boolean,
  ): void {
    if (opcode === OPCODE.binary) {
      const message = this.ports.allocate(end - start);
      copy(bytes, start, end, message, 0);
      this.handler.onMessage(message);
      return;
    }
    const text = this.textOf(bytes, start, end, ascii);
    if (text !== undefined) this.handler.onMessage(text);
  }

  private endControl(bytes: Uint8Array, start: number, end: number): void {
    if (this.opcode === OPCODE.close) {
      this.endClose(bytes, start, end);
      return;
    }
    const data = this.ports.allocate(end - start);
    copy(bytes, start, end, data, 0);
    if (this.opcode === OPCODE.ping) this.handler.onPing(data);
    else this.handler.onPong(data);
  }

  private endClose(bytes: Uint8Array, start: number, end: number): void {
    if (start === end) {
      this.stop();
      this.handler.onClose(CLOSE.noCode, "");
      return;
    }
    const code = ((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0);
    if (!isSendableCloseCode(code)) {
      this.fail(CLOSE.protocolError, `The close code ${code} may not be sent.`);
      return;
    }
    const reason = this.textOf(bytes, start + 2, end, false);
    if (reason === undefined) return;
    this.stop();
    this.handler.onClose(code, reason);
  }

  /** The text of a message or reason; `undefined` after having failed for it. */
  private textOf(
    bytes: Uint8Array,
    start: number,
    end: number,
    ascii: boolean,
  ): string | undefined {
    if (start === end) return "";
    const { text } = this.ports;
    if (ascii) return text.ascii(bytes, start, end);
    try {
      return text.decode(bytes, start, end);
    } catch {
      this.fail(CLOSE.invalidText, "The text is not valid UTF-8.");
      return undefined;
    }
  }

  private fail(code: number, message: string): void {
    this.stop();
    this.handler.onError(code, message);
  }
}

/** Copies a few bytes one by one: below this, making a view costs more. */
const VIEW_PAYS_FROM = 64;

function copy(
  from: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
): void {
  if (end - start < VIEW_PAYS_FROM) {
    for (let i = start; i < end; i++) into[at++] = from[i] ?? 0;
  } else if (start === 0 && end === from.length) {
    into.set(from, at);
  } else {
    into.set(from.subarray(start, end), at);
  }
}

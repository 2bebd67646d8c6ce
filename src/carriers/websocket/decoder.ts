/**
 * Reads the frames of one peer (RFC 6455, section 5): bytes in, calls to a
 * handler out. It never writes and never keeps the chunk it was given. A frame
 * that lies whole in one chunk is decoded where it is; anything else is
 * gathered in one buffer that grows with what really arrived, so that neither
 * an announced length nor tiny chunks and fragments cost memory.
 */
import type { Unit } from "../../dialects/packet.js";
import { copy, Gathered } from "./gathered.js";
import { headerFault } from "./header.js";
import { rotate, unmask } from "./mask.js";
import type { FramePorts } from "./ports.js";
import { CLOSE, isSendableCloseCode, OPCODE } from "./protocol.js";

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

  /** A message that arrives in pieces. */
  private message: Gathered | undefined = undefined;

  private stopped = false;

  constructor(
    private handler: FrameHandler,
    /** The largest message, in bytes. */
    private readonly maxPayload: number,
    private readonly ports: FramePorts,
    /** The peer is a client, whose frames are masked. */
    private readonly fromClient = true,
  ) {}

  /** Nothing has been read of a frame or a message that is not complete. */
  get isIdle(): boolean {
    return (
      this.remaining === 0 &&
      this.headLength === 0 &&
      this.message === undefined &&
      !this.stopped
    );
  }

  /** Somebody else hears of the next frames. Only for one that is idle. */
  serve(handler: FrameHandler): void {
    this.handler = handler;
  }

  /** Nothing is read any more, also of a chunk being read. */
  stop(): void {
    this.stopped = true;
    this.message = undefined;
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
    const fault = headerFault(
      first,
      second,
      this.message !== undefined,
      this.fromClient,
    );
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
    if (opcode < OPCODE.close && !this.fits(length)) {
      this.fail(
        CLOSE.tooBig,
        `The message is longer than the ${this.maxPayload} bytes that are allowed.`,
      );
      return INCOMPLETE;
    }
    const size = maskAt - at + (this.fromClient ? 4 : 0);
    if (available < size) return INCOMPLETE;
    this.opcode = opcode;
    this.fin = fin;
    this.length = length;
    // "Unmasking" by nothing only looks whether the text is ASCII.
    if (!this.fromClient) return size;
    this.mask =
      ((bytes[maskAt] ?? 0) << 24) |
      ((bytes[maskAt + 1] ?? 0) << 16) |
      ((bytes[maskAt + 2] ?? 0) << 8) |
      (bytes[maskAt + 3] ?? 0);
    return size;
  }

  /** Whether a message may grow by this many bytes. */
  private fits(length: number): boolean {
    const size = length + (this.message?.length ?? 0);
    return size <= this.maxPayload && size <= Number.MAX_SAFE_INTEGER;
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
      if (end <= chunk.length && this.fin && this.message === undefined) {
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
    this.gather(chunk, at, end, ascii);
    return end;
  }

  /** Charges a fragment to its message, which may begin with it. */
  private beginFragment(): boolean {
    this.message ??= new Gathered(this.opcode, this.ports);
    if (this.message.beginFragment(this.maxPayload)) return true;
    this.fail(CLOSE.policy, "The message has too many fragments for its size.");
    return false;
  }

  private gather(
    chunk: Uint8Array,
    at: number,
    end: number,
    ascii: boolean,
  ): void {
    const { message } = this;
    if (message === undefined) return;
    const most = this.fin ? message.length + this.remaining : this.maxPayload;
    try {
      message.append(chunk, at, end, ascii, most);
    } catch {
      this.fail(CLOSE.tooBig, "There is no memory for a message of this size.");
      return;
    }
    this.remaining -= end - at;
    if (this.remaining > 0 || !this.fin) return;
    // The next message may begin before anyone hears of this one.
    this.message = undefined;
    const { opcode, bytes, length } = message;
    if (opcode === OPCODE.binary && length > 0 && length === bytes.length) {
      this.handler.onMessage(bytes);
    } else {
      this.deliver(opcode, bytes, 0, length, message.ascii);
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
    try {
      return ascii
        ? text.ascii(bytes, start, end)
        : text.decode(bytes, start, end);
    } catch {
      if (ascii) this.fail(CLOSE.tooBig, "There is no memory for this text.");
      else this.fail(CLOSE.invalidText, "The text is not valid UTF-8.");
      return undefined;
    }
  }

  private fail(code: number, message: string): void {
    this.stop();
    this.handler.onError(code, message);
  }
}

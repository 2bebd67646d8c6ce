/**
 * A session's way to its client over our own WebSocket frames. It frames what
 * goes out, all packets of one tick in one write, decodes what comes in,
 * answers pings and does the close handshake from either end. Bytes enter by
 * `receive` and leave through a stream; timeouts are the caller's.
 */
import type { Dialect, Line } from "../../dialects/dialect.js";
import type { Outgoing } from "../../dialects/outgoing.js";
import type { Unit } from "../../dialects/packet.js";
import type { Carrier } from "../../session/carrier.js";
import { FrameDecoder, type FrameHandler } from "./decoder.js";
import { encodeClose, encodeFrames, encodePongs } from "./encoder.js";
import { FrameWriter } from "./frame-writer.js";
import { portablePorts, type ByteStream, type FramePorts } from "./ports.js";
import { CLOSE } from "./protocol.js";

/**
 * Who hears of a WebSocket. `closed` or `error` is called once, and nothing
 * after it. The stream may then still be open, as the peer has to end its half:
 * its owner limits that in time. `from` is the end of it that has heard, as a
 * session may come to another.
 */
export interface WebSocketHandler<End = Carrier> {
  /** A message, not unframed yet. */
  frame(unit: Unit, from: End): void;
  /** The end: the code and reason of the peer's close frame, 1005 if that had none, 1006 if there was no such frame. */
  closed(code: number, reason: string, from: End): void;
  /** The end, by a fault: the peer's (a `WebSocketError`), or what `lost` was told. */
  error(error: Error, from: End): void;
}

/** The peer broke the WebSocket protocol or exceeded a limit. */
export class WebSocketError extends Error {
  override readonly name = "WebSocketError";
  constructor(
    /** The close code that the peer was told: 1002, 1007, 1008 or 1009. */
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

const NOBODY: FrameHandler = {
  onMessage: () => {},
  onPing: () => {},
  onPong: () => {},
  onClose: () => {},
  onError: () => {},
};

/** What all WebSockets of one server, dialect and line have in common: made once and shared. */
export class WebSocketKind {
  readonly writer: FrameWriter;
  /** Waits for the next chunk of whichever WebSocket gets one: most end where a frame does. */
  private idle: FrameDecoder | undefined = undefined;

  constructor(
    dialect: Pick<Dialect, "frame">,
    readonly line: Line,
    /** The largest message that is accepted, in bytes. */
    readonly maxPayload: number,
    /** @default portablePorts */
    readonly ports: FramePorts = portablePorts,
    encode = encodeFrames,
  ) {
    this.writer = new FrameWriter(dialect, line, ports, encode);
  }

  borrowDecoder(handler: FrameHandler): FrameDecoder {
    const { idle } = this;
    if (idle === undefined)
      return new FrameDecoder(handler, this.maxPayload, this.ports);
    this.idle = undefined;
    idle.serve(handler);
    return idle;
  }

  /** Of one that holds nothing. */
  giveBack(decoder: FrameDecoder): void {
    decoder.serve(NOBODY);
    this.idle = decoder;
  }
}

/**
 * With more than this many bytes unsent, pings are no longer answered one by
 * one, so that a peer that pings and never reads cannot fill our memory; only
 * the latest is, once there is room (RFC 6455, section 5.5.3).
 */
const PONG_BACKLOG = 16 * 1024;

export class WebSocketCarrier<Stream extends ByteStream = ByteStream>
  implements Carrier, FrameHandler
{
  /**
   * `open`; `closing`: our close frame is out and the peer's is awaited, for as
   * long as the owner of the stream allows; `closed`: nothing is sent or read
   * any more.
   */
  state: "open" | "closing" | "closed" = "open";

  /** Only while a chunk is read, and as long as there is a rest of it. */
  private decoder: FrameDecoder | undefined = undefined;
  /** Pings not answered yet. */
  private pings: Uint8Array[] | undefined = undefined;

  constructor(
    protected readonly stream: Stream,
    private readonly kind: WebSocketKind,
    /** May be replaced, when somebody else is to hear of it. */
    public handler: WebSocketHandler,
  ) {}

  get name(): string {
    return "websocket";
  }

  get once(): boolean {
    return false;
  }

  get line(): Line {
    return this.kind.line;
  }

  get bufferedBytes(): number {
    return this.stream.bufferedBytes;
  }

  onceDrained(task: () => void): void {
    this.stream.onceDrained(task);
  }

  get writable(): boolean {
    return this.state === "open" && this.stream.bufferedBytes === 0;
  }

  /** Bytes from the stream. The chunk is changed, and free for other use afterwards. */
  receive(chunk: Uint8Array): void {
    if (this.state === "closed") return;
    const decoder = this.decoder ?? this.kind.borrowDecoder(this);
    this.decoder = decoder;
    decoder.push(chunk);
    if (decoder.isIdle) {
      this.decoder = undefined;
      this.kind.giveBack(decoder);
    }
    this.answerPings();
  }

  write(batch: readonly Outgoing[]): void {
    if (this.state !== "open" || batch.length === 0) return;
    this.answerPings();
    const { stream } = this;
    const { writer } = this.kind;
    const text = stream.writeText && writer.textOf(batch);
    if (text === undefined) stream.write(writer.bytesOf(batch));
    else stream.writeText?.(text);
  }

  /** Starts the close handshake. No message is delivered after it. */
  close(code?: number, reason = ""): void {
    if (this.state !== "open") return;
    this.sayClose(code, reason);
    this.state = "closing";
  }

  /** Drops the connection at once: the peer did not answer in time, or must not get more. */
  terminate(): void {
    if (this.state === "closed") {
      this.stream.destroy();
      return;
    }
    this.finish();
    this.stream.destroy();
    this.handler.closed(CLOSE.abnormal, "", this);
  }

  /** To be called when the stream is gone, with an error or without. */
  lost(error?: Error): void {
    const before = this.state;
    if (before === "closed") return;
    this.finish();
    if (before === "open" && error !== undefined)
      this.handler.error(error, this);
    else this.handler.closed(CLOSE.abnormal, "", this);
  }

  /** Called by the decoder. */
  onMessage(message: Unit): void {
    if (this.state === "open") this.handler.frame(message, this);
  }

  /** Called by the decoder. */
  onPing(data: Uint8Array): void {
    if (this.state === "open") (this.pings ??= []).push(data);
  }

  /** Called by the decoder. A pong that answers nothing is legal, and means nothing. */
  onPong(): void {}

  /** Called by the decoder. */
  onClose(code: number, reason: string): void {
    if (this.state === "open") this.sayClose(code, "");
    this.finish();
    this.stream.end();
    this.handler.closed(code, reason, this);
  }

  /** Called by the decoder. */
  onError(code: number, message: string): void {
    const before = this.state;
    if (before === "open") this.sayClose(code, "");
    this.finish();
    this.stream.end();
    if (before === "open")
      this.handler.error(new WebSocketError(code, message), this);
    else this.handler.closed(CLOSE.abnormal, "", this);
  }

  private finish(): void {
    this.state = "closed";
    this.pings = undefined;
    this.decoder?.stop();
  }

  private sayClose(code: number | undefined, reason: string): void {
    this.answerPings();
    this.pings = undefined;
    this.stream.write(encodeClose(code, reason, this.kind.ports));
  }

  /** All that are waiting, in one write. */
  private answerPings(): void {
    if (this.pings === undefined) return;
    const pings = this.pings;
    if (this.stream.bufferedBytes > PONG_BACKLOG) {
      this.pings = pings.slice(-1);
      return;
    }
    this.pings = undefined;
    this.stream.write(encodePongs(pings, this.kind.ports));
  }
}

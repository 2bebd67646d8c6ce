/**
 * A session's way to a client that speaks one of the WebSocket drafts hixie-75
 * and hixie-76: Node.js clients of Socket.IO 0.6 to 0.8, Flash, old Safari. It
 * begins where their handshake has ended. It never pings, as the drafts cannot.
 */
import type { HostedDialect, Line } from "../../dialects/dialect.js";
import { LINES } from "../../dialects/dialect.js";
import type { Outgoing } from "../../dialects/outgoing.js";
import type { Carrier } from "../../session/carrier.js";
import {
  WebSocketError,
  WebSocketKind,
  type WebSocketHandler,
} from "./carrier.js";
import { HixieDecoder, type HixieHandler } from "./hixie-decoder.js";
import { CLOSE_FRAME, encodeHixieFrames } from "./hixie-encoder.js";
import type { ByteStream, FramePorts } from "./ports.js";
import { CLOSE } from "./protocol.js";

/**
 * What all such WebSockets of one server and dialect have in common. They have
 * a line of their own whatever the request asked for, so that what is prepared
 * for a broadcast is never a frame of RFC 6455.
 */
export class HixieKind extends WebSocketKind {
  /** We say that we close, before we hang up. */
  readonly closeFrame: boolean;

  constructor(
    dialect: Pick<HostedDialect, "frame" | "link">,
    maxPayload: number,
    ports?: FramePorts,
  ) {
    super(dialect, LINES.hixie, maxPayload, ports, encodeHixieFrames);
    this.closeFrame = dialect.link.hixie === "close frame";
  }
}

export class HixieCarrier implements Carrier, HixieHandler {
  readonly name = "websocket";
  readonly once = false;
  /**
   * `open`; `closing`: we have hung up and the peer has not yet;
   * `closed`: nothing is sent or read any more.
   */
  state: "open" | "closing" | "closed" = "open";
  private readonly decoder: HixieDecoder;

  constructor(
    private readonly stream: ByteStream,
    private readonly kind: HixieKind,
    /** May be replaced, when somebody else is to hear of it. */
    public handler: WebSocketHandler,
  ) {
    this.decoder = new HixieDecoder(this, kind.maxPayload, kind.ports);
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

  /** Bytes from the stream, from the first behind the handshake on. The chunk is free for other use afterwards. */
  receive(chunk: Uint8Array): void {
    if (this.state !== "closed") this.decoder.push(chunk);
  }

  write(batch: readonly Outgoing[]): void {
    if (this.state !== "open" || batch.length === 0) return;
    this.stream.write(this.kind.writer.bytesOf(batch));
  }

  /** Says that nothing follows. There is no place for a code or a reason, and no message is delivered after it. */
  close(): void {
    if (this.state !== "open") return;
    this.state = "closing";
    this.hangUp();
  }

  /** Drops the connection at once: the peer did not answer in time, or must not get more. */
  terminate(): void {
    this.stream.destroy();
    this.lost();
  }

  /** To be called when the stream is gone, with an error or without. */
  lost(error?: Error): void {
    const before = this.finish();
    if (before === "closed") return;
    if (before === "open" && error !== undefined)
      this.handler.error(error, this);
    else this.handler.closed(CLOSE.abnormal, "", this);
  }

  /** Called by the decoder. */
  onMessage(message: string): void {
    if (this.state === "open") this.handler.frame(message, this);
  }

  /** Called by the decoder. */
  onClose(): void {
    if (this.finish() === "open") this.hangUp();
    this.handler.closed(CLOSE.noCode, "", this);
  }

  /** Called by the decoder. */
  onError(code: number, message: string): void {
    if (this.finish() === "open") {
      this.hangUp();
      this.handler.error(new WebSocketError(code, message), this);
    } else this.handler.closed(CLOSE.abnormal, "", this);
  }

  private hangUp(): void {
    if (this.kind.closeFrame) this.stream.write(CLOSE_FRAME);
    this.stream.end();
  }

  /** The state before. */
  private finish(): "open" | "closing" | "closed" {
    const before = this.state;
    this.state = "closed";
    this.decoder.stop();
    return before;
  }
}

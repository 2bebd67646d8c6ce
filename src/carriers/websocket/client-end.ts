/**
 * The client's end of a WebSocket, from the handshake on: frames out (masked, all
 * of a batch in one write), frames in, pings answered, and the close handshake
 * from either side. Bytes enter by `receive`; timeouts are the caller's.
 */
import type { Unit } from "../../dialects/packet.js";
import { WebSocketError, type WebSocketHandler } from "./carrier.js";
import { FrameDecoder, type FrameHandler } from "./decoder.js";
import { encodeClose, encodePongs } from "./encoder.js";
import { encodeMasked, maskControl, type NextMask } from "./masked-encoder.js";
import type { FramePorts } from "./ports.js";
import { CLOSE } from "./protocol.js";

/** The stream below, as a socket of Node's is one. */
export interface OpenStream {
  write(bytes: Uint8Array): unknown;
  /** Sends what was written, then says that nothing follows. */
  end(): unknown;
}

/** What all WebSockets of a program have in common. */
export interface ClientPorts extends FramePorts {
  readonly nextMask: NextMask;
}

export class WebSocketClientEnd implements FrameHandler {
  /** `closing`: our close frame is out, and the server's is awaited. */
  state: "open" | "closing" | "closed" = "open";
  private readonly decoder: FrameDecoder;

  constructor(
    private readonly stream: OpenStream,
    private readonly handler: WebSocketHandler<WebSocketClientEnd>,
    /** The largest message that is accepted, in bytes. */
    maxPayload: number,
    private readonly ports: ClientPorts,
  ) {
    this.decoder = new FrameDecoder(this, maxPayload, ports, false);
  }

  /** Bytes from the stream. They are free for other use afterwards. */
  receive(chunk: Uint8Array): void {
    if (this.state !== "closed") this.decoder.push(chunk);
  }

  send(units: readonly Unit[]): void {
    const { stream, ports } = this;
    if (this.state === "open")
      stream.write(encodeMasked(units, ports, ports.nextMask));
  }

  /** Starts the close handshake. No message is delivered after it. */
  close(): void {
    if (this.state !== "open") return;
    this.sayClose(undefined);
    this.state = "closing";
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
    if (this.state === "open") this.control(encodePongs([data], this.ports));
  }

  /** Called by the decoder. */
  onPong(): void {}

  /** Called by the decoder. */
  onClose(code: number, reason: string): void {
    if (this.state === "open") this.sayClose(code);
    this.finish();
    this.stream.end();
    this.handler.closed(code, reason, this);
  }

  /** Called by the decoder. */
  onError(code: number, message: string): void {
    const before = this.state;
    if (before === "open") this.sayClose(code);
    this.finish();
    this.stream.end();
    if (before === "open")
      this.handler.error(new WebSocketError(code, message), this);
    else this.handler.closed(CLOSE.abnormal, "", this);
  }

  private finish(): void {
    this.state = "closed";
    this.decoder.stop();
  }

  private sayClose(code: number | undefined): void {
    this.control(encodeClose(code, "", this.ports));
  }

  private control(frame: Uint8Array): void {
    const { stream, ports } = this;
    stream.write(maskControl(frame, ports, ports.nextMask));
  }
}

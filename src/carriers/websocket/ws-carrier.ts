/**
 * A session's way to its client over a WebSocket that a library speaks: `ws`,
 * where compression is asked for, or the class given as `wsEngine` (`eiows`).
 * Known by its shape only, so that no such library is needed here.
 */
import type { Dialect, Line } from "../../dialects/dialect.js";
import type { Outgoing } from "../../dialects/outgoing.js";
import type { Unit } from "../../dialects/packet.js";
import type { Carrier } from "../../session/carrier.js";
import type { WebSocketHandler } from "./carrier.js";
import { portablePorts, type FramePorts } from "./ports.js";
import { CLOSE, isSendableCloseCode } from "./protocol.js";

/** What is used of a library's WebSocket. */
export interface LibraryWebSocket {
  /** Bytes accepted and not yet taken by the kernel, where the library counts them. */
  readonly bufferedAmount?: number;
  send(
    data: string | Uint8Array,
    options: SendOptions,
    sent: (error?: Error) => void,
  ): void;
  close(code?: number, reason?: string): void;
  terminate?(): void;
  on(
    event: "message",
    listener: (data: unknown, isBinary?: boolean) => void,
  ): unknown;
  on(
    event: "close",
    listener: (code: number, reason: unknown) => void,
  ): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

export interface SendOptions {
  compress: boolean;
}

export interface LibraryOptions {
  readonly dialect: Pick<Dialect, "frame">;
  readonly line: Line;
  /** Frames of fewer bytes are sent uncompressed. @default 1024 */
  readonly compressFrom?: number;
  /** Holds writes back until all of a batch are made: the raw socket, where the library was given it. */
  readonly cork?: { cork(): void; uncork(): void } | undefined;
  /** @default portablePorts */
  readonly ports?: FramePorts;
}

export class LibraryWebSocketCarrier implements Carrier {
  readonly name = "websocket";
  readonly once = false;
  /** As of the carrier over our own frames; the library does the close handshake, and limits it in time. */
  state: "open" | "closing" | "closed" = "open";

  private readonly ports: FramePorts;
  /** Sends that the library has not confirmed, and their bytes. */
  private unsent = 0;
  private unsentBytes = 0;
  private drained: (() => void) | undefined = undefined;

  constructor(
    private readonly socket: LibraryWebSocket,
    private readonly options: LibraryOptions,
    /** May be replaced, when somebody else is to hear of it. */
    public handler: WebSocketHandler,
  ) {
    this.ports = options.ports ?? portablePorts;
    socket.on("message", (data, isBinary) => this.onMessage(data, isBinary));
    socket.on("close", (code, reason) => this.onClose(code, reason));
    // Stays for good: an error without a listener would end the process.
    socket.on("error", (error) => this.onError(error));
  }

  get line(): Line {
    return this.options.line;
  }

  get bufferedBytes(): number {
    return this.socket.bufferedAmount ?? this.unsentBytes;
  }

  get writable(): boolean {
    return this.state === "open" && this.unsent === 0;
  }

  onceDrained(task: () => void): void {
    this.drained = task;
  }

  write(batch: readonly Outgoing[]): void {
    if (this.state !== "open") return;
    const { dialect, line, cork } = this.options;
    cork?.cork();
    try {
      for (const { units, compress } of batch) {
        for (const unit of dialect.frame(units, line))
          this.send(unit, compress);
      }
    } catch (error) {
      this.fail(error);
    } finally {
      cork?.uncork();
    }
  }

  close(code?: number, reason = ""): void {
    if (this.state !== "open") return;
    this.state = "closing";
    try {
      if (code !== undefined && isSendableCloseCode(code))
        this.socket.close(code, reason);
      else this.socket.close();
    } catch (error) {
      this.fail(error);
    }
  }

  private send(unit: Unit, compress: boolean): void {
    const size =
      typeof unit === "string" ? this.ports.text.byteLength(unit) : unit.length;
    this.unsent++;
    this.unsentBytes += size;
    const options = {
      compress: compress && size >= (this.options.compressFrom ?? 1024),
    };
    this.socket.send(unit, options, (error) => {
      this.unsent--;
      this.unsentBytes -= size;
      if (error) this.fail(error);
      else if (this.unsent === 0) {
        const { drained } = this;
        this.drained = undefined;
        drained?.();
      }
    });
  }

  private onMessage(data: unknown, isBinary: boolean | undefined): void {
    if (this.state !== "open") return;
    if (isBinary ?? typeof data !== "string") {
      this.handler.frame(this.bytesOf(data), this);
      return;
    }
    let text: string;
    try {
      text = this.textOf(data);
    } catch (error) {
      // Only of a library that was told not to check.
      this.fail(error);
      return;
    }
    this.handler.frame(text, this);
  }

  /** Libraries give text as a string or as its bytes. */
  private textOf(data: unknown): string {
    if (typeof data === "string") return data;
    const bytes = this.bytesOf(data);
    return this.ports.text.decode(bytes, 0, bytes.length);
  }

  /** Libraries give bytes as a view, a buffer, or a list of them. */
  private bytesOf(data: unknown): Uint8Array {
    if (data instanceof Uint8Array) return data;
    const pieces = Array.isArray(data)
      ? data.map((piece) => this.bytesOf(piece))
      : [];
    if (data instanceof ArrayBuffer) pieces.push(new Uint8Array(data));
    const bytes = this.ports.allocate(
      pieces.reduce((size, { length }) => size + length, 0),
    );
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  private onClose(code: number | undefined, reason: unknown): void {
    if (this.state === "closed") return;
    this.state = "closed";
    this.handler.closed(code ?? CLOSE.abnormal, this.textOf(reason), this);
  }

  /** From the library, which then closes by itself. */
  private onError(error: Error): void {
    const before = this.state;
    if (before === "closed") return;
    this.state = "closed";
    if (before === "open") this.handler.error(error, this);
    else this.handler.closed(CLOSE.abnormal, "", this);
  }

  /** It could not do what it was asked to. */
  private fail(error: unknown): void {
    this.socket.terminate?.();
    this.onError(error instanceof Error ? error : new Error(String(error)));
  }
}

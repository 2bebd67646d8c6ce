/**
 * WebSockets that a runtime speaks itself, as carriers. A runtime opens one with
 * its `Upgrade` function, and tells the `WireListener` what comes of it.
 */
import { Buffer } from "node:buffer";
import type { HostedDialect, Line } from "../../dialects/dialect.js";
import type { Outgoing } from "../../dialects/outgoing.js";
import type { Unit } from "../../dialects/packet.js";
import {
  CLOSE,
  isSendableCloseCode,
} from "../../carriers/websocket/protocol.js";
import type { StreamListener } from "../../server/http.js";
import type { Carrier } from "../../session/carrier.js";

/** One open WebSocket of a runtime. */
export interface Wire {
  /** @throws {Error} it could not be sent, and nothing after it can */
  send(frame: Unit, compress: boolean): void;
  close(code?: number, reason?: string): void;
  /** Bytes accepted and not yet taken by the kernel. */
  readonly bufferedBytes: number;
  /** Calls once, when what is buffered has been taken. */
  onceDrained(task: () => void): void;
  /** Ends it at once, where the runtime can. */
  terminate?(): void;
  /** Holds writes back until all of a batch are made, where the runtime can. */
  cork?(write: () => void): void;
}

/** Hears of a WebSocket. Nothing is heard after `closed` or `failed`. */
export interface WireListener {
  opened(wire: Wire): void;
  message(data: Unit): void;
  closed(code: number, reason: string): void;
  failed(error: Error): void;
}

/**
 * Makes a WebSocket of a request. `headers` are for the answer.
 *
 * @returns the answer, `taken` where the runtime answers by itself, `undefined` if the request is no valid handshake
 */
export type Upgrade = (
  headers: Headers,
  listener: WireListener,
) => Response | "taken" | undefined;

/** How long a peer may take to answer a close frame, in ms (as `ws`). */
const CLOSE_TIMEOUT = 30_000;

export interface WireOptions {
  readonly dialect: HostedDialect;
  readonly line: Line;
  /** The largest message that is accepted, in bytes. */
  readonly maxPayload: number;
  after(ms: number, task: () => void): () => void;
}

/** From the request on; a carrier once it is open. */
export class WireCarrier implements Carrier, WireListener {
  readonly name = "websocket";
  readonly once = false;
  #state: "opening" | "open" | "closing" | "closed" = "opening";
  #wire: Wire | undefined = undefined;
  #giveUp: (() => void) | undefined = undefined;

  constructor(
    private readonly options: WireOptions,
    private readonly listener: StreamListener,
    private readonly whenOpen: (carrier: WireCarrier) => void,
  ) {}

  get line(): Line {
    return this.options.line;
  }

  get bufferedBytes(): number {
    return this.#wire?.bufferedBytes ?? 0;
  }

  get writable(): boolean {
    return this.#state === "open" && this.bufferedBytes === 0;
  }

  onceDrained(task: () => void): void {
    this.#wire?.onceDrained(task);
  }

  write(batch: readonly Outgoing[]): void {
    const wire = this.#wire;
    if (this.#state !== "open" || wire === undefined) return;
    const { dialect, line } = this.options;
    const write = () => {
      for (const { units, compress } of batch)
        for (const frame of dialect.frame(units, line))
          wire.send(frame, compress);
    };
    try {
      if (wire.cork !== undefined && batch.length > 1) wire.cork(write);
      else write();
    } catch (error) {
      wire.terminate?.();
      this.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  close(code?: number, reason = ""): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    if (code !== undefined && isSendableCloseCode(code))
      this.#wire?.close(code, reason);
    else this.#wire?.close();
    this.#giveUp = this.options.after(CLOSE_TIMEOUT, () =>
      this.#wire?.terminate?.(),
    );
  }

  opened(wire: Wire): void {
    if (this.#state !== "opening") return;
    this.#wire = wire;
    this.#state = "open";
    this.whenOpen(this);
  }

  message(data: Unit): void {
    if (this.#state !== "open") return;
    if (isLonger(data, this.options.maxPayload)) {
      this.close(CLOSE.tooBig);
      this.listener.error(new Error("a message above maxHttpBufferSize"), this);
    } else this.listener.frame(data, this);
  }

  closed(code: number, reason: string): void {
    if (this.#over()) this.listener.closed(code, reason, this);
  }

  failed(error: Error): void {
    if (this.#over()) this.listener.error(error, this);
  }

  #over(): boolean {
    const before = this.#state;
    this.#state = "closed";
    this.#giveUp?.();
    return before === "open" || before === "closing";
  }
}

/** A character of UTF-16 is three bytes of UTF-8 at most. */
function isLonger(data: Unit, limit: number): boolean {
  if (typeof data !== "string" || data.length > limit)
    return data.length > limit;
  return data.length * 3 > limit && Buffer.byteLength(data) > limit;
}

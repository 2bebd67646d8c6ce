/**
 * A GET whose answer is never complete: what is written goes out piece by
 * piece, as scripts of an endless page (htmlfile) or parts of an endless
 * message (multipart). What the client says comes by POST.
 */
import type { HostedDialect, Knock, Line } from "../dialects/dialect.js";
import type { Outgoing } from "../dialects/outgoing.js";
import type { Carrier } from "../session/carrier.js";

/** An answer that is being written. */
export interface OpenAnswer {
  write(text: string): void;
  end(): void;
  /** Bytes accepted and not yet taken by the kernel. */
  readonly bufferedBytes: number;
  onceDrained(task: () => void): void;
}

export class StreamingCarrier implements Carrier {
  readonly once = false;
  #open = true;

  constructor(
    private readonly dialect: HostedDialect,
    private readonly knock: Knock,
    private readonly piece: (payload: string) => string,
    private readonly answer: OpenAnswer,
  ) {}

  get name(): string {
    return this.knock.transport;
  }

  get line(): Line {
    return this.knock.line;
  }

  get writable(): boolean {
    return this.#open && this.answer.bufferedBytes === 0;
  }

  get bufferedBytes(): number {
    return this.answer.bufferedBytes;
  }

  onceDrained(task: () => void): void {
    this.answer.onceDrained(task);
  }

  write(batch: readonly Outgoing[]): void {
    if (!this.#open) return;
    const units = batch.flatMap((outgoing) => outgoing.units);
    const pieces = this.dialect
      .frame(units, this.line)
      .map((payload) => this.piece(String(payload)));
    this.answer.write(pieces.join(""));
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.answer.end();
  }
}

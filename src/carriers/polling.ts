/**
 * A held GET: a carrier for one write. The answer's body is one payload of the
 * session's dialect, in the form that its door gives it.
 */
import type {
  HostedDialect,
  HttpAnswer,
  Knock,
  Line,
} from "../dialects/dialect.js";
import type { Outgoing } from "../dialects/outgoing.js";
import type { Carrier } from "../session/carrier.js";

export class PollCarrier implements Carrier {
  readonly once = true;
  #answered = false;

  constructor(
    private readonly dialect: HostedDialect,
    private readonly knock: Knock,
    private readonly answer: (answer: HttpAnswer) => void,
  ) {}

  get name(): string {
    return this.knock.transport;
  }

  get line(): Line {
    return this.knock.line;
  }

  get writable(): boolean {
    return !this.#answered;
  }

  get bufferedBytes(): number {
    return 0;
  }

  /** Nobody asks a carrier for one write. */
  onceDrained(): void {}

  write(batch: readonly Outgoing[]): void {
    if (this.#answered) return;
    this.#answered = true;
    const units =
      batch.length === 1 ? batch[0].units : batch.flatMap((o) => o.units);
    const [payload] = this.dialect.frame(units, this.line);
    const compress = batch.every(mayBeCompressed);
    this.answer(this.dialect.door.polled(payload, this.knock, compress));
  }

  /** A poll that nobody answered: the session did not want it. */
  close(): void {
    if (this.#answered) return;
    this.#answered = true;
    this.answer({
      status: 400,
      headers: { "cache-control": "no-store" },
      body: "",
      compress: false,
    });
  }
}

function mayBeCompressed({ compress }: Outgoing): boolean {
  return compress;
}

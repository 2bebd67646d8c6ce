/**
 * A held GET: a carrier for one write. The answer's body is one payload of the
 * session's dialect, as JSONP where the client asked for that.
 */
import type { Dialect, Line } from "../dialects/dialect.js";
import { jsonpBody } from "../dialects/jsonp.js";
import type { Outgoing } from "../dialects/outgoing.js";
import type { Unit } from "../dialects/packet.js";
import type { Carrier } from "../session/carrier.js";

/** The answer to an HTTP request, as a plain record. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Unit;
  /** May be compressed if it is large enough. */
  readonly compress: boolean;
}

/** Nothing between the two ends may keep a poll's answer. */
const NO_STORE = { "cache-control": "no-store" };

export class PollCarrier implements Carrier {
  readonly name = "polling";
  readonly once = true;
  #answered = false;

  constructor(
    private readonly dialect: Dialect,
    readonly line: Line,
    private readonly jsonp: string | undefined,
    private readonly answer: (answer: HttpAnswer) => void,
  ) {}

  get writable(): boolean {
    return !this.#answered;
  }

  get bufferedBytes(): number {
    return 0;
  }

  write(batch: readonly Outgoing[]): void {
    if (this.#answered) return;
    this.#answered = true;
    const units =
      batch.length === 1 ? batch[0].units : batch.flatMap((o) => o.units);
    const [payload] = this.dialect.frame(units, this.line);
    const compress = batch.every((outgoing) => outgoing.compress);
    this.answer(
      this.jsonp === undefined
        ? pollAnswer(payload, compress)
        : {
            status: 200,
            headers: {
              ...NO_STORE,
              "content-type": "text/javascript; charset=UTF-8",
            },
            body: jsonpBody(this.jsonp, payload),
            compress,
          },
    );
  }

  /** A poll that nobody answered: the session did not want it. */
  close(): void {
    if (this.#answered) return;
    this.#answered = true;
    this.answer({ status: 400, headers: NO_STORE, body: "", compress: false });
  }
}

function pollAnswer(body: Unit, compress: boolean): HttpAnswer {
  return {
    status: 200,
    headers: {
      ...NO_STORE,
      "content-type":
        typeof body === "string"
          ? "text/plain; charset=UTF-8"
          : "application/octet-stream",
    },
    body,
    compress,
  };
}

/** The answer to a POST that was understood. HTML, as engine.io says it since 2014. */
export const POST_OK: HttpAnswer = {
  status: 200,
  headers: { ...NO_STORE, "content-type": "text/html" },
  body: "ok",
  compress: false,
};

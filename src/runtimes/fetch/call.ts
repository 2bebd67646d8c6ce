/**
 * One `Request` as the engine sees it: read the body within a limit, answer
 * once, compressed if it is worth it, or piece by piece.
 */
import Negotiator from "negotiator";
import type { OpenAnswer } from "../../carriers/streaming.js";
import type { HttpAnswer, HttpRequest } from "../../dialects/dialect.js";
import type { Unit } from "../../dialects/packet.js";
import type { OpeningRequest } from "../../server/connection.js";
import type {
  Body,
  BodyLimits,
  HttpCall,
  ResponseHeaders,
} from "../../server/http.js";
import type { Outgoing } from "./outgoing.js";

const ENCODINGS = ["gzip", "deflate", "identity"];
const encoder = new TextEncoder();

export class FetchCall implements HttpCall {
  constructor(
    readonly request: OpeningRequest,
    readonly asks: HttpRequest,
    private readonly source: Request,
    private readonly outgoing: Outgoing,
    /** Bytes from which an answer is compressed; `Infinity`: never. */
    private readonly threshold: number,
  ) {}

  get contentType(): string | undefined {
    return this.request.headers["content-type"];
  }

  get remoteAddress(): string {
    return this.request.socket.remoteAddress ?? "";
  }

  get secure(): boolean {
    return "encrypted" in this.request.socket;
  }

  answer(answer: HttpAnswer, headers: ResponseHeaders = {}): void {
    const { outgoing } = this;
    if (outgoing.headersSent) return;
    outgoing.writeHead(answer.status, { ...answer.headers, ...headers });
    const bytes = bytesOf(answer.body);
    const encoding =
      answer.compress && bytes.length >= this.threshold
        ? new Negotiator(this.request).encoding(ENCODINGS)
        : undefined;
    if (encoding !== "gzip" && encoding !== "deflate") {
      outgoing.finish(bytes);
      return;
    }
    outgoing.appendHeader("Vary", "Accept-Encoding");
    outgoing.setHeader("Content-Encoding", encoding);
    const smaller = new CompressionStream(encoding);
    outgoing.finish(new Blob([bytes]).stream().pipeThrough(smaller));
  }

  stream(head: HttpAnswer, headers: ResponseHeaders = {}): OpenAnswer {
    this.outgoing.writeHead(head.status, { ...head.headers, ...headers });
    const { body, answer } = openBody(() => this.#left?.());
    answer.write(String(head.body));
    this.outgoing.finish(body);
    return answer;
  }

  /** There is no way not to answer. */
  drop(): void {
    if (!this.outgoing.headersSent) this.outgoing.writeHead(400).finish();
  }

  body(limits: BodyLimits, done: (body: Body) => void): () => void {
    const announced = Number(this.source.headers.get("content-length") ?? NaN);
    if (announced > limits.bytes) {
      done("too large");
      return () => {};
    }
    // A body is never longer than announced.
    const reading = Number.isNaN(announced)
      ? read(this.source, limits)
      : this.source.arrayBuffer().then((body) => new Uint8Array(body));
    let given = false;
    reading
      .catch(() => "aborted" as const)
      .then((body) => {
        if (!given) done(body);
      })
      .catch((error: unknown) => {
        // As thrown in a listener: not ours to swallow.
        queueMicrotask(() => {
          throw error;
        });
      });
    return () => {
      given = true;
      this.drop();
    };
  }

  onAbort(listener: () => void): void {
    this.#left = listener;
    const { signal } = this.source;
    const gone = () => {
      listener();
      // Nobody will read it, but some runtimes wait for it before they stop.
      this.drop();
    };
    // It may have left while the application was deciding.
    if (signal.aborted) queueMicrotask(gone);
    else signal.addEventListener("abort", gone, { once: true });
  }

  #left: (() => void) | undefined = undefined;
}

function bytesOf(body: Unit): Uint8Array<ArrayBuffer> {
  return typeof body === "string" ? encoder.encode(body) : new Uint8Array(body);
}

/** A body that is written to until it is ended. */
function openBody(cancelled: () => void): {
  body: ReadableStream<Uint8Array>;
  answer: OpenAnswer;
} {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let drained: (() => void) | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given;
      },
      // Asked for more: all of it has been taken.
      pull: () => {
        const task = drained;
        drained = undefined;
        task?.();
      },
      cancel: () => {
        controller = undefined;
        cancelled();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
  const answer: OpenAnswer = {
    write: (text) => controller?.enqueue(encoder.encode(text)),
    end: () => {
      controller?.close();
      controller = undefined;
    },
    get bufferedBytes() {
      return Math.max(0, -(controller?.desiredSize ?? 0));
    },
    onceDrained: (task) => {
      drained = task;
    },
  };
  return { body, answer };
}

/** A body of unknown length; nothing above the limit is kept. */
async function read(source: Request, limits: BodyLimits): Promise<Body> {
  const reader = source.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    pieces.push(value);
    if (size <= limits.bytes && pieces.length <= limits.chunks) continue;
    await reader.cancel();
    return size > limits.bytes ? "too large" : "too many chunks";
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/**
 * One request to Node's HTTP server, as the engine sees it: read the body
 * within a limit, answer once, compressed if it is worth it.
 */
import type { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { deflate, gzip } from "node:zlib";
import Negotiator from "negotiator";
import type { OpenAnswer } from "../../carriers/streaming.js";
import type { HttpAnswer, HttpRequest } from "../../dialects/dialect.js";
import type { Unit } from "../../dialects/packet.js";
import type { OpeningRequest } from "../../server/connection.js";
import type { HttpCall, ResponseHeaders } from "../../server/http.js";

const ENCODERS = { gzip: promisify(gzip), deflate: promisify(deflate) };

/** `Accept-Encoding` says yes to all of these unless it says no. */
const ENCODINGS = ["gzip", "deflate", "identity"];

/** Old Internet Explorers take an answer that they see as a frame for an attack. */
const NEEDS_NO_XSS_FILTER = /;MSIE|Trident\//;

export class NodeHttpCall implements HttpCall {
  constructor(
    readonly request: OpeningRequest,
    readonly asks: HttpRequest,
    private readonly response: ServerResponse,
    /** Bytes from which an answer is compressed; `Infinity`: never. */
    private readonly threshold: number,
  ) {}

  get remoteAddress(): string {
    return this.request.socket.remoteAddress ?? "";
  }

  get secure(): boolean {
    return "encrypted" in this.request.socket;
  }

  answer(answer: HttpAnswer, headers: ResponseHeaders = {}): void {
    const { status, body } = answer;
    const all: ResponseHeaders = { ...answer.headers, ...headers };
    if (NEEDS_NO_XSS_FILTER.test(this.request.headers["user-agent"] ?? ""))
      all["X-XSS-Protection"] = "0";
    const size = Buffer.byteLength(body);
    const encoding =
      answer.compress && size >= this.threshold
        ? new Negotiator(this.request).encoding(ENCODINGS)
        : undefined;
    if (encoding !== "gzip" && encoding !== "deflate") {
      this.#write(status, all, body, size);
      return;
    }
    all["Content-Encoding"] = encoding;
    all["Vary"] = "Accept-Encoding";
    ENCODERS[encoding](body).then(
      (smaller) => this.#write(status, all, smaller, smaller.length),
      () => this.response.destroy(),
    );
  }

  stream(head: HttpAnswer, headers: ResponseHeaders = {}): OpenAnswer {
    const { response } = this;
    response.writeHead(head.status, { ...head.headers, ...headers });
    response.write(head.body);
    return {
      write: (text) => void response.write(text),
      end: () => void response.end(),
      get bufferedBytes() {
        return response.writableLength;
      },
      onceDrained: (task) => void response.once("drain", task),
    };
  }

  drop(): void {
    this.request.destroy();
  }

  body(
    limit: number,
    done: (body: Uint8Array | "too large" | "aborted") => void,
  ): () => void {
    const { request } = this;
    if (Number(request.headers["content-length"]) > limit) {
      done("too large");
      return () => {};
    }
    const body = new Gathered();
    const finish = (result: Uint8Array | "too large" | "aborted") => {
      request.off("data", onData).off("end", onEnd).off("close", onClose);
      done(result);
    };
    const onData = (chunk: Buffer) => {
      if (body.size + chunk.length > limit) finish("too large");
      else body.add(chunk);
    };
    const onEnd = () => finish(body.bytes);
    const onClose = () => finish("aborted");
    request.on("data", onData).on("end", onEnd).on("close", onClose);
    return () => request.destroy();
  }

  onAbort(listener: () => void): void {
    // It may have left while the application was deciding.
    if (this.response.destroyed) process.nextTick(listener);
    else this.response.once("close", listener);
  }

  // A string goes out in one write with the headers; bytes would take two.
  #write(
    status: number,
    headers: ResponseHeaders,
    body: Unit,
    size: number,
  ): void {
    const { response } = this;
    if (response.headersSent || response.destroyed) return;
    // What is left of a body that nobody reads must not be taken for the next request.
    // HTTP/2 knows no such header, and no such danger.
    if (
      status >= 400 &&
      !this.request.complete &&
      this.request.httpVersionMajor === 1
    )
      headers["Connection"] = "close";
    headers["Content-Length"] = String(size);
    response.writeHead(status, headers);
    response.end(body);
  }
}

/**
 * A body that arrives in pieces. Copied, as each piece is an object many times
 * the size of a chunk of one byte, and may hold on to all that was read with it.
 */
class Gathered {
  size = 0;
  #buffer: Buffer = Buffer.alloc(0);

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.size);
  }

  add(piece: Buffer): void {
    const needed = this.size + piece.length;
    if (needed > this.#buffer.length) {
      // Most bodies come in one piece.
      const larger = Buffer.alloc(this.size === 0 ? needed : needed * 2);
      this.bytes.copy(larger);
      this.#buffer = larger;
    }
    piece.copy(this.#buffer, this.size);
    this.size = needed;
  }
}

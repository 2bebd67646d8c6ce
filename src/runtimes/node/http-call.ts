/**
 * One request to Node's HTTP server, as the engine sees it: read the body
 * within a limit, answer once, compressed if it is worth it.
 */
import { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { deflate, gzip } from "node:zlib";
import Negotiator from "negotiator";
import type { OpenAnswer } from "../../carriers/streaming.js";
import type { HttpAnswer, HttpRequest } from "../../dialects/dialect.js";
import type { Unit } from "../../dialects/packet.js";
import type { OpeningRequest } from "../../server/connection.js";
import type { HttpCall, ResponseHeaders } from "../../server/http.js";
import { readBody, type Body } from "./request-body.js";

const ENCODERS = { gzip: promisify(gzip), deflate: promisify(deflate) };

/** `Accept-Encoding` says yes to all of these unless it says no. */
const ENCODINGS = ["gzip", "deflate", "identity"];

/** Old Internet Explorers take an answer that they see as a frame for an attack. */
const NEEDS_NO_XSS_FILTER = /;MSIE|Trident\//;

/** An answer that somebody watches, or of HTTP/2, has another. */
const END: unknown = Reflect.get(ServerResponse.prototype, "end");

export class NodeHttpCall implements HttpCall {
  /** The request's body has been read to its end. */
  #hasBody = false;

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

  answer(answer: HttpAnswer, headers?: ResponseHeaders): void {
    const { status, body } = answer;
    const all: ResponseHeaders = { ...answer.headers, ...headers };
    const agent = this.request.headers["user-agent"];
    if (agent !== undefined && NEEDS_NO_XSS_FILTER.test(agent))
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

  body(limit: number, done: (body: Body) => void): () => void {
    readBody(this.request, limit, (body) => {
      this.#hasBody = typeof body !== "string";
      done(body);
    });
    return () => this.request.destroy();
  }

  onAbort(listener: () => void): void {
    // It may have left while the application was deciding.
    if (this.response.destroyed) process.nextTick(listener);
    // Said once, so there is no need to have `once` make a wrapper.
    else this.response.on("close", listener);
  }

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
      !this.#hasBody &&
      !this.request.complete &&
      this.request.httpVersionMajor === 1
    )
      headers["Connection"] = "close";
    headers["Content-Length"] = String(size);
    response.writeHead(status, headers);
    const socket = response.end === END ? response.socket : null;
    if (socket === null || typeof body !== "string" || size === 0) {
      response.end(body);
      return;
    }
    // `end(body)` gives the socket an empty piece behind the answer, and two
    // pieces take the long way to the kernel: a seventh of a bare server's echo.
    // Plain ASCII takes the shortest one.
    socket.cork();
    response.write(body, size === body.length ? "latin1" : "utf8");
    socket.uncork();
    response.end();
  }
}

/**
 * A plain request that the front door has read, as the engine sees it. Its
 * object is made only for who asks; its answer is one text and one write.
 */
import type { RequestHead } from "../../carriers/request-head.js";
import type { OpenAnswer } from "../../carriers/streaming.js";
import type { HttpAnswer, HttpRequest } from "../../dialects/dialect.js";
import type { Unit } from "../../dialects/packet.js";
import type { Opening, OpeningRequest } from "../../server/connection.js";
import type {
  Body,
  BodyLimits,
  HttpCall,
  ResponseHeaders,
} from "../../server/http.js";
import { answerHead, headerLines, seesAttacks } from "./answer-head.js";
import { compressed } from "./compression.js";
import type { Asking, KeptConnection } from "./kept-connection.js";
import { NodeOpening } from "./opening.js";
import { SocketStream } from "./socket-stream.js";

const FRAMING =
  /^(?:connection|content-length|date|keep-alive|trailer|transfer-encoding|upgrade):/i;

export class PlainCall implements HttpCall, Asking {
  readonly opening: Opening;
  readonly contentType: string | undefined;
  readonly #seesAttacks: boolean;
  #answered = false;
  #cutOff: (() => void) | undefined = undefined;

  constructor(
    private readonly connection: KeptConnection,
    head: RequestHead,
    private readonly posted: Buffer,
    readonly asks: HttpRequest,
    /** Bytes from which an answer is compressed; `Infinity`: never. */
    private readonly threshold: number,
    /** Whether the connection is to end with the answer. */
    private readonly isLast: () => boolean,
  ) {
    this.opening = NodeOpening.read(connection.socket, head);
    this.contentType = head.headers["content-type"];
    this.#seesAttacks = seesAttacks(head.headers["user-agent"]);
    connection.begin(this);
  }

  get request(): OpeningRequest {
    return this.opening.request;
  }

  get remoteAddress(): string {
    return this.connection.socket.remoteAddress ?? "";
  }

  get secure(): boolean {
    return "encrypted" in this.connection.socket;
  }

  answer(answer: HttpAnswer, headers?: ResponseHeaders): void {
    if (this.#answered) return;
    this.#answered = true;
    const { status, body } = answer;
    const lines = this.#lines(answer, headers);
    const smaller = answer.compress
      ? compressed(body, this.threshold, () => this.request)
      : undefined;
    if (smaller === undefined) return this.#write(status, lines, body);
    smaller.then(
      ({ encoding, bytes }) =>
        this.#write(
          status,
          `${lines}Content-Encoding: ${encoding}\r\nVary: Accept-Encoding\r\n`,
          bytes,
        ),
      () => this.drop(),
    );
  }

  stream(answer: HttpAnswer, headers?: ResponseHeaders): OpenAnswer {
    this.#answered = true;
    const last = this.isLast();
    const { keeps, socket } = this.connection;
    const lines = `${this.#lines(answer, headers)}Transfer-Encoding: chunked\r\n`;
    const head = answerHead(answer.status, lines, last ? undefined : keeps);
    const stream = new SocketStream(socket, head);
    const write = (text: string) => {
      const size = Buffer.byteLength(text).toString(16);
      // A chunk without a byte is the end.
      if (text !== "") stream.write(Buffer.from(`${size}\r\n${text}\r\n`));
    };
    write(String(answer.body));
    stream.writeHead();
    return {
      write,
      end: () => {
        // By the socket, which then knows of all that the kernel has not taken.
        if (socket.writable) socket.write("0\r\n\r\n", "latin1");
        this.connection.answered(last);
      },
      get bufferedBytes() {
        return stream.bufferedBytes;
      },
      onceDrained: (task) => stream.onceDrained(task),
    };
  }

  drop(): void {
    this.connection.socket.destroy();
  }

  body({ bytes }: BodyLimits, done: (body: Body) => void): undefined {
    const { posted } = this;
    if (posted.length > bytes) return void done("too large");
    // What is made of it must not hold on to the head, nor show it to anybody.
    const body = Buffer.allocUnsafeSlow(posted.length);
    posted.copy(body);
    done(body);
  }

  onAbort(listener: () => void): void {
    // It may have left while the application was deciding.
    if (this.connection.socket.destroyed) process.nextTick(listener);
    else this.#cutOff = listener;
  }

  cutOff(): void {
    this.#cutOff?.();
  }

  /** `more` are the application's, and replace ours. */
  #lines({ headers }: HttpAnswer, more: ResponseHeaders = {}): string {
    let lines = "";
    for (const name of Object.keys(headers))
      if (!(name in more)) lines += `${name}: ${headers[name]}\r\n`;
    for (const line of headerLines(more))
      // Where an answer ends is ours to say, or the next one is read wrongly.
      if (!FRAMING.test(line)) lines += `${line}\r\n`;
    return this.#seesAttacks ? `${lines}X-XSS-Protection: 0\r\n` : lines;
  }

  #write(status: number, lines: string, body: Unit): void {
    const { connection } = this;
    const { keeps, socket } = connection;
    if (!socket.writable) return;
    const last = this.isLast();
    const size = Buffer.byteLength(body);
    const head = answerHead(
      status,
      `${lines}Content-Length: ${size}\r\n`,
      last ? undefined : keeps,
    );
    if (typeof body === "string" && size === body.length) {
      connection.stream.writeText(head + body);
    } else {
      socket.cork();
      socket.write(head, "latin1");
      socket.write(body);
      socket.uncork();
    }
    connection.answered(last);
  }
}

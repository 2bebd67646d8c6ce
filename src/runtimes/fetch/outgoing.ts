/**
 * An answer that becomes a `Response`, in the shape that middlewares know from
 * Node: they set headers, or answer by themselves.
 */
import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";

type HeaderValue = number | string | readonly string[];

export type Headed = Readonly<Record<string, HeaderValue>>;

/** No answer of these may have a body. */
const BODYLESS = [101, 204, 205, 304];

export class Outgoing extends EventEmitter {
  statusCode = 200;
  headersSent = false;
  readonly #headers = new Map<string, [name: string, value: HeaderValue]>();
  readonly #pieces: BlobPart[] = [];

  /** @param answered called once, with the whole of it */
  constructor(private readonly answered: (response: Response) => void) {
    super();
  }

  get writableEnded(): boolean {
    return this.headersSent;
  }

  setHeader(name: string, value: HeaderValue): this {
    this.#headers.set(name.toLowerCase(), [name, value]);
    return this;
  }

  appendHeader(name: string, value: string | readonly string[]): this {
    const before = this.getHeader(name);
    const values = before === undefined ? [] : [before].flat().map(String);
    return this.setHeader(name, values.concat(value));
  }

  getHeader(name: string): HeaderValue | undefined {
    return this.#headers.get(name.toLowerCase())?.[1];
  }

  hasHeader(name: string): boolean {
    return this.#headers.has(name.toLowerCase());
  }

  removeHeader(name: string): void {
    this.#headers.delete(name.toLowerCase());
  }

  getHeaderNames(): string[] {
    return [...this.#headers.keys()];
  }

  getHeaders(): Record<string, HeaderValue> {
    return Object.fromEntries(
      [...this.#headers].map(([key, [, value]]) => [key, value]),
    );
  }

  /** `more` may follow a text for the status, which nobody reads any more. */
  writeHead(status: number, more?: Headed | string, headers?: Headed): this {
    this.statusCode = status;
    const given = typeof more === "object" ? more : headers;
    for (const [name, value] of Object.entries(given ?? {}))
      this.setHeader(name, value);
    return this;
  }

  write(piece: BlobPart): boolean {
    this.#pieces.push(piece);
    return true;
  }

  end(last?: BlobPart): this {
    if (last !== undefined) this.write(last);
    return this.finish(
      this.#pieces.length > 1 ? new Blob(this.#pieces) : this.#pieces[0],
    );
  }

  /** Ends with a body of the web's own kinds. */
  finish(body?: BodyInit): this {
    if (this.headersSent) return this;
    // Some middlewares set their headers when this is called.
    this.writeHead(this.statusCode);
    this.headersSent = true;
    const init = { status: this.statusCode, headers: this.webHeaders() };
    this.answered(
      new Response(
        BODYLESS.includes(this.statusCode) ? null : (body ?? null),
        init,
      ),
    );
    this.emit("finish");
    return this;
  }

  webHeaders(): Headers {
    const headers = new Headers();
    for (const [name, value] of this.#headers.values())
      for (const one of [value].flat()) headers.append(name, String(one));
    return headers;
  }

  /** As what middlewares expect. The rest of Node's class has no counterpart here. */
  get asResponse(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

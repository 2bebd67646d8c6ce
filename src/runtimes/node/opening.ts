/**
 * The request that opened a WebSocket, for as long as the connection lives.
 * Node's object with all that hangs on it is a quarter of an idle connection,
 * and few applications look at it. If nobody has by the time the connection is
 * open, only its words are kept (`wording.ts`), and the object is made again for
 * the first one who asks. Of most WebSockets it has never been made
 * (`front-door.ts`).
 */
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { RequestHead } from "../../carriers/request-head.js";
import type { Opening, OpeningRequest } from "../../server/connection.js";
import { joinHeaders } from "./headers.js";
import { withQuery } from "./query.js";
import { putTogether, Wordings, type Wording } from "./wording.js";

const LINE = "\r\n";

const ORIGIN = /\r\norigin:([^\r]*)/i;

/** What Node itself and we have put on a request; anything else is somebody's. */
const OURS = new Set(["_query", "parser", "joinDuplicateHeaders"]);

const wordings = new Wordings();
const NONE: Wording = { alike: "", own: "" };

export class NodeOpening implements Opening {
  /** The request, or the socket that it came by as long as there is no object for it. */
  #kept: OpeningRequest | Socket;
  /** Its words in the latter case. Otherwise `undefined`: somebody knows the object. */
  #alike: string | undefined;
  #own: string;

  /** @param seen - others know the object already, and may have left something for it elsewhere */
  constructor(
    request: OpeningRequest | Socket,
    seen: boolean,
    words: Wording = NONE,
  ) {
    this.#kept = request;
    this.#alike = seen ? undefined : words.alike;
    this.#own = words.own;
  }

  /** Of a request that nobody has made an object of yet. Most open nothing, so its words stay whole. */
  static read(socket: Socket, { text }: RequestHead): NodeOpening {
    return new NodeOpening(socket, false, { alike: text, own: "" });
  }

  /** The same object for all who ask. */
  get request(): OpeningRequest {
    const kept = this.#kept;
    const words = { alike: this.#alike ?? "", own: this.#own };
    this.#alike = undefined;
    this.#own = "";
    if (!(kept instanceof Socket)) return kept;
    return (this.#kept = restore(kept, putTogether(words)));
  }

  get origin(): string | undefined {
    const kept = this.#kept;
    if (!(kept instanceof Socket)) return kept.headers.origin;
    // What clients say alike has it.
    const value = ORIGIN.exec(this.#alike ?? "")?.[1];
    return value === undefined ? undefined : trim(value);
  }

  layAside(): void {
    const kept = this.#kept;
    if (this.#alike === undefined) return;
    let words = this.#alike;
    if (!(kept instanceof Socket)) {
      if (!canBeRestored(kept)) return;
      words = wordsOf(kept);
      this.#kept = kept.socket;
    }
    ({ alike: this.#alike, own: this.#own } = wordings.split(words));
  }
}

function wordsOf({
  method = "",
  url = "",
  rawHeaders,
}: OpeningRequest): string {
  let words = `${method} ${url} HTTP/1.1${LINE}`;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    words += `${rawHeaders[i]}: ${rawHeaders[i + 1]}${LINE}`;
  return words + LINE;
}

/** Nobody has left anything on it, and its headers say everything once. */
function canBeRestored(request: OpeningRequest): boolean {
  const { headers, rawHeaders } = request;
  return (
    Object.keys(headers).length * 2 === rawHeaders.length &&
    // A list even if it comes once.
    headers["set-cookie"] === undefined &&
    request.httpVersion === "1.1" &&
    request.socket instanceof Socket &&
    request.eventNames().length === 0 &&
    Object.keys(request).every((key) => OURS.has(key) || FRESH.has(key))
  );
}

function restore(socket: Socket, words: string): OpeningRequest {
  const [first, ...lines] = words.split(LINE);
  const rawHeaders = lines.filter(Boolean).flatMap((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), trim(line.slice(colon + 1))];
  });
  const headers = joinHeaders(rawHeaders);
  const request = Object.assign(new IncomingMessage(socket), {
    method: first.slice(0, first.indexOf(" ")),
    url: first.slice(first.indexOf(" ") + 1, first.lastIndexOf(" ")),
    httpVersion: "1.1",
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    rawHeaders,
    headers,
    upgrade: headers.upgrade !== undefined,
    complete: true,
  });
  request.push(null);
  return withQuery(request);
}

/**
 * Without what HTTP means by white space; a string's own `trim` takes more for
 * it. A loop, as an expression would look at a long run of spaces again from
 * each of them.
 */
function trim(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isSpace(value, start)) start++;
  while (end > start && isSpace(value, end - 1)) end--;
  return value.slice(start, end);
}

function isSpace(value: string, at: number): boolean {
  const code = value.charCodeAt(at);
  return code === 0x20 || code === 0x09;
}

const FRESH: ReadonlySet<string> = new Set(
  Object.keys(new IncomingMessage(new Socket())),
);

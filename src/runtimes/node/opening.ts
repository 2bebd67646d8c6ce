/**
 * The request that opened a WebSocket, for as long as the connection lives.
 * Node's object with all that hangs on it is a quarter of an idle connection,
 * and few applications look at it. If nobody has by the time the connection is
 * open, only its words are kept, and the object is made again for the first
 * one who asks.
 */
import { IncomingMessage, type IncomingHttpHeaders } from "node:http";
import { Socket } from "node:net";
import type { RequestHead } from "../../carriers/websocket/request-head.js";
import type { Opening, OpeningRequest } from "../../server/connection.js";
import { withQuery } from "./query.js";

/** Stands between words, as no URL or header of HTTP can hold it. */
const SEPARATOR = "\n";

const NAMES_ORIGIN = /\norigin\n/i;

/** What Node itself and we have put on a request; anything else is somebody's. */
const OURS = new Set(["_query", "parser", "joinDuplicateHeaders"]);

export class NodeOpening implements Opening {
  /** The request, or the socket that it came by once it is laid aside. */
  #kept: OpeningRequest | Socket;
  /** The URL, then the headers' names and values as they came. */
  #words = "";
  #seen: boolean;

  /** @param seen - others know the object already, and may have left something for it elsewhere */
  constructor(request: OpeningRequest | Socket, seen: boolean, words = "") {
    this.#kept = request;
    this.#seen = seen;
    this.#words = words;
  }

  /** Of a request that nobody has made an object of yet. */
  static read(socket: Socket, { url, rawHeaders }: RequestHead): NodeOpening {
    return new NodeOpening(socket, false, wordsOf(url, rawHeaders));
  }

  /** The same object for all who ask. */
  get request(): OpeningRequest {
    this.#seen = true;
    const kept = this.#kept;
    if (!(kept instanceof Socket)) return kept;
    const request = restore(kept, this.#words);
    this.#kept = request;
    return request;
  }

  get origin(): string | undefined {
    const kept = this.#kept;
    if (kept instanceof Socket && !NAMES_ORIGIN.test(this.#words))
      return undefined;
    return (kept instanceof Socket ? restore(kept, this.#words) : kept).headers
      .origin;
  }

  layAside(): void {
    const kept = this.#kept;
    if (this.#seen || kept instanceof Socket || !canBeRestored(kept)) return;
    const { socket, url = "", rawHeaders } = kept;
    this.#kept = socket;
    this.#words = wordsOf(url, rawHeaders);
  }
}

function wordsOf(url: string, rawHeaders: readonly string[]): string {
  return url + SEPARATOR + rawHeaders.join(SEPARATOR);
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
  const [url, ...rawHeaders] = words.split(SEPARATOR);
  const headers: IncomingHttpHeaders = {};
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    headers[rawHeaders[i].toLowerCase()] = rawHeaders[i + 1];
  const request = Object.assign(new IncomingMessage(socket), {
    method: "GET",
    url,
    httpVersion: "1.1",
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    rawHeaders,
    headers,
    upgrade: true,
    complete: true,
  });
  request.push(null);
  return withQuery(request);
}

const FRESH: ReadonlySet<string> = new Set(
  Object.keys(new IncomingMessage(new Socket())),
);

/**
 * A `Request` in the shape that middlewares and applications know from Node:
 * method, URL, headers, the peer's address. Its body stays where it is.
 */
import type { IncomingMessage } from "node:http";
import type { OpeningRequest } from "../../server/connection.js";
import { withQuery } from "../node/query.js";

class Incoming {
  readonly httpVersion = "1.1";
  readonly httpVersionMajor = 1;
  readonly complete = true;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly socket: { remoteAddress: string; encrypted?: true };

  constructor(request: Request, url: URL, remoteAddress: string) {
    this.method = request.method;
    this.url = url.pathname + url.search;
    this.headers = Object.fromEntries(request.headers);
    this.socket =
      url.protocol === "https:"
        ? { remoteAddress, encrypted: true }
        : { remoteAddress };
  }

  /** For those that look for `socket` under its old name. */
  get connection(): Incoming["socket"] {
    return this.socket;
  }
}

export function incomingOf(
  request: Request,
  url: URL,
  remoteAddress: string,
): OpeningRequest {
  const incoming = new Incoming(request, url, remoteAddress);
  // The rest of Node's class has no counterpart here.
  return withQuery(incoming as unknown as IncomingMessage);
}

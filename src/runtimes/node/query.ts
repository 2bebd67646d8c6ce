/**
 * The parts of a request's URL, read without throwing on anything.
 */
import type { IncomingMessage } from "node:http";
import type { HttpRequest } from "../../dialects/dialect.js";
import type { OpeningRequest } from "../../server/connection.js";

/** Gives the request its parsed query, unless a framework has done so (`_query`). */
export function withQuery(request: IncomingMessage): OpeningRequest {
  const known = (request as Partial<OpeningRequest>)._query;
  return Object.assign(request, { _query: known ?? parseQuery(request.url) });
}

/** A key given twice has its last value, as in the reference. */
export function parseQuery(url = ""): Record<string, string> {
  const mark = url.indexOf("?");
  if (mark < 0) return {};
  const hash = url.indexOf("#", mark);
  const query = hash < 0 ? url.slice(mark + 1) : url.slice(mark + 1, hash);
  return PLAIN.test(query)
    ? plainQuery(query)
    : Object.fromEntries(new URLSearchParams(query));
}

/** Nothing is escaped, and no key can be taken for something that objects have. */
const PLAIN = /^[\w.=&-]*$/;

/** The way of nearly all: the standard's parser was 3 % of an echo over polling. */
function plainQuery(query: string): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const part of query.split("&")) {
    const equals = part.indexOf("=");
    const key = equals < 0 ? part : part.slice(0, equals);
    if (key === "__proto__")
      return Object.fromEntries(new URLSearchParams(query));
    if (part !== "") entries[key] = equals < 0 ? "" : part.slice(equals + 1);
  }
  return entries;
}

/** The request as the doors see it. `mount` is the path that we are attached to. */
export function asksOf(
  {
    method = "",
    url = "",
    _query,
  }: Pick<OpeningRequest, "method" | "url" | "_query">,
  mount: string,
  upgrade: boolean,
): HttpRequest {
  const [path] = url.split("?", 1);
  return {
    method,
    path: path.startsWith(mount) ? path.slice(mount.length) : path,
    query: _query,
    upgrade,
  };
}

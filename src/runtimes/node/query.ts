/**
 * The parts of a request's URL, read without throwing on anything.
 */
import type { IncomingMessage } from "node:http";
import type { HttpRequest } from "../../dialects/dialect.js";
import type { OpeningRequest } from "../../server/connection.js";

/** Gives the request its parsed query, unless a framework has done so (`_query`). */
export function withQuery(request: IncomingMessage): OpeningRequest {
  if (!hasQuery(request)) giveQuery(request, parseQuery(request.url));
  return request;
}

function hasQuery(request: IncomingMessage): request is OpeningRequest {
  return (request as Partial<OpeningRequest>)._query !== undefined;
}

// `Object.assign` would be one call, and several times the price.
function giveQuery(
  request: IncomingMessage & Partial<Pick<OpeningRequest, "_query">>,
  query: OpeningRequest["_query"],
): asserts request is OpeningRequest {
  request._query = query;
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
  const find = (mark: string, from: number) => {
    const at = query.indexOf(mark, from);
    return at < 0 ? query.length : at;
  };
  let equals = -1;
  for (let at = 0, end: number; at < query.length; at = end + 1) {
    end = find("&", at);
    if (equals < at) equals = find("=", at);
    const key = query.slice(at, Math.min(equals, end));
    if (key === "__proto__")
      return Object.fromEntries(new URLSearchParams(query));
    if (end > at) entries[key] = query.slice(equals + 1, end);
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
  agent?: string,
): HttpRequest {
  const mark = url.indexOf("?");
  const end = mark < 0 ? url.length : mark;
  return {
    method,
    path: url.slice(
      end >= mount.length && url.startsWith(mount) ? mount.length : 0,
      end,
    ),
    query: _query,
    upgrade,
    agent,
  };
}

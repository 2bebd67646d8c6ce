/**
 * The headers of a request as Node's `IncomingMessage.headers` has them: names
 * in lower case, and one value for each.
 */
import type { IncomingHttpHeaders } from "node:http";

/** Of these only the first counts (Node.js, `message.headers`). */
const FIRST: ReadonlySet<string> = new Set([
  "age",
  "authorization",
  "content-length",
  "content-type",
  "etag",
  "expires",
  "from",
  "host",
  "if-modified-since",
  "if-unmodified-since",
  "last-modified",
  "location",
  "max-forwards",
  "proxy-authorization",
  "referer",
  "retry-after",
  "server",
  "user-agent",
]);

/** @param rawHeaders names and values in turn, as they came */
export function joinHeaders(
  rawHeaders: readonly string[],
): IncomingHttpHeaders {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    const value = rawHeaders[i + 1];
    const before = headers.get(name);
    if (before === undefined) headers.set(name, value);
    else if (!FIRST.has(name))
      headers.set(name, before + (name === "cookie" ? "; " : ", ") + value);
  }
  return Object.fromEntries(headers);
}

/**
 * Whether a server's requests are seen by nobody but one listener, so that
 * nobody would miss one that Node's HTTP has not read.
 */
import { channel } from "node:diagnostics_channel";
import { EventEmitter } from "node:events";
import type { RequestListener, Server } from "node:http";

/** Where Node tells those who trace programs of each request and its answer. */
const TOLD = [
  channel("http.server.request.start"),
  channel("http.server.response.created"),
  channel("http.server.response.finish"),
];

export function isUnwatched(
  server: Server,
  listener: RequestListener,
): boolean {
  return (
    server.listenerCount("request") === 1 &&
    server.listenerCount("request", listener) === 1 &&
    // Others who trace programs put a method of their own in its place.
    server.emit === EventEmitter.prototype.emit &&
    !TOLD.some(({ hasSubscribers }) => hasSubscribers) &&
    // Limits that only Node's HTTP keeps to.
    server.timeout === 0 &&
    !server.maxRequestsPerSocket &&
    !server.maxHeadersCount
  );
}

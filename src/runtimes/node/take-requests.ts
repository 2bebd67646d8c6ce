/**
 * Takes some of a server's requests; the listeners that it already had get the
 * rest, as if nobody had come in between.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";

export function takeRequests(
  server: Server,
  handle: (request: IncomingMessage, response: ServerResponse) => boolean,
): void {
  const others = server.listeners("request").slice();
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    if (handle(request, response)) return;
    for (const listener of others)
      Reflect.apply(listener, server, [request, response]);
  });
}

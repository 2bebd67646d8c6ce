/**
 * Takes some of a server's requests; the listeners that it already had get the
 * rest, as if nobody had come in between.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";

/** Answers a request, or passes it on. */
export type Taker = (
  request: IncomingMessage,
  response: ServerResponse,
  pass: () => void,
) => void;

export function takeRequests(server: Server, take: Taker): void {
  const others = server.listeners("request").slice();
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    take(request, response, () => {
      for (const listener of others)
        Reflect.apply(listener, server, [request, response]);
    });
  });
}

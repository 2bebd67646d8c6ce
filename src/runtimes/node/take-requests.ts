/**
 * Takes some of a server's requests; the listeners that it already had get the
 * rest, as if nobody had come in between.
 */
import type {
  IncomingMessage,
  RequestListener,
  Server,
  ServerResponse,
} from "node:http";

/** Answers a request, or passes it on. */
export type Taker = (
  request: IncomingMessage,
  response: ServerResponse,
  pass: () => void,
) => void;

/** @returns the listener that stands for all of them now */
export function takeRequests(server: Server, take: Taker): RequestListener {
  const others = server.listeners("request").slice();
  const listener: RequestListener = (request, response) => {
    take(request, response, () => {
      for (const listener of others)
        Reflect.apply(listener, server, [request, response]);
    });
  };
  server.removeAllListeners("request");
  server.on("request", listener);
  return listener;
}

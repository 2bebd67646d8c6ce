/**
 * An application of the web's own classes as a listener of Node's HTTP servers,
 * for the option `otherApp`.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { FetchApp, OtherApp } from "../../server/site-options.js";
import { fromWeb, toWeb } from "../web-streams.js";

export type Listener = (
  request: IncomingMessage,
  response: ServerResponse,
) => unknown;

export function listenerOf(app: OtherApp): Listener {
  if (typeof app === "function") return app;
  return (request, response) => {
    answer(app, request, response).catch((error: unknown) => {
      console.error("omnio: otherApp failed:", error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  };
}

async function answer(
  app: FetchApp,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = urlOf(incoming);
  if (url === undefined) {
    response.writeHead(400).end();
    return;
  }
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const { method = "GET" } = incoming;
  const bare = method === "GET" || method === "HEAD";
  const request = new Request(url, {
    method,
    headers: headersOf(incoming),
    signal: gone.signal,
    ...(!bare && { body: toWeb(incoming), duplex: "half" }),
  });
  const { status, headers, body } = await app.fetch(request);
  for (const [name, value] of headers)
    if (name !== "set-cookie") response.setHeader(name, value);
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  response.writeHead(status);
  if (body === null) response.end();
  else await pipeline(fromWeb(body), response);
}

function urlOf(request: IncomingMessage): URL | undefined {
  const scheme = "encrypted" in request.socket ? "https" : "http";
  const { host = "localhost", ":authority": authority } = request.headers;
  const base = `${scheme}://${String(authority ?? host)}`;
  const path = request.url ?? "/";
  // With two slashes in front it would be taken for the name of a host.
  const text = path.startsWith("/") ? base + path : path;
  return URL.canParse(text) ? new URL(text) : undefined;
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    // HTTP/2 has the method and the like among them.
    if (!rawHeaders[i].startsWith(":"))
      headers.append(rawHeaders[i], rawHeaders[i + 1]);
  return headers;
}

/**
 * Whether a page of this origin may talk to us: its own server, or one that
 * the `cors` middleware has just allowed.
 */
import type { IncomingMessage, ServerResponse } from "node:http";

export function isOriginAllowed(
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { origin, host } = request.headers;
  // Programs other than browsers send none.
  if (origin === undefined) return true;
  const allowed = response.getHeader("access-control-allow-origin");
  if (allowed === "*" || allowed === origin) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

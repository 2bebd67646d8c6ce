/**
 * What a client told when it connected, put together when somebody asks for it.
 */
import type { Connection } from "./connection.js";
import type { Handshake } from "./socket-types.js";

/** What most clients tell: nothing, shared by them, and never handed out. */
export const NO_AUTH: Record<string, unknown> = Object.freeze({});

/** What an application may get, and change. */
export function ownAuth(
  auth: Record<string, unknown>,
): Record<string, unknown> {
  return auth === NO_AUTH ? {} : auth;
}

export function makeHandshake(
  { request, remoteAddress, secure }: Connection,
  auth: Record<string, unknown>,
  issued: number,
): Handshake {
  return {
    headers: request.headers,
    time: String(new Date(issued)),
    address: remoteAddress,
    xdomain: request.headers.origin !== undefined,
    secure,
    issued,
    url: request.url ?? "",
    query: request._query,
    auth: ownAuth(auth),
  };
}

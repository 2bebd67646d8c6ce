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

const STARTED = Date.now();

/** ms, as a small number: one since 1970, or what a subtraction gives, is an object of its own. */
export function sinceStart(): number {
  return Math.floor(Date.now() - STARTED);
}

export function makeHandshake(
  { request, remoteAddress, secure }: Connection,
  auth: Record<string, unknown>,
  issuedAt: number,
): Handshake {
  const issued = STARTED + issuedAt;
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

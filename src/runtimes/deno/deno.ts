/**
 * What is used of Deno, as types of our own: a program needs no further package
 * to compile.
 */
import type { WebSocketPair } from "../fetch/standard-socket.js";

/** What Deno hands to a handler beside the request. */
export interface DenoInfo {
  /** Servers on Unix sockets have no name for a peer. */
  readonly remoteAddr: { readonly hostname?: string };
}

/** What `Deno.serve` returns. */
export interface DenoServer {
  readonly addr: { readonly hostname: string; readonly port: number };
  readonly finished: Promise<void>;
  /** Resolves when the requests under way are answered. */
  shutdown(): Promise<void>;
  ref(): void;
  unref(): void;
}

interface DenoGlobal {
  serve(
    options: { port: number; onListen(): void },
    handler: (request: Request, info: DenoInfo) => Promise<Response>,
  ): DenoServer;
  /** `idleTimeout` in seconds; 0: none. */
  upgradeWebSocket(
    request: Request,
    options: { idleTimeout: number },
  ): WebSocketPair;
}

/** @throws {Error} this is not Deno */
export function deno(): DenoGlobal {
  const found: unknown = Reflect.get(globalThis, "Deno");
  if (found === undefined)
    throw new Error(
      'omnio/deno can serve in Deno only: in Node.js, import { Server } from "omnio"',
    );
  return found as DenoGlobal;
}

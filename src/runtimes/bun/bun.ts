/**
 * What is used of Bun, as types of our own: a program needs no further package
 * to compile.
 */

/** One WebSocket of Bun's server. */
export interface BunWebSocket<Data> {
  readonly data: Data;
  /** @returns bytes sent, -1 if they wait, 0 if they were dropped */
  send(data: string | Uint8Array, compress?: boolean): number;
  close(code?: number, reason?: string): void;
  terminate(): void;
  cork(task: () => void): void;
  getBufferedAmount(): number;
}

/** Bun's `websocket` option: handlers and limits for all WebSockets of a server. */
export interface BunWebSocketHandler<Data> {
  open(socket: BunWebSocket<Data>): void;
  message(socket: BunWebSocket<Data>, message: string | Uint8Array): void;
  close(socket: BunWebSocket<Data>, code: number, reason: string): void;
  /** What waited has been taken. */
  drain(socket: BunWebSocket<Data>): void;
  /** Bytes. */
  maxPayloadLength: number;
  /** Bytes. */
  backpressureLimit: number;
  /** Seconds; 0: none. */
  idleTimeout: number;
  sendPings: boolean;
  perMessageDeflate: boolean;
}

/** What `Bun.serve` returns, and hands to `fetch`. */
export interface BunServer {
  readonly port: number;
  readonly hostname: string;
  readonly url: URL;
  upgrade(
    request: Request,
    options: { headers?: Headers; data?: unknown },
  ): boolean;
  /** `seconds` 0: a request may take as long as it wants. */
  timeout(request: Request, seconds: number): void;
  requestIP(request: Request): { address: string } | null;
  /** Resolves when the requests under way are answered; `force` cuts them off. */
  stop(force?: boolean): Promise<void>;
}

export interface BunServeOptions<Data> {
  fetch(
    request: Request,
    server: BunServer,
  ): Response | undefined | Promise<Response | undefined>;
  websocket: BunWebSocketHandler<Data>;
  port?: number;
}

interface BunGlobal {
  serve<Data>(options: BunServeOptions<Data>): BunServer;
}

/** @throws {Error} this is not Bun */
export function bun(): BunGlobal {
  const found: unknown = Reflect.get(globalThis, "Bun");
  if (found === undefined)
    throw new Error(
      'omnio/bun can listen in Bun only: in Node.js, import { Server } from "omnio"',
    );
  return found as BunGlobal;
}

/**
 * The WebSocket class of the web, on the server's side, as Deno and others give
 * it out: a socket, and the response that opens it.
 */
import { Buffer } from "node:buffer";
import type { Unit } from "../../dialects/packet.js";
import { clock } from "./platform.js";
import type { Upgrade, Wire } from "./wire.js";

/** How often a full line is looked at, in ms. */
const DRAIN_CHECK = 20;

/**
 * Deno's words for a peer that went without a close frame. In other runtimes
 * that is an end like any other (RFC 6455, 7.1.5), and no error.
 */
const LINE_GONE = /\bEOF\b|\(os error \d+\)/;

/** The close code for it. */
const ABNORMAL = 1006;

/** A request's WebSocket, and its answer. */
export interface WebSocketPair {
  readonly socket: WebSocket;
  readonly response: Response;
}

/** @param open throws if the request is no handshake */
export function standardUpgrade(open: () => WebSocketPair): Upgrade {
  return (headers, listener) => {
    let pair: WebSocketPair;
    try {
      pair = open();
    } catch {
      return undefined;
    }
    const { socket, response } = pair;
    addHeaders(response, headers);
    socket.binaryType = "arraybuffer";
    const opened = () => listener.opened(wireOf(socket));
    socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      const unit = unitOf(data);
      if (unit !== undefined) listener.message(unit);
    });
    socket.addEventListener("close", ({ code, reason }) =>
      listener.closed(code, reason),
    );
    socket.addEventListener("error", (event) => {
      const error = errorOf(event);
      if (LINE_GONE.test(error.message))
        listener.closed(ABNORMAL, error.message);
      else listener.failed(error);
    });
    if (socket.readyState === socket.OPEN) queueMicrotask(opened);
    else socket.addEventListener("open", opened);
    return response;
  };
}

function wireOf(socket: WebSocket): Wire {
  return {
    send: (frame) =>
      socket.send(typeof frame === "string" ? frame : new Uint8Array(frame)),
    close: (code, reason) => socket.close(code, reason),
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    onceDrained(task) {
      // The web's class does not tell; whoever is gone has nothing buffered that would be taken.
      const look = () => {
        if (socket.readyState !== socket.OPEN) return;
        if (socket.bufferedAmount === 0) task();
        else clock.after(DRAIN_CHECK, look);
      };
      clock.after(DRAIN_CHECK, look);
    },
  };
}

function unitOf(data: unknown): Unit | undefined {
  if (typeof data === "string") return data;
  return data instanceof ArrayBuffer ? Buffer.from(data) : undefined;
}

function errorOf(event: Event): Error {
  const error: unknown = Reflect.get(event, "error");
  return error instanceof Error ? error : new Error("the WebSocket failed");
}

/** Some runtimes do not let anybody change such a response. */
function addHeaders(response: Response, headers: Headers): void {
  try {
    for (const [name, value] of headers) response.headers.append(name, value);
  } catch {
    // Then it goes without them.
  }
}

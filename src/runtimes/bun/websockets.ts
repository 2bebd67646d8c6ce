/** WebSockets of Bun's own server: one set of handlers for all, each told apart by its `data`. */
import type { FetchEngine } from "../fetch/engine.js";
import type { Upgrade, Wire, WireListener } from "../fetch/wire.js";
import type { BunServer, BunWebSocket, BunWebSocketHandler } from "./bun.js";

/** What Bun keeps for each WebSocket of ours. */
export interface BunSocketData {
  readonly listener: WireListener;
  drained?: () => void;
}

/** What Bun drops above this much is lost for good, so it is no limit of ours. */
const BACKPRESSURE_LIMIT = 1024 ** 3;

/** Bun closes with this code when the line is gone, or when it cuts it. */
const ABNORMAL = 1006;

export function webSocketHandler({
  opts,
}: FetchEngine): BunWebSocketHandler<BunSocketData> {
  return {
    open: (socket) => socket.data.listener.opened(wireOf(socket)),
    message: (socket, message) => socket.data.listener.message(message),
    close({ data: { listener } }, code, reason) {
      // The peer has been told by code 1009.
      if (code === ABNORMAL && /too (big|large)/i.test(reason))
        listener.failed(new Error("a message above maxHttpBufferSize"));
      else listener.closed(code, reason);
    },
    drain({ data }) {
      const { drained } = data;
      delete data.drained;
      drained?.();
    },
    maxPayloadLength: opts.maxHttpBufferSize,
    backpressureLimit: BACKPRESSURE_LIMIT,
    // The heartbeat is Engine.IO's.
    idleTimeout: 0,
    sendPings: false,
    perMessageDeflate: opts.perMessageDeflate !== false,
  };
}

export function bunUpgrade(server: BunServer, request: Request): Upgrade {
  return (headers, listener) =>
    server.upgrade(request, { headers, data: { listener } })
      ? "taken"
      : undefined;
}

function wireOf(socket: BunWebSocket<BunSocketData>): Wire {
  return {
    send(frame, compress) {
      if (socket.send(frame, compress) === 0 && frame.length > 0)
        throw new Error("the peer reads too slowly, or has left");
    },
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
    cork: (write) => socket.cork(write),
    get bufferedBytes() {
      return socket.getBufferedAmount();
    },
    onceDrained(task) {
      socket.data.drained = task;
    },
  };
}

/**
 * Our own WebSocket on a socket of Node's, which does not wait for ever for
 * the peer's close frame, nor for its end of the connection. The socket's
 * listeners are shared by all connections and find theirs by a property of the
 * socket: a closure for each event and connection costs memory, and keeps the
 * upgrade request's alive as well.
 */
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import {
  WebSocketCarrier,
  type WebSocketKind,
} from "../../carriers/websocket/carrier.js";
import type { StreamListener } from "../../server/http.js";
import { CLOSE_TIMEOUT, hangUp } from "./hang-up.js";
import { clock } from "./platform.js";
import { sharedReader } from "./shared-reads.js";
import { SocketStream } from "./socket-stream.js";
import { turn } from "./turn.js";

const CARRIER = Symbol("carrier");

type Owned = Duplex & { [CARRIER]?: OwnCarrier };

const readShared = sharedReader((socket: Owned, chunk) => {
  const carrier = socket[CARRIER];
  // Somebody else listens as well, and may keep what it hears.
  if (carrier === undefined || socket.listenerCount("data") > 1)
    socket.push(Buffer.from(chunk));
  else carrier.receive(chunk);
});

export class OwnCarrier extends WebSocketCarrier<SocketStream> {
  constructor(stream: SocketStream, kind: WebSocketKind, to: StreamListener) {
    super(stream, kind, to);
    const socket: Owned = stream.socket;
    socket[CARRIER] = this;
    socket.on("error", onError);
    socket.on("close", onClose);
    socket.on("end", onEnd);
    socket.on("data", onData);
    if (socket instanceof Socket) readShared(socket);
    if (socket.isPaused()) socket.resume();
  }

  /** What the handlers of a chunk say leaves in one write, as soon as it has been read. */
  override receive(chunk: Uint8Array): void {
    turn(() => super.receive(chunk));
  }

  override close(code?: number, reason?: string): void {
    const before = this.state;
    super.close(code, reason);
    if (before !== "open") return;
    const { socket } = this.stream;
    const cancel = clock.after(CLOSE_TIMEOUT, () => socket.destroy());
    socket.once("close", cancel);
  }

  /**
   * Both sides have said goodbye, so the server closes the connection (RFC
   * 6455, section 7.1.1). There are clients that leave their end open.
   */
  override onClose(code: number, reason: string): void {
    super.onClose(code, reason);
    const { socket } = this.stream;
    if (socket.writableFinished) socket.destroy();
    else socket.once("finish", () => socket.destroy());
  }
}

function onError(this: Owned): void {
  this.destroy();
}

function onClose(this: Owned): void {
  this[CARRIER]?.lost();
}

function onEnd(this: Owned): void {
  this[CARRIER]?.lost();
  hangUp(this);
}

function onData(this: Owned, chunk: Buffer): void {
  this[CARRIER]?.receive(chunk);
}

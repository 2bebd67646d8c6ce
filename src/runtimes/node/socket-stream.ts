/**
 * A TCP or TLS socket as the byte stream below a WebSocket.
 */
import type { Duplex } from "node:stream";
import type { ByteStream } from "../../carriers/websocket/ports.js";
import { hangUp } from "./hang-up.js";
import { clock } from "./platform.js";

export class SocketStream implements ByteStream {
  constructor(private readonly socket: Duplex) {}

  write(bytes: Uint8Array | readonly Uint8Array[]): void {
    const { socket } = this;
    if (!socket.writable) return;
    if (bytes instanceof Uint8Array) {
      socket.write(bytes);
      return;
    }
    socket.cork();
    for (const chunk of bytes) socket.write(chunk);
    socket.uncork();
  }

  get bufferedBytes(): number {
    return this.socket.writableLength;
  }

  onceDrained(task: () => void): void {
    // A stream with a mark far above ours says nothing below it.
    if (this.socket.writableNeedDrain) this.socket.once("drain", task);
    else clock.after(50, task);
  }

  end(): void {
    hangUp(this.socket);
  }

  destroy(): void {
    this.socket.destroy();
  }
}

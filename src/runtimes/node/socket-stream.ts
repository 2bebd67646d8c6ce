/**
 * A TCP or TLS socket as the byte stream below a WebSocket.
 */
import type { Duplex } from "node:stream";
import type { ByteStream } from "../../carriers/websocket/ports.js";
import { hangUp } from "./hang-up.js";
import { clock } from "./platform.js";

export class SocketStream implements ByteStream {
  constructor(
    readonly socket: Duplex,
    /**
     * The answer to the request, which leaves with what is written first: a
     * write for itself was a tenth of the price of a new connection.
     */
    private head: string | undefined = undefined,
  ) {}

  /** The head of the answer, if nothing has taken it along. */
  writeHead(): void {
    const { head, socket } = this;
    this.head = undefined;
    if (head !== undefined && socket.writable) socket.write(head, "latin1");
  }

  write(bytes: Uint8Array | readonly Uint8Array[]): void {
    const { head, socket } = this;
    if (!socket.writable) return;
    if (head !== undefined) {
      this.head = undefined;
      const pieces = bytes instanceof Uint8Array ? [bytes] : bytes;
      socket.write(Buffer.concat([Buffer.from(head, "latin1"), ...pieces]));
      return;
    }
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

/**
 * A TCP or TLS socket as the byte stream below a WebSocket.
 */
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { ByteStream } from "../../carriers/websocket/ports.js";
import { isNode } from "../../node/is-node.js";
import { hangUp } from "./hang-up.js";
import { clock } from "./platform.js";

/** A socket of Node's below its stream's queue. */
interface Outlet {
  _write(
    data: string | Uint8Array,
    encoding: "latin1" | "buffer",
    done: (error?: Error | null) => void,
  ): void;
}

const untouched: { readonly write: unknown } = Socket.prototype;

/** Of more than this a stream is asked to say when it has been sent, in bytes. */
const SHORT = 8 * 1024;

export class SocketStream implements ByteStream {
  /** Bytes that the kernel has not taken, and the stream does not know of. */
  private pending = 0;

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
      this.send(Buffer.concat([Buffer.from(head, "latin1"), ...pieces]));
    } else if (bytes instanceof Uint8Array) {
      this.send(bytes);
    } else {
      socket.cork();
      for (const chunk of bytes) socket.write(chunk);
      socket.uncork();
    }
  }

  writeText(text: string): void {
    const { head = "", socket } = this;
    if (!socket.writable) return;
    this.head = undefined;
    this.send(head + text);
  }

  get bufferedBytes(): number {
    return this.socket.writableLength + this.pending;
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

  /**
   * What is short goes past the stream's queue, as long as nothing waits: what
   * that notes of each write, and Node's task to say that it is done, were 4 %
   * of an echo. If the kernel does not take it at once, what the stream sends
   * next queues up behind it, below both.
   */
  private send(data: string | Uint8Array): void {
    const { socket } = this;
    const { length } = data;
    if (length > SHORT || this.bufferedBytes > 0 || !hasOutlet(socket)) {
      if (typeof data === "string") socket.write(data, "latin1");
      else socket.write(data);
      return;
    }
    this.pending = length;
    const encoding = typeof data === "string" ? "latin1" : "buffer";
    socket._write(data, encoding, (error) => {
      this.pending -= length;
      if (error) socket.destroy(error);
    });
  }
}

function hasOutlet(socket: Duplex): socket is Duplex & Outlet {
  return (
    isNode &&
    socket instanceof Socket &&
    // It aborts the process for a write beside another one.
    !(socket instanceof TLSSocket) &&
    // Somebody else may want to see what is written.
    socket.write === untouched.write &&
    socket.writableCorked === 0
  );
}

/**
 * A TCP or TLS connection whose bytes go to whoever has it at the time. All of
 * them are read into one piece of memory: a stream that allocates for each read
 * was a fifth of what an event cost, and hands it on through layers of its own.
 */
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";

/** Who has the connection. */
export interface LineHolder {
  /** Bytes, valid until this returns. `false`: no more, until the socket is resumed. */
  receive(chunk: Buffer): boolean | void;
  /** The connection is gone. */
  lost(error: Error | undefined): void;
}

const chunk = Buffer.allocUnsafeSlow(64 * 1024);

/** How long the server has to answer our close frame, and to hang up, in ms. */
const CLOSE_WITHIN = 30_000;

export class Line {
  readonly socket: Socket;
  holder: LineHolder;

  constructor(
    options: ConnectionOptions & { host?: string; port?: number },
    secure: boolean,
    holder: LineHolder,
  ) {
    this.holder = holder;
    const all = {
      ...options,
      // To HTTP it is another path.
      path: undefined,
      noDelay: true,
      onread: {
        buffer: chunk,
        callback: (length: number) =>
          this.holder.receive(chunk.subarray(0, length)) !== false,
      },
    };
    this.socket = secure
      ? connectTls({ ...all, servername: serverName(options) })
      : connectTcp({ ...all, port: all.port ?? 80 });
    let fault: Error | undefined;
    this.socket
      .on("error", (error) => (fault = error))
      .on("close", () => this.holder.lost(fault));
  }

  write(bytes: Uint8Array): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  end(): void {
    this.socket.end();
    this.expire();
  }

  /** It ends soon, with the server's help or without. */
  expire(): void {
    const { socket } = this;
    const timer = setTimeout(() => socket.destroy(), CLOSE_WITHIN).unref();
    socket.once("close", () => clearTimeout(timer));
  }
}

/** The name that the server shows its certificate for; an address is none. */
function serverName({
  servername,
  host = "localhost",
}: ConnectionOptions & { host?: string }): string {
  return servername ?? (isIP(host) ? "" : host);
}

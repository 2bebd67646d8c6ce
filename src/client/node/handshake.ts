/**
 * The stream that `ws` has a connection by while it does the handshake. When
 * that is done and no extension was agreed on, the connection is taken from it:
 * the handshake's request, answer and streams are let go, and our own frames,
 * which cost a fraction, go on. Otherwise it stays as it is.
 */
import { Duplex } from "node:stream";
import type { ConnectionOptions } from "node:tls";
import { Line, type LineHolder } from "./line.js";

export class HandshakeStream extends Duplex implements LineHolder {
  private readonly _line: Line;
  private _taken = false;

  constructor(options: ConnectionOptions, secure: boolean) {
    super();
    this._line = new Line(options, secure, this);
    this._line.socket.once("end", this._ended);
  }

  receive(chunk: Buffer): boolean {
    return this.push(Buffer.from(chunk));
  }

  private readonly _ended = () => this.push(null);

  lost(error: Error | undefined): void {
    this.destroy(error);
  }

  unref(): void {
    this._line.socket.unref();
  }

  /** Takes the connection away, and gives it to the holder that `make` makes; also what was read and not looked at. */
  handOver<Holder extends LineHolder>(
    make: (line: Line) => Holder,
  ): { holder: Holder; rest: Buffer | null } {
    this.removeAllListeners();
    this._taken = true;
    this._line.socket.off("end", this._ended);
    const rest = this.read() as Buffer | null;
    const holder = make(this._line);
    this._line.holder = holder;
    this.destroy();
    return { holder, rest };
  }

  override _read(): void {
    this._line.socket.resume();
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    // Where it fails, the socket has a cause that says more, and ends with it
    // (a certificate, where Node 26 says EBADF of what was still to be written).
    this._line.socket.write(chunk, (error) => {
      if (!error) done();
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    this._line.socket.end(() => done());
  }

  override _destroy(
    error: Error | null,
    done: (error?: Error | null) => void,
  ): void {
    if (!this._taken) this._line.socket.destroy();
    done(error);
  }
}

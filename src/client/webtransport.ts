/**
 * WebTransport: one bidirectional stream, on which each frame is preceded by
 * its length and whether it is bytes. Where the platform does not have it,
 * opening fails, and an upgrade to it is given up on.
 */
import { LINES } from "../dialects/dialect.js";
import type { Unit } from "../dialects/packet.js";
import { Transport } from "./transport.js";

type Bytes = Uint8Array<ArrayBuffer>;

export class WebTransportTransport extends Transport {
  readonly line = LINES.websocket;
  private _session: WebTransport | undefined;
  private _writer: WritableStreamDefaultWriter<Bytes> | undefined;

  get name(): string {
    return "webtransport";
  }

  protected _start(): void {
    this._run().then(
      () => this._end(),
      (error: unknown) => {
        if (this.readyState !== "closed")
          this._fail("webtransport error", error);
      },
    );
  }

  private async _run(): Promise<void> {
    const { transportOptions = {} } = this.opts;
    const session = new WebTransport(
      // There is no WebTransport without TLS.
      this._uri("http", false).replace(/^http:/, "https:"),
      transportOptions.webtransport as WebTransportOptions | undefined,
    );
    this._session = session;
    session.closed.then(
      () => this._end(),
      () => this._end(),
    );
    await session.ready;
    const stream = (await session.createBidirectionalStream()) as {
      readable: ReadableStream<Bytes>;
      writable: WritableStream<Bytes>;
    };
    this._writer = stream.writable.getWriter();
    const { sid } = this.query as { sid?: string };
    await this._writer.write(
      withHeader("0" + (sid ? JSON.stringify({ sid }) : "")),
    );
    this._opened();
    await this._read(stream.readable.getReader());
  }

  private async _read(
    reader: ReadableStreamDefaultReader<Bytes>,
  ): Promise<void> {
    let waiting: Bytes = new Uint8Array();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      waiting = join(waiting, value);
      for (let frame = readFrame(waiting); frame; frame = readFrame(waiting)) {
        waiting = frame.rest;
        this._arrived(frame.unit);
      }
    }
  }

  private _end(): void {
    if (this.readyState !== "closed")
      this._closed({ description: "webtransport closed" });
  }

  protected _write(frames: readonly Unit[]): void {
    const written = frames.map(async (frame) =>
      this._writer?.write(withHeader(frame)),
    );
    Promise.all(written).then(
      () => this._drained(),
      () => this._end(),
    );
  }

  protected _stop(): void {
    this._session?.close();
  }
}

/**
 * A frame on the stream: the highest bit of the first byte tells bytes from
 * text, the others its length, or 126 or 127 if that follows in 2 or 8 bytes.
 */
export function withHeader(unit: Unit): Bytes {
  const body = typeof unit === "string" ? new TextEncoder().encode(unit) : unit;
  const { length } = body;
  const more = length < 126 ? 0 : length < 0x1_0000 ? 2 : 8;
  const frame = new Uint8Array(1 + more + length);
  const view = new DataView(frame.buffer);
  frame[0] = more === 0 ? length : more === 2 ? 126 : 127;
  if (more === 2) view.setUint16(1, length);
  if (more === 8) view.setBigUint64(1, BigInt(length));
  if (typeof unit !== "string") frame[0] |= 128;
  frame.set(body, 1 + more);
  return frame;
}

/** The first frame, if all of it has arrived, and what follows. */
export function readFrame(
  bytes: Bytes,
): { unit: Unit; rest: Bytes } | undefined {
  if (!bytes.length) return undefined;
  const short = bytes[0] & 127;
  const more = short < 126 ? 0 : short === 126 ? 2 : 8;
  const start = 1 + more;
  if (bytes.length < start) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length =
    more === 0
      ? short
      : more === 2
        ? view.getUint16(1)
        : Number(view.getBigUint64(1));
  const end = start + length;
  if (bytes.length < end) return undefined;
  const body = bytes.slice(start, end);
  return {
    unit: bytes[0] & 128 ? body : new TextDecoder().decode(body),
    rest: bytes.subarray(end),
  };
}

function join(first: Bytes, second: Bytes): Bytes {
  if (!first.length) return second;
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

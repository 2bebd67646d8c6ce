/**
 * The attacker's side of a connection, byte by byte: no library in between
 * that would refuse to send what no client sends.
 */
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export const OPCODE = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;

interface FrameShape {
  fin?: boolean;
  /** The three reserved bits, as a number. */
  rsv?: number;
  masked?: boolean;
  /** What the header says, whatever the payload is. */
  length?: number;
}

/** A WebSocket frame of a client, as wrong as asked for. */
export function frame(
  opcode: number,
  payload: string | Uint8Array = "",
  { fin = true, rsv = 0, masked = true, length }: FrameShape = {},
): Buffer {
  const body = Buffer.from(payload as string);
  const said = length ?? body.length;
  const head = Buffer.alloc(said < 126 ? 2 : said < 65_536 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] =
    (masked ? 0x80 : 0) | (said < 126 ? said : said < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(said, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(said), 2);
  // A mask of zeros is as good as any.
  return Buffer.concat([head, Buffer.alloc(masked ? 4 : 0), body]);
}

export const text = (payload: string): Buffer => frame(OPCODE.text, payload);

/** The head of a request, with whatever headers. */
export function head(
  method: string,
  path: string,
  headers: Record<string, string> = {},
): string {
  const lines = Object.entries({ Host: "localhost", ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return [`${method} ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n");
}

export const UPGRADE = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

export const upgradeHead = (
  path: string,
  headers: Record<string, string> = {},
): string => head("GET", path, { ...UPGRADE, ...headers });

/** A bare connection that remembers what it was told. Closed with the test. */
export class Wire {
  #received = Buffer.alloc(0);
  #waiting: (() => void)[] = [];
  #bytes: Buffer[] = [];
  closed = false;

  protected constructor(readonly socket: Socket) {
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      this.#bytes.push(chunk);
      this.#progress();
    });
    socket.on("close", () => {
      this.closed = true;
      this.#progress();
    });
    onTestFinished(() => void socket.destroy());
  }

  /** @param stays it does not hang up when the server does */
  static async open(port: number, stays = false): Promise<Wire> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: stays });
    const wire = new Wire(socket);
    await new Promise<void>((resolve, reject) =>
      socket.once("connect", resolve).once("error", reject),
    );
    return wire;
  }

  get received(): Buffer {
    if (this.#bytes.length > 0) {
      this.#received = Buffer.concat([this.#received, ...this.#bytes]);
      this.#bytes = [];
    }
    return this.#received;
  }

  /** What came, as Latin-1. */
  get said(): string {
    return this.received.toString("latin1");
  }

  /** The status of the first answer; 0: there is none. */
  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.said)?.[1] ?? 0);
  }

  /** The WebSocket frames behind a 101. */
  get frames(): { opcode: number; payload: Buffer }[] {
    const frames: { opcode: number; payload: Buffer }[] = [];
    const { received } = this;
    let at = received.indexOf("\r\n\r\n") + 4;
    if (at < 4 || this.status !== 101) return frames;
    while (at + 2 <= received.length) {
      let length = received[at + 1];
      let start = at + 2;
      if (length === 126) {
        if (start + 2 > received.length) break;
        length = received.readUInt16BE(start);
        start += 2;
      } else if (length === 127) {
        if (start + 8 > received.length) break;
        length = Number(received.readBigUInt64BE(start));
        start += 8;
      }
      if (start + length > received.length) break;
      frames.push({
        opcode: received[at] & 15,
        payload: received.subarray(start, start + length),
      });
      at = start + length;
    }
    return frames;
  }

  /** The text messages behind a 101. */
  get messages(): string[] {
    return this.frames
      .filter(({ opcode }) => opcode === OPCODE.text)
      .map(({ payload }) => payload.toString());
  }

  /** The code of the server's close frame; 0: it had none, undefined: no such frame. */
  get closeCode(): number | undefined {
    const close = this.frames.find(({ opcode }) => opcode === OPCODE.close);
    if (close === undefined) return undefined;
    return close.payload.length < 2 ? 0 : close.payload.readUInt16BE(0);
  }

  send(...data: (string | Uint8Array)[]): this {
    for (const item of data)
      if (this.socket.writable)
        this.socket.write(
          typeof item === "string" ? Buffer.from(item, "latin1") : item,
        );
    return this;
  }

  /** Waits until something is so; ends with the test at the latest. */
  async until(holds: () => boolean): Promise<this> {
    while (!holds()) {
      if (this.closed)
        throw new Error(`closed after: ${JSON.stringify(this.said)}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this;
  }

  /** Waits for a text message. */
  async hears(pattern: RegExp): Promise<string> {
    const find = () => this.messages.find((message) => pattern.test(message));
    await this.until(
      () => find() !== undefined || this.closeCode !== undefined,
    );
    const found = find();
    if (found === undefined)
      throw new Error(`no ${String(pattern)} in ${this.messages.join()}`);
    return found;
  }

  /** Waits until the server has hung up, or has said that it will. */
  async ended(): Promise<this> {
    while (!this.closed && this.closeCode === undefined)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (!this.closed) this.send(frame(OPCODE.close)).socket.end();
    return this;
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  #progress(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/**
 * The smallest server that lets WebSockets of the hixie drafts in: it echoes
 * each message, and remembers how connections ended. And clients of bytes.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { LINES, type HostedDialect } from "../../../src/dialects/dialect.js";
import { eio3 } from "../../../src/dialects/index.js";
import { Outgoing } from "../../../src/dialects/outgoing.js";
import { withQuery } from "../../../src/runtimes/node/query.js";
import { NodeOpening } from "../../../src/runtimes/node/opening.js";
import { NodeUpgradeCall } from "../../../src/runtimes/node/upgrade-call.js";
import { WebSockets } from "../../../src/runtimes/node/websockets.js";
import type { Carrier } from "../../../src/session/carrier.js";

const { link, ...rest } = eio3();

/** A dialect whose clients may come by hixie, and one whose clients may not. */
export const OLD = {
  ...rest,
  link: { ...link, hixie: "close frame" },
} as const;
export const NEW = { ...rest, link };

export interface HixieServer {
  readonly http: Server;
  readonly port: number;
  /** The carriers in the order in which they were opened; `undefined`: refused. */
  readonly opened: (Carrier | undefined)[];
  readonly messages: unknown[];
  /** The reason of each end, and what is known of it. */
  readonly ends: [string, unknown][];
  /** Until something of the above has happened again. */
  change(): Promise<void>;
}

export interface HixieServerOptions {
  readonly http?: Server;
  readonly dialect?: HostedDialect;
  readonly headers?: Record<string, string>;
  readonly perMessageDeflate?: boolean;
  /** Called with each carrier instead of echoing. */
  readonly onOpen?: (carrier: Carrier) => void;
}

export async function hixieServer({
  http = createServer(),
  dialect = OLD,
  headers = {},
  perMessageDeflate = false,
  onOpen,
}: HixieServerOptions = {}): Promise<HixieServer> {
  const webSockets = new WebSockets({
    maxHttpBufferSize: 1000,
    perMessageDeflate,
    wsEngine: undefined,
  });
  const opened: (Carrier | undefined)[] = [];
  const messages: unknown[] = [];
  const ends: [string, unknown][] = [];
  let tell: () => void = () => {};
  const sockets = new Set<Socket>();

  http.on("connection", (socket: Socket) => sockets.add(socket));
  http.on("upgrade", (incoming: IncomingMessage, socket, head: Buffer) => {
    const asks = { method: "GET", path: "", query: {}, upgrade: true };
    const request = withQuery(incoming);
    const call = new NodeUpgradeCall(
      request,
      new NodeOpening(request, true),
      asks,
      socket,
      head,
      webSockets,
    );
    let carrier: Carrier | undefined;
    const listener = {
      frame: (unit: string | Uint8Array) => {
        messages.push(unit);
        if (onOpen === undefined) carrier?.write([new Outgoing([unit])]);
        tell();
      },
      closed: (code: number, reason: string) => {
        ends.push(["transport close", { code, reason }]);
        tell();
      },
      error: (error: Error) => {
        ends.push(["transport error", error]);
        tell();
      },
    };
    call.accept(dialect, LINES.websocket, headers, listener, (now) => {
      opened.push((carrier = now));
      if (now !== undefined) onOpen?.(now);
      tell();
    });
  });
  await once(http.listen(0, "127.0.0.1"), "listening");
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    http.close();
    await once(http, "close");
  });
  const { port } = http.address() as AddressInfo;
  const change = () => new Promise<void>((resolve) => (tell = resolve));
  return { http, port, opened, messages, ends, change };
}

/** Reads what a server says, as much as is asked for. */
export class Peer {
  readonly #socket: Socket;
  #bytes = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    socket.on("end", end).on("close", end).on("error", end);
    onTestFinished(() => void socket.destroy());
  }

  static async to(port: number): Promise<Peer> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    socket.setNoDelay(true);
    await once(socket, "connect");
    return new Peer(socket);
  }

  /** Text as ISO 8859-1, so that each character is a byte. */
  send(bytes: string | Uint8Array): void {
    this.#socket.write(
      typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes,
    );
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** What comes until this, and with it. */
  async until(mark: string): Promise<string> {
    for (;;) {
      const at = this.#bytes.indexOf(mark, 0, "latin1");
      if (at >= 0) return this.#take(at + mark.length);
      if (this.#ended)
        throw new Error(`ended after ${this.#take(this.#bytes.length)}`);
      await this.#more();
    }
  }

  async bytes(count: number): Promise<string> {
    while (this.#bytes.length < count && !this.#ended) await this.#more();
    return this.#take(count);
  }

  /** All that is left, when the server has ended it. */
  async rest(): Promise<string> {
    while (!this.#ended) await this.#more();
    return this.#take(this.#bytes.length);
  }

  #more(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #take(count: number): string {
    const taken = this.#bytes.toString("latin1", 0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }
}

/**
 * Engines that are not ours, such as those of Engine.IO or Bun: their sockets
 * carry bare messages, and are wrapped into connections here.
 */
import { EventEmitter } from "node:events";
import type { Decoder, HostedDialect } from "../dialects/dialect.js";
import { byNumber } from "../dialects/host.js";
import type { Outgoing } from "../dialects/outgoing.js";
import {
  asProtocolError,
  ProtocolError,
  type Limits,
  type Unit,
} from "../dialects/packet.js";
import type {
  Connection,
  ConnectionListener,
  OpeningRequest,
} from "./connection.js";
import type { EngineOptions } from "./options.js";
import type { DisconnectReason } from "./socket-types.js";
import type { Any } from "./typed-events.js";

/** What `io.bind()` takes. */
export interface ForeignEngine {
  on(event: "connection", listener: (socket: ForeignSocket) => void): unknown;
  close(): unknown;
}

/** A socket like those of Engine.IO. */
export interface ForeignSocket {
  readonly id: string;
  readonly protocol: number;
  readonly request: OpeningRequest;
  readonly remoteAddress: string;
  readonly readyState: Connection["readyState"];
  readonly transport: Connection["transport"];
  on(event: string, listener: (...args: Any[]) => void): unknown;
  write(data: Unit, options?: { compress?: boolean }): unknown;
  close(discard?: boolean): unknown;
}

/** Events of the socket that are passed on, as `socket.conn` has them too. */
const PASSED_ON = [
  "packet",
  "packetCreate",
  "data",
  "message",
  "heartbeat",
  "upgrading",
  "upgrade",
  "flush",
  "drain",
  "close",
];

/** @throws {TypeError} at a connection of a generation that we do not know */
export function bindForeignEngine(
  engine: ForeignEngine,
  dialects: readonly HostedDialect[],
  limits: Pick<EngineOptions, "maxHttpBufferSize" | "maxAttachments">,
  accept: (connection: Connection) => void,
): void {
  engine.on("connection", (socket) => {
    // Such an engine tells the generation by its number, and by nothing else.
    const dialect = byNumber(dialects, socket.protocol);
    if (dialect === undefined) {
      socket.close();
      return;
    }
    accept(
      new ForeignConnection(socket, dialect, {
        maxPayload: limits.maxHttpBufferSize,
        maxAttachments: limits.maxAttachments,
      }),
    );
  });
}

class ForeignConnection extends EventEmitter implements Connection {
  listener: ConnectionListener | undefined = undefined;
  readonly #decoder: Decoder;

  constructor(
    private readonly socket: ForeignSocket,
    readonly dialect: HostedDialect,
    limits: Limits,
  ) {
    super();
    this.#decoder = dialect.decoder(limits);
    this.#decoder.listen?.({
      packet: (packet) => this.listener?.packet(packet),
      failed: (error) => this.#failed(asProtocolError(error)),
    });
    socket.on("data", (data: Unit | ArrayBuffer) => this.#receive(data));
    socket.on("error", () => this.close());
    socket.on("close", (reason: DisconnectReason, description: unknown) => {
      const { listener } = this;
      this.listener = undefined;
      listener?.closed(reason, description);
      this.#decoder.destroy?.();
    });
    for (const event of PASSED_ON)
      socket.on(event, (...args: unknown[]) => this.emit(event, ...args));
  }

  get id(): string {
    return this.socket.id;
  }

  get protocol(): number {
    return this.socket.protocol;
  }

  get request(): OpeningRequest {
    return this.socket.request;
  }

  get remoteAddress(): string {
    return this.socket.remoteAddress;
  }

  get secure(): boolean {
    const { socket } = this.request;
    return "encrypted" in socket && Boolean(socket.encrypted);
  }

  get readyState(): Connection["readyState"] {
    return this.socket.readyState;
  }

  get transport(): Connection["transport"] {
    return this.socket.transport;
  }

  // Such an engine keeps its own queues, and does not say how long they are.
  readonly bufferedAmount = 0;
  readonly isHigh = false;
  joined(): void {}
  limited(): void {}

  deliver({ units, volatile, compress }: Outgoing): void {
    if (volatile && !this.transport.writable) return;
    for (const unit of units) {
      const { data = "" } = this.dialect.describe(unit);
      this.socket.write(data, { compress });
    }
  }

  close(discard?: boolean): void {
    this.socket.close(discard);
  }

  #failed(error: ProtocolError): void {
    this.listener?.malformed(error);
    this.close();
  }

  #receive(data: Unit | ArrayBuffer): void {
    const message = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
    try {
      const packet = this.#decoder.push(this.dialect.wrap(message));
      if (packet !== undefined && "nsp" in packet && packet.type !== "receipt")
        this.listener?.packet(packet);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#failed(error);
    }
  }
}

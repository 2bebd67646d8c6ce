/**
 * One connection and the sockets on it: tells packets apart by namespace, lets
 * the client join namespaces, and ends the connection when it breaks the rules.
 */
import { Outgoing } from "../dialects/outgoing.js";
import type { Packet, ProtocolError, Unit } from "../dialects/packet.js";
import { Asked } from "./asked.js";
import type {
  Connection,
  ConnectionListener,
  OpeningRequest,
} from "./connection.js";
import type { Patience, Waiting } from "./patience.js";
import { reword } from "./encoded.js";
import { NO_AUTH } from "./handshake.js";
import {
  countOf,
  socketIn,
  socketsOf,
  withoutSocket,
  withSocket,
  type Joined,
} from "./joined.js";
import type { Joining } from "./namespace.js";
import type { BaseServer } from "./server.js";
import type { Socket } from "./socket.js";
import type { DisconnectReason } from "./socket-types.js";

/** What adapters pass along with packets that they have encoded themselves. */
export interface WriteOptions {
  volatile?: boolean;
  compress?: boolean;
}

export class Client implements ConnectionListener, Waiting {
  readonly conn: Connection;
  readonly #server: BaseServer;
  #sockets: Joined = undefined;
  #asked: Asked | undefined = undefined;
  readonly #deadline: Patience;
  #closed = false;

  constructor(server: BaseServer, conn: Connection) {
    this.#server = server;
    this.conn = conn;
    conn.listener = this;
    this.#deadline = server._connectDeadline;
    this.#deadline.add(this);
    if (conn.dialect.link.root === "implicit")
      // Not before whoever listens to the engine's connections has seen this one.
      server._runtime.defer(() => this.#connect("/", {}));
  }

  /** The connection's id: a secret between the two ends. */
  get id(): string {
    return this.conn.id;
  }

  get request(): OpeningRequest {
    return this.conn.request;
  }

  /** It can take packets. */
  get _open(): boolean {
    return !this.#closed && this.conn.readyState === "open";
  }

  packet(packet: Packet): void {
    if (this.#closed) return;
    if (packet.type === "connect")
      return this.#connect(packet.nsp, asRecord(packet.auth));
    const socket = socketIn(this.#sockets, packet.nsp);
    if (socket === undefined) return this.#forceClose();
    switch (packet.type) {
      case "event":
        if (this.#server._eventRates?.allows(socket) === false)
          return socket._refuseEvent(packet, this.#server._eventRates.refusal);
        return socket._onevent(packet);
      case "ack":
        return socket._onack(packet);
      case "leave":
        return socket._onclose("client namespace disconnect");
      case "refuse":
        return this.#forceClose();
    }
  }

  malformed(error: ProtocolError): void {
    // What an application's decoder threw reaches the application as it was.
    const { cause = error } = error;
    for (const socket of socketsOf(this.#sockets))
      socket._onerror(cause as Error);
  }

  drained(): void {
    for (const socket of socketsOf(this.#sockets)) socket._ondrain();
  }

  closed(reason: DisconnectReason, description?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#joined();
    for (const socket of socketsOf(this.#sockets))
      socket._onclose(reason, description);
    this.#sockets = undefined;
    // Their middlewares may never come to an end.
    for (const socket of this.#asked?.pending.values() ?? [])
      socket?._cleanup();
    this.#asked = undefined;
  }

  get isRooted(): boolean {
    return (
      socketIn(this.#sockets, "/") !== undefined ||
      this.#asked?.pending.has("/") === true
    );
  }

  misnamed(): void {
    if (this.conn.dialect.link.root === "implicit") this.#connect("/", {});
  }

  overdue(): void {
    if (countOf(this.#sockets) === 0) this.#forceClose();
  }

  /** Sends what is already in the connection's own words. */
  _deliver(outgoing: Outgoing): void {
    if (this.conn.readyState === "open") this.conn.deliver(outgoing);
  }

  /**
   * Sends what an adapter has encoded with the server's `encoder`. It gives the
   * same array for all receivers, so they share what is made of it.
   */
  writeToEngine(encoded: Unit | Unit[], options: WriteOptions): void {
    const { dialect } = this.conn;
    const make = (chunks: Unit[]) =>
      new Outgoing(
        dialect.can.wrapping
          ? chunks.map((chunk) => dialect.wrap(chunk))
          : reword(chunks, dialect, this.#server._dialects),
        options.volatile === true,
        options.compress !== false,
        true,
        this.#server._settings.slowConsumer,
      );
    this._deliver(
      Array.isArray(encoded)
        ? this.#server._encoded.get(encoded, dialect, () => make(encoded))
        : make([encoded]),
    );
  }

  /** A new socket's id. */
  _socketId(nsp: string): string {
    const { dialect, id } = this.conn;
    if (dialect.link.socketId === "fresh")
      return this.#server._runtime.randomId();
    return nsp === "/" ? id : `${nsp}#${id}`;
  }

  /** Takes the client out of all namespaces and ends the connection. */
  _disconnect(): void {
    for (const socket of socketsOf(this.#sockets))
      // The end of the connection says it, where the two are one.
      if (this._endsWith("/")) socket._onclose("server namespace disconnect");
      else socket.disconnect();
    this.#sockets = undefined;
    if (this.#closed) return;
    this.conn.close();
    this.closed("forced server close");
  }

  /** Whom the server takes out of this namespace loses the connection. */
  _endsWith(nsp: string): boolean {
    return nsp === "/" && this.conn.dialect.link.endsWithRoot;
  }

  _remove(socket: Socket): void {
    this.#sockets = withoutSocket(this.#sockets, socket);
  }

  #connect(nsp: string, auth: Record<string, unknown>): void {
    if (this.#closed) return;
    const { root } = this.conn.dialect.link;
    // It is in already, and some clients say so all the same.
    const isIn = socketIn(this.#sockets, nsp) !== undefined;
    if (nsp === "/" && root === "implicit" && isIn) return;
    // Not only who is in, also who is about to be: middlewares may take their time.
    if (isIn || this.#asked?.pending.has(nsp)) return this.#forceClose();
    const { namespaces: max } = this.#server._settings.limits;
    const { pending, made } = this.#asking();
    if (Math.max(countOf(this.#sockets) + pending.size, made) >= max) {
      this.conn.limited({ limit: "namespaces", max, namespace: nsp });
      return this.#refuse(nsp, {
        message: `a connection may join ${max} namespaces at most`,
      });
    }
    this.#enter(nsp);
    this.#server._namespaces.find(nsp, auth, (found, made) => {
      if (made) this.#asking().made++;
      if (this.#closed) return;
      if (found === undefined)
        this.#refuse(nsp, { message: "Invalid namespace" });
      else found._add(this, auth, this.#joining(nsp));
    });
  }

  #joining(nsp: string): Joining<Socket> {
    return {
      entered: (socket) => this.#enter(nsp, socket),
      connected: (socket) => {
        this.#leave(nsp);
        this.#sockets = withSocket(this.#sockets, socket);
        this.#joined();
      },
      refused: (error) => this.#refuse(nsp, error),
    };
  }

  #refuse(
    nsp: string,
    refusal: { message: string; data?: unknown } | string,
  ): void {
    this.#leave(nsp);
    // Who goes on asking, and perhaps does not read the answers, only fills memory.
    if (++this.#asking().refusals > this.#server._settings.limits.namespaces)
      return this.#forceClose();
    // Programs without types also refuse by a text, as in `next("not you")`.
    const { message, data } =
      typeof refusal === "string"
        ? { message: refusal, data: undefined }
        : refusal;
    const { dialect } = this.conn;
    const bare = { type: "refuse", nsp, message } as const;
    let units: Unit[];
    try {
      units = dialect.encode(data === undefined ? bare : { ...bare, data });
    } catch (error) {
      // The application's data cannot be put into words; the refusal stands.
      this.#server._report(error, {
        event: "connect_error",
        namespace: nsp,
        socketId: "",
      });
      units = dialect.encode(bare);
    }
    this._deliver(new Outgoing(units));
  }

  #enter(nsp: string, socket?: Socket): void {
    this.#asking().pending.set(nsp, socket);
  }

  #leave(nsp: string): void {
    this.#asked?.pending.delete(nsp);
    if (this.#asked?.isOver) this.#asked = undefined;
  }

  #asking(): Asked {
    return (this.#asked ??= new Asked());
  }

  #joined(): void {
    this.conn.joined();
    this.#deadline.delete(this);
  }

  /** The client broke the rules. */
  #forceClose(): void {
    this.conn.close();
    this.closed("forced close");
  }
}

function asRecord(auth: unknown): Record<string, unknown> {
  return typeof auth === "object" && auth !== null
    ? (auth as Record<string, unknown>)
    : NO_AUTH;
}

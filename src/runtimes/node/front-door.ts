/**
 * Stands where Node's HTTP begins with a new connection, and reads its first
 * bytes. A plain request for a WebSocket is taken from there, and so are plain
 * requests of clients that poll, for as long as nothing else comes by their
 * connection. Every other connection is handed to Node with what was read, as
 * if nobody had come in between. Node's parser, request and the rest of an HTTP
 * exchange are more than half the price of a connection of either kind.
 */
import {
  createServer,
  IncomingMessage,
  maxHeaderSize,
  ServerResponse,
  type Server as HttpServer,
} from "node:http";
import { Socket } from "node:net";
import {
  asksForWebSocket,
  lengthOfBody,
  readRequestHead,
  type RequestHead,
} from "../../carriers/request-head.js";
import { Patience } from "../../server/patience.js";
import { KeptConnection, type Keeper } from "./kept-connection.js";
import { clock } from "./platform.js";
import { turn } from "./turn.js";

/** How a Node server begins with HTTP on a connection. */
const [BEGIN] = createServer().listeners("connection");

/** Its event for connections: TLS first has to be spoken. */
const EVENTS = ["connection", "secureConnection"];

const END = "\r\n\r\n";

/** A longer request is none of the plain ones. Node's own limit is 16 KiB. */
const LONGEST_HEAD = 8 * 1024;

/**
 * Who says nothing for this long is Node's, which has its own limits for
 * silent connections, in ms.
 */
const PATIENCE = 1000;

/**
 * Connections are kept for a little longer than clients are told, so that no
 * request meets the end of its connection halfway, in ms (as Node, which has a
 * setting for it since 22.19).
 */
const KEEP_BUFFER = 1000;

/** Who takes from the door. */
export interface Taker {
  /** Takes a connection as a WebSocket, or leaves it. */
  webSocket(head: RequestHead, socket: Socket): boolean;
  /** Whether {@link request} will take this one. */
  wants(head: RequestHead): boolean;
  request(head: RequestHead, body: Buffer, connection: KeptConnection): void;
}

export class FrontDoor implements Keeper {
  /** Has said nothing yet: those of this period, and those of the one before. */
  #fresh = new Set<Socket>();
  #stale = new Set<Socket>();
  /** Node's by now, and may still be silent. */
  readonly #silent = new Set<Socket>();
  readonly connections = new Set<KeptConnection>();
  #patience: Patience | undefined = undefined;
  #watching = false;
  readonly #data: (this: Socket, chunk: Buffer) => void;
  readonly #end: (this: Socket) => void;
  readonly #error: (this: Socket, error: Error) => void;
  readonly #longestHead: number;

  /** @returns `undefined`: the server begins in some other way */
  static at(server: HttpServer, take: Taker): FrontDoor | undefined {
    const event = EVENTS.find((name) => server.listeners(name).includes(BEGIN));
    return event === undefined || !readsAsUsual(server)
      ? undefined
      : new FrontDoor(server, event, take);
  }

  private constructor(
    private readonly server: HttpServer,
    event: string,
    private readonly take: Taker,
  ) {
    // Shared by all sockets: closures for each were a tenth of an idle connection.
    const read = (socket: Socket, chunk: Buffer) => this.#read(socket, chunk);
    const forget = (socket: Socket) => this.#recognise(socket);
    this.#data = function (chunk) {
      read(this, chunk);
    };
    this.#end = function () {
      forget(this);
      this.end();
    };
    const fail = (socket: Socket, error: Error) => {
      // As Node does it: the first error is the application's, if it wants it.
      socket.off("error", this.#error).on("error", ignore);
      if (!server.emit("clientError", error, socket)) socket.destroy();
    };
    this.#error = function (error) {
      fail(this, error);
    };
    this.#longestHead = Math.min(LONGEST_HEAD, headLimit(server));
    this.#endWithServer();
    server.removeListener(event, BEGIN as () => void);
    server.prependListener(event, (socket: unknown) => this.#meet(socket));
  }

  /** Closes the connections of which not a byte was read: a server would wait for them. */
  closeSilent(): void {
    for (const socket of [...this.#fresh, ...this.#stale, ...this.#silent])
      if (socket.bytesRead === 0) socket.destroy();
  }

  /** Whoever ends a server's connections means ours as well; its `close` begins with those that are idle. */
  #endWithServer(): void {
    const { server } = this;
    const closeIdle = server.closeIdleConnections.bind(server);
    const closeAll = server.closeAllConnections.bind(server);
    server.closeIdleConnections = () => {
      for (const { busy, socket } of this.connections)
        if (!busy) socket.destroySoon();
      closeIdle();
    };
    server.closeAllConnections = () => {
      for (const { socket } of this.connections) socket.destroy();
      for (const socket of [...this.#fresh, ...this.#stale]) socket.destroy();
      closeAll();
    };
  }

  #meet(socket: unknown): void {
    // Programs hand streams of their own to a server by emitting its event.
    if (!(socket instanceof Socket) || socket.readableLength > 0)
      return void Reflect.apply(BEGIN, this.server, [socket]);
    socket.on("error", this.#error);
    socket.on("end", this.#end);
    socket.on("data", this.#data);
    this.#fresh.add(socket);
    this.#watch();
  }

  #read(socket: Socket, chunk: Buffer): void {
    const kept = KeptConnection.of(socket);
    if (kept?.busy) return kept.hold(chunk);
    if (kept === undefined) this.#recognise(socket);
    const end = chunk.indexOf(END) + END.length;
    const head =
      end >= END.length && end <= this.#longestHead
        ? readRequestHead(chunk.toString("latin1", 0, end))
        : undefined;
    if (head === undefined) return this.#hand(socket, chunk);
    if (chunk.length === end && asksForWebSocket(head)) {
      this.#let(socket);
      if (!turn(() => this.take.webSocket(head, socket)))
        return this.#begin(socket, chunk);
      // Somebody has yet to decide, and nothing may be lost meanwhile.
      if (socket.listenerCount("data") === 0) socket.pause();
      return;
    }
    if (lengthOfBody(head) !== chunk.length - end || !this.take.wants(head))
      return this.#hand(socket, chunk);
    const connection = kept ?? new KeptConnection(socket, this);
    turn(() => this.take.request(head, chunk.subarray(end), connection));
  }

  get keeps(): number {
    return this.server.keepAliveTimeout || Infinity;
  }

  /** As the server's setting has it, which may change. */
  get patience(): Patience {
    const ms = this.keeps + keepBuffer(this.server);
    if (this.#patience?.patience !== ms)
      this.#patience = new Patience(clock, ms);
    return this.#patience;
  }

  /** Gives a connection to Node, which goes on with it. */
  #hand(socket: Socket, chunk: Buffer): void {
    this.#let(socket);
    this.#begin(socket, chunk);
  }

  /** Hands over what has said nothing. */
  #pass(socket: Socket): void {
    this.#let(socket);
    if (socket.destroyed) return;
    this.#silent.add(socket);
    socket.once("close", () => this.#silent.delete(socket));
    this.#begin(socket);
  }

  #recognise(socket: Socket): void {
    if (!this.#fresh.delete(socket)) this.#stale.delete(socket);
  }

  #let(socket: Socket): void {
    this.#recognise(socket);
    KeptConnection.of(socket)?.leave();
    socket.off("error", this.#error);
    socket.off("end", this.#end);
    socket.off("data", this.#data);
  }

  #begin(socket: Socket, chunk?: Buffer): void {
    Reflect.apply(BEGIN, this.server, [socket]);
    if (chunk !== undefined) socket.emit("data", chunk);
  }

  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    clock.after(PATIENCE, () => {
      this.#watching = false;
      for (const socket of this.#stale) this.#pass(socket);
      this.#stale = this.#fresh;
      this.#fresh = new Set();
      if (this.#stale.size > 0) this.#watch();
    });
  }
}

function ignore(): void {}

/** Its requests are made by Node alone, and have no ways of their own to join headers. */
function readsAsUsual(server: HttpServer): boolean {
  const settings = Object.getOwnPropertySymbols(server).map((name): unknown =>
    Reflect.get(server, name),
  );
  return (
    settings.includes(IncomingMessage) &&
    settings.includes(ServerResponse) &&
    !Reflect.get(server, "joinDuplicateHeaders")
  );
}

/** The server's own, or the process's, in bytes. */
function headLimit(server: HttpServer): number {
  return Number(Reflect.get(server, "maxHeaderSize")) || maxHeaderSize;
}

function keepBuffer(server: HttpServer): number {
  const own: unknown = Reflect.get(server, "keepAliveTimeoutBuffer");
  return typeof own === "number" ? own : KEEP_BUFFER;
}

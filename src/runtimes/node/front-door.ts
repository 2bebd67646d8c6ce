/**
 * Stands where Node's HTTP begins with a new connection, and reads its first
 * bytes. A plain request for a WebSocket is taken from there; every other
 * connection is handed to Node with what was read, as if nobody had come in
 * between. Node's parser, request and the rest of an HTTP exchange are more
 * than half the price of a WebSocket connection.
 */
import { createServer, type Server as HttpServer } from "node:http";
import { Socket } from "node:net";
import {
  readRequestHead,
  type RequestHead,
} from "../../carriers/websocket/request-head.js";
import { clock } from "./platform.js";
import { turn } from "./turn.js";

/** How a Node server begins with HTTP on a connection. */
const [BEGIN] = createServer().listeners("connection");

/** Its event for connections: TLS first has to be spoken. */
const EVENTS = ["connection", "secureConnection"];

/** A longer request is none of the plain ones. Node's own limit is 16 KiB. */
const LONGEST_HEAD = 8 * 1024;

/**
 * Who says nothing for this long is Node's, which has its own limits for
 * silent connections, in ms.
 */
const PATIENCE = 1000;

/** Takes a connection, or leaves it. */
export type HeadTaker = (head: RequestHead, socket: Socket) => boolean;

export class FrontDoor {
  /** Has said nothing yet: those of this period, and those of the one before. */
  #fresh = new Set<Socket>();
  #stale = new Set<Socket>();
  /** Node's by now, and may still be silent. */
  readonly #silent = new Set<Socket>();
  #watching = false;
  readonly #data: (this: Socket, chunk: Buffer) => void;
  readonly #end: (this: Socket) => void;

  /** @returns `undefined`: the server begins in some other way */
  static at(server: HttpServer, take: HeadTaker): FrontDoor | undefined {
    const event = EVENTS.find((name) => server.listeners(name).includes(BEGIN));
    return event === undefined ? undefined : new FrontDoor(server, event, take);
  }

  private constructor(
    private readonly server: HttpServer,
    event: string,
    private readonly take: HeadTaker,
  ) {
    // Shared by all sockets: closures for each were a tenth of an idle connection.
    const read = (socket: Socket, chunk: Buffer) => this.#read(socket, chunk);
    const leave = (socket: Socket) => this.#let(socket);
    this.#data = function (chunk) {
      read(this, chunk);
    };
    this.#end = function () {
      leave(this);
      this.end();
    };
    server.removeListener(event, BEGIN as () => void);
    server.prependListener(event, (socket: unknown) => this.#meet(socket));
  }

  /** Closes the connections of which not a byte was read: a server would wait for them. */
  closeSilent(): void {
    for (const socket of [...this.#fresh, ...this.#stale, ...this.#silent])
      if (socket.bytesRead === 0) socket.destroy();
  }

  #meet(socket: unknown): void {
    // Programs hand streams of their own to a server by emitting its event.
    if (!(socket instanceof Socket) || socket.readableLength > 0)
      return void Reflect.apply(BEGIN, this.server, [socket]);
    socket.on("error", destroy);
    socket.on("end", this.#end);
    socket.on("data", this.#data);
    this.#fresh.add(socket);
    this.#watch();
  }

  #read(socket: Socket, chunk: Buffer): void {
    if (chunk.length <= LONGEST_HEAD) {
      const head = readRequestHead(chunk.toString("latin1"));
      if (head !== undefined) {
        this.#let(socket);
        if (!turn(() => this.take(head, socket)))
          return this.#begin(socket, chunk);
        // Somebody has yet to decide, and nothing may be lost meanwhile.
        if (socket.listenerCount("data") === 0) socket.pause();
        return;
      }
    }
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

  #let(socket: Socket): void {
    if (!this.#fresh.delete(socket)) this.#stale.delete(socket);
    socket.off("error", destroy);
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

function destroy(this: Socket): void {
  this.destroy();
}

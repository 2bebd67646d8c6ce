/**
 * HTTP/1.1 on a connection that the front door has kept: one plain request
 * after the other, each read and answered without Node's HTTP. What comes while
 * an answer is due waits in the socket.
 */
import type { Socket } from "node:net";
import type { Patience, Waiting } from "../../server/patience.js";
import { CLOSE_TIMEOUT, hangUp } from "./hang-up.js";
import { SocketStream } from "./socket-stream.js";

/** Who wants to know that the client has left before its answer. */
export interface Asking {
  cutOff(): void;
}

/** What is known of all connections that a door keeps. */
export interface Keeper {
  readonly connections: Set<KeptConnection>;
  /** With those that ask for nothing at the moment; may become another. */
  readonly patience: Patience;
  /** For how long clients are told that it waits, in ms. */
  readonly keeps: number;
}

const KEPT = Symbol("kept");

// Found by a property, as the listeners are shared by all sockets.
type Held = Socket & { [KEPT]?: KeptConnection };

export class KeptConnection implements Waiting {
  #asking: Asking | undefined = undefined;
  #over = false;
  /** Has not taken an answer for as long as connections are kept. */
  #slow = false;
  /** Takes the answers. */
  readonly stream: SocketStream;
  readonly #keeper: Keeper;
  #patience: Patience;

  constructor(
    readonly socket: Socket,
    keeper: Keeper,
  ) {
    this.stream = new SocketStream(socket);
    this.#keeper = keeper;
    this.#patience = keeper.patience;
    keeper.connections.add(this);
    const held: Held = socket;
    held[KEPT] = this;
    socket.on("close", onClose);
  }

  static of(socket: Socket): KeptConnection | undefined {
    const held: Held = socket;
    return held[KEPT];
  }

  /** For how long, while nothing is asked for, in ms. */
  get keeps(): number {
    return this.#keeper.keeps;
  }

  /** An answer is due, or the client has not taken the last. */
  get busy(): boolean {
    return (
      this.#asking !== undefined || this.#over || this.socket.writableNeedDrain
    );
  }

  /** An answer is due from now on. */
  begin(asking: Asking): void {
    this.#patience.delete(this);
    this.#asking = asking;
  }

  /** Keeps what has come for when it is no longer busy. */
  hold(chunk: Buffer): void {
    // Nothing is read behind the last answer.
    if (this.#over) return;
    const { socket } = this;
    socket.pause();
    socket.unshift(chunk);
    if (this.#asking === undefined) socket.once("drain", resume);
  }

  /** The answer has been written; `last`: there will be no other. */
  answered(last: boolean): void {
    this.#asking = undefined;
    const { socket } = this;
    // An answer of many pieces ends with its connection, too.
    if (socket.destroyed) return;
    if (last) {
      this.#over = true;
      return hangUp(socket);
    }
    this.#wait();
    if (!socket.isPaused()) return;
    if (socket.writableNeedDrain) socket.once("drain", resume);
    else socket.resume();
  }

  overdue(): void {
    const { socket } = this;
    if (this.stream.bufferedBytes === 0) return void socket.destroy();
    // A slow client has not had all of its answer yet: its time begins with the
    // end of it. One that takes nothing would hold on to it for ever.
    if (!this.#slow) {
      this.#slow = true;
      socket.setTimeout(CLOSE_TIMEOUT);
      socket.on("timeout", destroy);
    }
    // It ends with its answer.
    if (!socket.writable) return;
    socket.write("", () => {
      this.#taken();
      if (KeptConnection.of(socket) !== this || socket.destroyed) return;
      if (this.#asking === undefined) this.#wait();
    });
  }

  /** Somebody else goes on with the socket. */
  leave(): void {
    this.lost();
    this.#taken();
    const held: Held = this.socket;
    delete held[KEPT];
    held.off("close", onClose);
  }

  #wait(): void {
    this.#patience.delete(this);
    this.#patience = this.#keeper.patience;
    this.#patience.add(this);
  }

  #taken(): void {
    if (!this.#slow) return;
    this.#slow = false;
    this.socket.setTimeout(0);
    this.socket.off("timeout", destroy);
  }

  lost(): void {
    this.#patience.delete(this);
    this.#keeper.connections.delete(this);
    const asking = this.#asking;
    this.#asking = undefined;
    asking?.cutOff();
  }
}

function onClose(this: Held): void {
  this[KEPT]?.lost();
}

function destroy(this: Socket): void {
  this.destroy();
}

function resume(this: Socket): void {
  this.resume();
}

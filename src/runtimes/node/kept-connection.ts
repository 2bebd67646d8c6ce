/**
 * HTTP/1.1 on a connection that the front door has kept: one plain request
 * after the other, each read and answered without Node's HTTP. What comes while
 * an answer is due waits in the socket.
 */
import type { Socket } from "node:net";
import type { Patience, Waiting } from "../../server/patience.js";
import { hangUp } from "./hang-up.js";

/** Who wants to know that the client has left before its answer. */
export interface Asking {
  cutOff(): void;
}

/** What is known of all connections that a door keeps. */
export interface Keeper {
  readonly connections: Set<KeptConnection>;
  /** With those that ask for nothing at the moment. */
  readonly patience: Patience;
}

const KEPT = Symbol("kept");

// Found by a property, as the listeners are shared by all sockets.
type Held = Socket & { [KEPT]?: KeptConnection };

export class KeptConnection implements Waiting {
  #asking: Asking | undefined = undefined;
  #over = false;
  readonly #keeper: Keeper;
  readonly #patience: Patience;

  constructor(
    readonly socket: Socket,
    keeper: Keeper,
  ) {
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
    return this.#patience.patience;
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
    if (last) {
      this.#over = true;
      return hangUp(socket);
    }
    this.#patience.add(this);
    if (!socket.isPaused()) return;
    if (socket.writableNeedDrain) socket.once("drain", resume);
    else socket.resume();
  }

  overdue(): void {
    this.socket.destroy();
  }

  /** Somebody else goes on with the socket. */
  leave(): void {
    this.lost();
    const held: Held = this.socket;
    delete held[KEPT];
    held.off("close", onClose);
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

function resume(this: Socket): void {
  this.resume();
}

/**
 * A class with one object for each connection, for messages without event
 * names: the same for clients of every generation and transport.
 */
import type { Socket } from "../socket.js";
import type { DisconnectReason } from "../socket-types.js";
import type { Any } from "../typed-events.js";
import type { OpeningRequest } from "../connection.js";

/** What may be called of a `ConnectionHandler` beside `onMessage`. */
export interface ConnectionHooks {
  /**
   * The client is here, and is let in unless this returns `false` or throws a
   * `ConnectionRefusedError`. `params` are the captured parts of the URL.
   */
  onOpen?(
    request: OpeningRequest,
    params: Readonly<Record<string, string>>,
  ): unknown;
  /** The client is gone. Not called for one that was not let in. */
  onClose?(reason: DisconnectReason): unknown;
}

/** To be extended, and passed to `io.serve()`. */
export abstract class ConnectionHandler {
  #socket: Socket | undefined = undefined;

  /** A message has come: what the client passed to `send`. What it returns answers a client that asked. */
  abstract onMessage(message: Any, ...more: Any[]): unknown;

  /** @throws {Error} in the constructor, as there is no connection yet */
  get socket(): Socket {
    if (this.#socket === undefined)
      throw new Error(
        `${this.constructor.name} has no connection in its constructor: use onOpen`,
      );
    return this.#socket;
  }

  /** The name of the transport that is in use: `websocket`, `polling`, `xhr-polling`, ... */
  get protocol(): string {
    return this.socket.conn.transport.name;
  }

  /** The public id, and the name of the dialect that the client speaks. */
  get session(): { readonly id: string; readonly dialect: string } {
    const { id, dialect } = this.socket;
    return { id, dialect: dialect.name };
  }

  /** Sends each of these as a message of its own. */
  send(...messages: unknown[]): this {
    for (const message of messages) this.socket.send(message);
    return this;
  }

  /** Ends the connection. */
  close(): void {
    this.socket.disconnect(true);
  }

  _open(socket: Socket): void {
    this.#socket = socket;
  }
}

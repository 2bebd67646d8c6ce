/**
 * The one language above the wire. Every generation of Socket.IO says these
 * few things in its own words; sessions, rooms, acks, recovery and the cluster
 * are written once, over the types of this file.
 */

/** What an application can see or cause, in any generation. */
export type Packet =
  | ConnectPacket
  | { type: "refuse"; nsp: string; message: string; data?: unknown }
  | { type: "leave"; nsp: string }
  | EventPacket
  | AckPacket;

/**
 * A client asks to join a namespace (`auth`), or the server says that it has:
 * `sid` is the socket's id, `pid` and `offset` are what recovery starts from.
 */
export interface ConnectPacket {
  type: "connect";
  nsp: string;
  auth?: unknown;
  sid?: string;
  pid?: string;
  offset?: string;
}

/**
 * An event: `args[0]` is its name. `offset` is the recovery offset: a field of
 * its own, so that only the dialects that can carry it put it on the wire.
 */
export interface EventPacket {
  type: "event";
  nsp: string;
  args: [string, ...unknown[]];
  id?: number;
  /** The sender wants to be told that this arrived, below the application (0.7-0.9). */
  receipt?: number;
  offset?: string;
}

/** The answer to an event that asked for one. */
export interface AckPacket {
  type: "ack";
  nsp: string;
  id: number;
  args: unknown[];
}

/** What the two ends of a connection say to each other below the application. */
export type Signal =
  | { type: "open"; hello: Hello }
  | { type: "ping" | "pong"; data?: string }
  | { type: "receipt"; nsp: string; id: number }
  | { type: "close" | "upgrade" | "noop" };

/** The server's greeting. Times are in ms, `maxPayload` in bytes. */
export interface Hello {
  sid: string;
  upgrades: string[];
  pingInterval: number;
  pingTimeout: number;
  maxPayload?: number;
}

/** One message: text, or bytes. */
export type Unit = string | Uint8Array;

/** What a decoder accepts before it gives up. */
export interface Limits {
  /** Largest unit, in bytes. */
  maxPayload: number;
  /** Binary attachments in one packet, received or sent. */
  maxAttachments: number;
  /**
   * Whether a packet that leaves a namespace may say why, as python-socketio's
   * does where it refuses a client that it had let in. It is not looked at.
   * @default false
   */
  lenient?: boolean;
}

/**
 * The peer said something that its protocol does not allow. `layer` tells which
 * protocol: `"engine"` (framing, Engine.IO packets) or `"packet"` (Socket.IO
 * packets); the reference gives the two different disconnect reasons.
 */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  constructor(
    readonly layer: "engine" | "packet",
    message: string,
  ) {
    super(message);
  }
}

/** What an application's decoder threw, or what is wrong with what it decoded. */
export function asProtocolError(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error;
  const { message = String(error) } = (error ?? {}) as Partial<Error>;
  return Object.assign(new ProtocolError("packet", message), { cause: error });
}

/**
 * The seam between the engine (sessions on carriers) and the public API
 * (namespaces and sockets): what one connection looks like from above.
 */
import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { HostedDialect } from "../dialects/dialect.js";
import type { Outgoing } from "../dialects/outgoing.js";
import type { Packet, ProtocolError } from "../dialects/packet.js";
import type { Reason } from "../session/reasons.js";
import type { LimitReport } from "./limits.js";

/** The request that opened the connection. Other runtimes provide what they can of it. */
export type OpeningRequest = IncomingMessage & {
  /** The parsed query. */
  _query: Record<string, string | string[] | undefined>;
};

/** Where the request comes from. A runtime may keep less of it than the object. */
export interface Opening {
  readonly request: OpeningRequest;
  /** Its header, for who looks at nothing else. */
  readonly origin: string | undefined;
  /** The connection is open: whoever has not asked for the request may never do. */
  layAside?(): void;
}

/**
 * One connection. It is also the public `socket.conn`, an emitter of `packet`,
 * `packetCreate`, `data`, `message`, `heartbeat`, `upgrading`, `upgrade`,
 * `flush`, `drain`, `close`.
 */
export interface Connection extends EventEmitter {
  /** The session's id: a secret between the two ends. */
  readonly id: string;
  readonly dialect: HostedDialect;
  readonly protocol: number;
  readonly request: OpeningRequest;
  readonly remoteAddress: string;
  /** TLS on the way here. */
  readonly secure: boolean;
  readonly readyState: "opening" | "open" | "closing" | "closed";
  readonly transport: { readonly name: string; readonly writable: boolean };
  /** Packets leave in the order of the calls, those of one tick in one write. */
  deliver(outgoing: Outgoing): void;
  /** A packet for its client was dropped: it is counted. */
  dropped?(): void;
  /** Bytes that were sent and that the kernel has not taken yet. */
  readonly bufferedAmount: number;
  /** So much of it that one should wait for the listener's `drained`. */
  readonly isHigh: boolean;
  /** The client has joined a namespace. */
  joined(): void;
  /** It asked for more than it may; `again`: as just before, so it is only counted. */
  limited(
    report: Omit<LimitReport, "address" | "connection">,
    again?: boolean,
  ): void;
  /** Ends the connection after what was sent; `discard` drops that. */
  close(discard?: boolean): void;
  /** Who gets the packets. Set once, when the connection is announced. */
  listener: ConnectionListener | undefined;
}

export interface ConnectionListener {
  packet(packet: Packet): void;
  /** The peer sent what is not a packet. The connection ends right after with `forced close`. */
  malformed(error: ProtocolError): void;
  /** There is room again, after `isHigh` was true. */
  drained(): void;
  closed(reason: Reason, description?: unknown): void;
  /** The client is in the root namespace, or has asked for it. */
  readonly isRooted: boolean;
  /** The client speaks another dialect than it asked for. */
  misnamed(): void;
}

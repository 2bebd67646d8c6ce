/**
 * What is remembered of a socket while it lives, so that its client can get its
 * session back: the secret to show, and the part of the log that it was sent.
 */
import type { ConnectPacket } from "../dialects/packet.js";
import type { Clock } from "../hub/ports.js";
import { hasOffset, type AdapterInstance, type Room } from "./adapter.js";

export class KeptSession {
  #firstOffset: string | undefined = undefined;
  #lastOffset: string | undefined = undefined;
  /** When the connection was lost, in ms; `undefined` while it is there, and if it ended on purpose. */
  lostAt: number | undefined = undefined;

  constructor(
    private readonly pid: string,
    private missed: readonly unknown[][] = [],
  ) {}

  /** What the client was not told in the time before. */
  takeMissed(): readonly unknown[][] {
    const { missed } = this;
    this.missed = [];
    return missed;
  }

  /** The client is told that it is in, and how to come back. */
  announce(packet: ConnectPacket, adapter: AdapterInstance): void {
    packet.pid = this.pid;
    if (!hasOffset(adapter)) return;
    packet.offset = adapter.offset;
    this.#firstOffset = adapter.offset;
  }

  sent(offset: string): void {
    this.#lastOffset = offset;
  }

  /** The connection is lost. */
  persist(socket: {
    readonly id: string;
    readonly rooms: Set<Room>;
    readonly data: unknown;
    readonly nsp: {
      readonly adapter: AdapterInstance;
      readonly server: { readonly _runtime: { readonly clock: Clock } };
    };
  }): void {
    this.lostAt = socket.nsp.server._runtime.clock.now();
    socket.nsp.adapter.persistSession({
      sid: socket.id,
      pid: this.pid,
      rooms: [...socket.rooms],
      data: socket.data,
      ...(this.#firstOffset !== undefined && {
        firstOffset: this.#firstOffset,
        lastOffset: this.#lastOffset ?? this.#firstOffset,
      }),
    });
  }
}

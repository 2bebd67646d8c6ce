/**
 * One event on its way to many peers: put into words once for each dialect
 * among them, and shared by all who speak it.
 */
import type { Dialect } from "../dialects/dialect.js";
import { Outgoing, type SlowConsumer } from "../dialects/outgoing.js";
import type { EventPacket } from "../dialects/packet.js";
import type { Peer } from "./ports.js";

export interface BroadcastFlags {
  /** May be dropped for those whose line is not ready. */
  readonly volatile: boolean;
  /** May be compressed. */
  readonly compress: boolean;
  /** More than one receiver is to be expected. */
  readonly shared: boolean;
  /** What is done for those who do not keep up. */
  readonly whenSlow: SlowConsumer;
}

export class Broadcast {
  // Mostly one dialect is present, so the last one is looked at before the rest.
  #dialect: Dialect | undefined = undefined;
  #outgoing: Outgoing | undefined = undefined;
  #others: Map<Dialect, Outgoing> | undefined = undefined;

  constructor(
    readonly event: EventPacket,
    private readonly flags: BroadcastFlags,
  ) {}

  /** @throws {RangeError} more attachments than the receiver would take */
  to(peer: Peer): void {
    peer.deliver(this.encode(peer.dialect), this.event);
  }

  /** @throws {RangeError} more attachments than the receiver would take */
  encode(dialect: Dialect): Outgoing {
    if (this.#dialect === dialect && this.#outgoing !== undefined)
      return this.#outgoing;
    let outgoing = this.#others?.get(dialect);
    if (outgoing === undefined) {
      const { volatile, compress, shared, whenSlow } = this.flags;
      outgoing = new Outgoing(
        dialect.encode(this.event),
        volatile,
        compress,
        shared,
        whenSlow,
      );
      this.#others ??= new Map();
      this.#others.set(dialect, outgoing);
    }
    this.#dialect = dialect;
    this.#outgoing = outgoing;
    return outgoing;
  }
}

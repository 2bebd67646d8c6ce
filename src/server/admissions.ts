/**
 * How many there may be: connections of one address, and connections that have
 * not joined a namespace yet. Keeps no books where there is no limit.
 */
import type { LimitName, Limits } from "./limits.js";

/** What is needed of a connection. */
export interface Admitted {
  readonly remoteAddress: string;
  /** Ends it at once, with these words where there is a place for them. */
  evict(words: string): void;
}

export class Admissions<Conn extends Admitted> {
  readonly #perAddress: Map<string, number> | undefined;
  /** In the order in which they came. */
  readonly #halfOpen: Set<Conn> | undefined;

  constructor(
    private readonly limits: Pick<Limits, "connectionsPerAddress" | "halfOpen">,
    private readonly exceeded: (limit: LimitName, conn: Conn) => void,
  ) {
    if (limits.connectionsPerAddress < Infinity) this.#perAddress = new Map();
    if (limits.halfOpen < Infinity) this.#halfOpen = new Set();
  }

  /** Whether the address has as many connections as it may have. */
  isFull(address: string): boolean {
    const { connectionsPerAddress } = this.limits;
    return (this.#perAddress?.get(address) ?? 0) >= connectionsPerAddress;
  }

  /** A session was opened. Who has waited longest without joining may have to go for it. */
  opened(conn: Conn): void {
    const { remoteAddress } = conn;
    this.#perAddress?.set(
      remoteAddress,
      (this.#perAddress.get(remoteAddress) ?? 0) + 1,
    );
    if (this.#halfOpen === undefined) return;
    this.#halfOpen.add(conn);
    if (this.#halfOpen.size <= this.limits.halfOpen) return;
    for (const oldest of this.#halfOpen) {
      this.#halfOpen.delete(oldest);
      this.exceeded("halfOpen", oldest);
      oldest.evict("too many handshakes");
      return;
    }
  }

  /** It has joined a namespace. */
  joined(conn: Conn): void {
    this.#halfOpen?.delete(conn);
  }

  /** It is over, and was open before. */
  gone(conn: Conn): void {
    this.#halfOpen?.delete(conn);
    if (this.#perAddress === undefined) return;
    const others = (this.#perAddress.get(conn.remoteAddress) ?? 1) - 1;
    if (others === 0) this.#perAddress.delete(conn.remoteAddress);
    else this.#perAddress.set(conn.remoteAddress, others);
  }
}

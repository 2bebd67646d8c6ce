/**
 * What adapters encode themselves comes once for each receiver, though it is
 * the same. Remembers the last one, so that the receivers of a broadcast share
 * what is made of it.
 */
import type { Dialect } from "../dialects/dialect.js";
import type { Outgoing } from "../dialects/outgoing.js";

export class LastEncoded {
  #source: unknown = undefined;
  #dialect: Dialect | undefined = undefined;
  #outgoing: Outgoing | undefined = undefined;

  get(source: unknown, dialect: Dialect, make: () => Outgoing): Outgoing {
    // Only arrays are told apart by identity.
    if (
      this.#outgoing !== undefined &&
      this.#dialect === dialect &&
      Array.isArray(source) &&
      this.#source === source
    )
      return this.#outgoing;
    const outgoing = make();
    this.#source = source;
    this.#dialect = dialect;
    this.#outgoing = outgoing;
    return outgoing;
  }
}

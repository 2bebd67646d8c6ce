/**
 * What adapters encode themselves comes once for each receiver, though it is
 * the same. Remembers the last one, so that the receivers of a broadcast share
 * what is made of it.
 */
import type { Dialect } from "../dialects/dialect.js";
import type { Outgoing } from "../dialects/outgoing.js";
import type { Packet, Signal, Unit } from "../dialects/packet.js";

export class LastEncoded {
  #source: readonly unknown[] | undefined = undefined;
  readonly #made = new Map<Dialect, Outgoing>();

  get(
    source: readonly unknown[],
    dialect: Dialect,
    make: () => Outgoing,
  ): Outgoing {
    if (this.#source !== source) {
      this.#source = source;
      this.#made.clear();
    }
    let outgoing = this.#made.get(dialect);
    if (outgoing === undefined) {
      outgoing = make();
      this.#made.set(dialect, outgoing);
    }
    return outgoing;
  }
}

/**
 * The words of another dialect for what an adapter has encoded in the grammar
 * of Socket.IO 1 to 4.
 */
export function reword(
  chunks: readonly Unit[],
  into: Dialect,
  known: readonly Dialect[],
): Unit[] {
  const from = known.find(({ can }) => can.wrapping);
  const reader = from?.decoder({
    maxPayload: Infinity,
    maxAttachments: Infinity,
  });
  let read: Packet | Signal | undefined;
  // An application's decoder has to know at once what its encoder has encoded.
  reader?.listen?.({
    packet(packet) {
      read = packet;
    },
    failed() {},
  });
  for (const chunk of chunks)
    read = (from && reader?.push(from.wrap(chunk))) ?? read;
  reader?.destroy?.();
  return read === undefined ? [] : into.encode(read);
}

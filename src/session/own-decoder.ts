/**
 * A decoder of the application's: one for each connection, from the beginning
 * to the end. Its packets come when it likes, in the order in which it says
 * them, whatever the connection travels on by then.
 */
import type { Decoder } from "../dialects/dialect.js";
import {
  asProtocolError,
  type Packet,
  type Signal,
  type Unit,
} from "../dialects/packet.js";
import type { KeptDecoder } from "./decoders.js";
import { endBroken } from "./endings.js";
import type { SessionHost } from "./host.js";
import type { Session } from "./session.js";

export class OwnDecoder implements KeptDecoder, Decoder {
  /** Nobody knows what it waits for. */
  readonly by = Infinity;
  readonly pending = true;
  /** While a chunk is given to it, its errors are those of the chunk. */
  #pushing = false;

  constructor(
    private readonly inner: Decoder,
    session: Session,
    host: SessionHost,
  ) {
    inner.listen?.({
      packet(packet) {
        if (session.phase === "open") host.packet(packet);
      },
      failed: (error) => {
        const reason = this.#pushing ? undefined : "parse error";
        endBroken(session, host, asProtocolError(error), host.now(), reason);
      },
    });
  }

  get decoder(): Decoder {
    return this;
  }

  push(unit: Unit): Packet | Signal | undefined {
    this.#pushing = true;
    try {
      return this.inner.push(unit);
    } finally {
      this.#pushing = false;
    }
  }

  destroy(): void {
    this.inner.destroy?.();
  }
}

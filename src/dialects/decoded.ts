/** What is common to decoders in the official interface: whoever waits for packets. */
import type { RawPacket } from "./dialect.js";

type Listener = (packet: RawPacket) => void;

export class DecodedEvents {
  readonly #listeners = new Set<Listener>();

  /** The only event is `decoded`. */
  on(event: string, listener: Listener): this {
    if (event === "decoded") this.#listeners.add(listener);
    return this;
  }

  off(_event?: "decoded", listener?: Listener): this {
    if (listener === undefined) this.#listeners.clear();
    else this.#listeners.delete(listener);
    return this;
  }

  removeListener(event: "decoded", listener: Listener): this {
    return this.off(event, listener);
  }

  removeAllListeners(): this {
    return this.off();
  }

  protected emitDecoded(packet: RawPacket): void {
    for (const listener of this.#listeners) listener(packet);
  }
}

/**
 * A decoder of the application's: one for each connection, from the beginning
 * to the end. Its packets come when it likes, in the order in which it says
 * them, whatever the connection travels on by then.
 */
import type { DecodedListener, Decoder } from "../dialects/dialect.js";
import { ProtocolError, type Packet } from "../dialects/packet.js";
import type { KeptDecoder } from "./decoders.js";
import { endBroken } from "./endings.js";
import type { SessionHost } from "./host.js";
import type { Session } from "./session.js";

export class OwnDecoder implements KeptDecoder, DecodedListener {
  /** Nobody knows what it waits for. */
  readonly by = Infinity;

  constructor(
    readonly decoder: Decoder,
    private readonly session: Session,
    private readonly host: SessionHost,
  ) {
    decoder.listen?.(this);
  }

  packet(packet: Packet): void {
    if (this.session.phase === "open") this.host.packet(packet);
  }

  failed(error: Error, late: boolean): void {
    // Not a peer's: a bug of ours.
    if (!(error instanceof ProtocolError)) throw error;
    const reason = late ? "parse error" : undefined;
    endBroken(this.session, this.host, error, this.host.now(), reason);
  }
}

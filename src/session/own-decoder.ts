/**
 * A decoder of the application's: one for each connection, from the beginning
 * to the end. Its packets come when it likes, in the order in which it says
 * them, whatever the connection travels on by then.
 */
import type { Decoder } from "../dialects/dialect.js";
import { ProtocolError } from "../dialects/packet.js";
import type { KeptDecoder } from "./decoders.js";
import { endBroken } from "./endings.js";
import type { SessionHost } from "./host.js";
import type { Session } from "./session.js";

export class OwnDecoder implements KeptDecoder {
  /** Nobody knows what it waits for. */
  readonly by = Infinity;

  constructor(
    readonly decoder: Decoder,
    session: Session,
    host: SessionHost,
  ) {
    decoder.listen?.({
      packet(packet) {
        if (session.phase === "open") host.packet(packet);
      },
      failed(error, late) {
        // Not a peer's: a bug of ours.
        if (!(error instanceof ProtocolError)) throw error;
        const reason = late ? "parse error" : undefined;
        endBroken(session, host, error, host.now(), reason);
      },
    });
  }
}

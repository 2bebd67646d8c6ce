/**
 * Decoders for the sessions of one engine. A decoder that waits for no
 * attachments holds nothing, so one serves all sessions in turn; one for each
 * was 100 bytes of an idle connection.
 */
import type { Decoder, HostedDialect, Line } from "../dialects/dialect.js";
import {
  ProtocolError,
  type Limits,
  type Packet,
  type Signal,
  type Unit,
} from "../dialects/packet.js";

/** A decoder that a session has to itself. */
export interface KeptDecoder {
  readonly decoder: Decoder;
  /** When the attachments that it waits for have to be there, or `Infinity`. */
  readonly by: number;
}

export class Decoders {
  // Mostly one dialect is present.
  #dialect: HostedDialect | undefined = undefined;
  #idle: Decoder | undefined = undefined;

  constructor(readonly limits: Limits) {}

  borrow(dialect: HostedDialect): Decoder {
    const idle = this.#idle;
    if (idle === undefined || this.#dialect !== dialect)
      return dialect.decoder(this.limits);
    this.#idle = undefined;
    return idle;
  }

  /** Of one that is not pending, and has not thrown. */
  giveBack(dialect: HostedDialect, decoder: Decoder): void {
    this.#dialect = dialect;
    this.#idle = decoder;
  }

  /**
   * Reads a frame apart from all others, so that it cannot mix with
   * half-received attachments. `undefined`: it is not whole, or no good.
   */
  readAlone(
    dialect: HostedDialect,
    frame: Unit,
    line: Line,
  ): Packet | Signal | undefined {
    try {
      const [unit] = dialect.unframe(frame, line);
      return dialect.decoder(this.limits).push(unit);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return undefined;
    }
  }
}

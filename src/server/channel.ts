/**
 * Brings what a stream says to the session that it carries. One object for
 * each connection, as it lives as long: closures and what they close over were
 * 400 bytes of an idle connection.
 */
import type { Unit } from "../dialects/packet.js";
import type { Carrier } from "../session/carrier.js";
import type { Reason } from "../session/reasons.js";
import type { Conn } from "./conn.js";
import type { StreamListener } from "./http.js";

export class Channel implements StreamListener {
  /** Known once the stream is open. */
  carrier: Carrier | undefined = undefined;

  constructor(private readonly conn: Conn) {}

  frame(unit: Unit): void {
    const { carrier, conn } = this;
    if (carrier !== undefined) conn.session.receive(unit, carrier, conn.now());
  }

  closed(code: number, reason: string): void {
    this.#lost("transport close", { code, reason });
  }

  error(error: Error): void {
    this.#lost("transport error", error);
  }

  #lost(reason: Reason, description: unknown): void {
    const { carrier, conn } = this;
    if (carrier !== undefined)
      conn.session.detach(carrier, reason, conn.now(), description);
  }
}

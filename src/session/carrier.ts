import type { Line } from "../dialects/dialect.js";
import type { Outgoing } from "../dialects/outgoing.js";

/** The WebSocket close code for "you break our rules" (RFC 6455, section 7.4.1). */
export const POLICY = 1008;

/**
 * Takes packets to the peer. Reading is not here: whoever owns the carrier
 * calls `session.receive`. A held GET is a carrier for one write.
 */
export interface Carrier {
  /** `polling`, `websocket`: what users see as `socket.conn.transport.name`. */
  readonly name: string;
  readonly line: Line;
  /** Good for one write (a held GET). */
  readonly once: boolean;
  /** Whether a volatile packet may be given to it now. */
  readonly writable: boolean;
  /** Bytes accepted and not yet taken by the kernel. */
  readonly bufferedBytes: number;
  /** Calls once, when what is buffered has been taken. Only a stream that is not writable is asked. */
  onceDrained(task: () => void): void;
  /** Writes a batch, in order. `units` on the Outgoings are not framed yet. */
  write(batch: readonly Outgoing[]): void;
  /**
   * Ends it after what was written. `code` and `reason` go where the carrier
   * has a place for them (WebSocket close frame).
   */
  close(code?: number, reason?: string): void;
}

/**
 * How a session ends: at a breach of the protocol, and with which words.
 */
import type { HostedDialect } from "../dialects/dialect.js";
import { Outgoing } from "../dialects/outgoing.js";
import type { ProtocolError } from "../dialects/packet.js";
import type { Ending, SessionHost } from "./host.js";
import type { Reason } from "./reasons.js";
import type { Session } from "./session.js";

/** The peer broke the protocol. `reason`: for packets of Socket.IO. */
export function endBroken(
  session: Session,
  host: SessionHost,
  error: ProtocolError,
  now: number,
  reason: Reason = "forced close",
): void {
  if (session.phase !== "open") return;
  const how = { description: error, discard: error.layer === "engine" };
  if (how.discard) return session.end("parse error", now, how);
  host.malformed(error);
  session.end(reason, now, how);
}

/**
 * What a carrier is given last, after what has waited. On a stream its end says
 * as much, unless the client is to stay away; after a cut it shall come back, so
 * it must not be told to.
 */
export function lastWords(
  dialect: HostedDialect,
  waiting: readonly Outgoing[],
  once: boolean,
  { discard = false, heard = false, late = false }: Ending,
): Outgoing[] {
  const { link } = dialect;
  const last = [...waiting];
  if (!(once || link.dismisses) || (discard && link.dismisses)) return last;
  const say = (type: "noop" | "close") =>
    last.push(new Outgoing(dialect.encode({ type })));
  if (link.change === "replace") say("close");
  // The words of engine.io: clients read them all alike, suites of tests do not.
  else if (heard) say("noop");
  else {
    if (late && last.length === 0) say("noop");
    say("close");
  }
  return last;
}

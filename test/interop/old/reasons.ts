/** Why a connection ended, in the words of each generation. */
import type { Generation, Transport } from "./peers/peer.js";

/** How a connection is made to end. */
export type Ending = "client leaves" | "server ends it" | "connection lost";

/**
 * What a server of that generation may say. Those before 1.0 have no words
 * for what they hear between two polls, and 0.6 has none at all.
 */
export function serverReasons(
  generation: Generation,
  ending: Ending,
  transport: Transport,
): unknown[] {
  if (generation === "0.6") return [undefined];
  if (ending !== "connection lost") return ["booted", null];
  if (transport === "websocket") return ["socket close", "socket end"];
  return generation === "0.9" ? ["close timeout"] : [null];
}

/** A client before 1.0 knows "booted", whoever ended it, and has no word for the rest. */
export function clientReasons(
  generation: Generation,
  ending: Ending,
): unknown[] {
  if (generation === "0.6") return [undefined];
  return [ending === "connection lost" ? null : "booted"];
}

/** Why a connection ended, in the words of each generation. */
import type { Generation, Pair, Transport } from "./peers/peer.js";

/** How a connection is made to end. */
export type Ending = "client leaves" | "server ends it" | "connection lost";

type Words = Record<Ending, unknown[]>;

const OURS = {
  server: {
    // Some clients say that they leave, others just go.
    "client leaves": ["client namespace disconnect", "transport close"],
    "server ends it": ["server namespace disconnect"],
    "connection lost": ["transport close", "transport error", "ping timeout"],
  },
  client: {
    "client leaves": ["io client disconnect"],
    // A poll that comes afterwards is answered as a stranger's.
    "server ends it": ["io server disconnect", "transport error"],
    "connection lost": ["transport close", "transport error", "ping timeout"],
  },
} satisfies Record<string, Words>;

/**
 * What a server of that generation may say. Those before 1.0 have no words
 * for what they hear between two polls, and 0.6 has none at all.
 */
export function serverReasons(
  generation: Generation,
  ending: Ending,
  transport: Transport,
): unknown[] {
  if (generation === "now") return OURS.server[ending];
  if (generation === "0.6") return [undefined];
  const closed = ["socket close", "socket end"];
  const streams = transport === "websocket" || transport === "htmlfile";
  if (ending !== "connection lost")
    return streams ? ["booted", null, ...closed] : ["booted", null];
  if (streams) return closed;
  // A client that notices it first may say that it leaves.
  return generation === "0.9" ? ["close timeout", "booted"] : [null, "booted"];
}

/** A client before 1.0 knows "booted", whoever ended it, and has no word for the rest. */
export function clientReasons(
  { server, client: { generation } }: Pair,
  ending: Ending,
): unknown[] {
  if (generation === "now") return OURS.client[ending];
  if (generation === "0.6") return [undefined];
  if (ending !== "connection lost") return ["booted"];
  // Servers of 0.7 and 0.8 give up a client whose poll is cut off, and tell it in the next.
  return ["0.7", "0.8"].includes(server.generation) ? [null, "booted"] : [null];
}

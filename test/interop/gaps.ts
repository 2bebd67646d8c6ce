/**
 * The one list of cells that a pair cannot have, with the reason: what a
 * generation of the client or server does not offer to its users.
 */
import type { Pair, Transport } from "./peers/peer.js";

export interface Gap {
  /** Undefined means every feature. */
  readonly feature?: string;
  readonly applies: (pair: Pair, transport: Transport) => boolean;
  readonly reason: string;
}

const GAPS: readonly Gap[] = [
  {
    applies: ({ client }, transport) =>
      transport === "jsonp" && client.generation === 4,
    reason:
      "no JSONP: socket.io-client dropped it in 4.3, and ours never had it",
  },
  {
    feature: "bcast ack",
    applies: ({ server }) => server.generation < 4,
    reason: "broadcasts are acknowledged since socket.io 4.5",
  },
  {
    feature: "recovery",
    applies: ({ server, client }) =>
      server.generation < 4 || client.generation < 4,
    reason: "connections are recovered since socket.io 4.6",
  },
  {
    feature: "msgpack",
    applies: ({ server, client }) =>
      server.generation < 4 || client.generation < 4,
    reason: "socket.io-msgpack-parser 3 is for 4.x at both ends",
  },
];

export function gapOf(
  pair: Pair,
  transport: Transport,
  feature: string,
): Gap | undefined {
  return GAPS.find(
    (gap) =>
      (gap.feature === undefined || gap.feature === feature) &&
      gap.applies(pair, transport),
  );
}

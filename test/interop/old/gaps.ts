/**
 * The one list of cells that a pair cannot have, with the reason: what a
 * generation of the client or server does not offer to its users.
 */
import type { Pair, Transport } from "./peers/peer.js";

export interface Gap {
  /** Undefined means every feature. */
  readonly features?: readonly string[];
  readonly applies: (pair: Pair, transport: Transport) => boolean;
  readonly reason: string;
}

const has06 = ({ server, client }: Pair): boolean =>
  server.generation === "0.6" || client.generation === "0.6";

const GAPS: readonly Gap[] = [
  {
    applies: ({ server, client }, transport) =>
      transport === "websocket" &&
      (server.generation === "0.6" || server.generation === "0.7") &&
      (["now", "0.9"].includes(client.generation) || client.place === "page"),
    reason: "servers of 0.6 and 0.7 know no WebSocket of RFC 6455",
  },
  {
    features: ["cut"],
    applies: ({ client }, transport) =>
      transport === "websocket" &&
      client.place === "node" &&
      client.generation === "0.8",
    reason:
      "the WebSocket of 0.8 in Node.js does not tell its client that a connection was cut",
  },
  {
    features: ["buffered", "reconnect"],
    applies: ({ server, client }, transport) =>
      transport === "websocket" &&
      client.place === "node" &&
      client.generation === "0.8" &&
      server.generation !== "now",
    reason:
      "a server before 1.0 stops without a close frame, and the WebSocket of 0.8 in Node.js tells of nothing else",
  },
  {
    features: ["cut", "buffered", "reconnect"],
    applies: ({ client }, transport) =>
      transport === "htmlfile" &&
      client.place === "page" &&
      client.generation === "0.8",
    reason:
      "0.8 waits for no silent server in a browser, and the frame of htmlfile does not tell that its connection is lost",
  },
  {
    features: ["broadcast"],
    applies: ({ client }, transport) =>
      transport === "jsonp-polling" &&
      client.place === "page" &&
      client.generation === "0.6",
    reason:
      "a second client of 0.6 on a page puts its scripts before one of the first's, which goes, and polls no more",
  },
  {
    features: [
      "query",
      "events",
      "acks",
      "receipts",
      "namespaces",
      "direct nsp",
      "refusal",
      "authorize",
      "rooms",
    ],
    applies: has06,
    reason: "0.6 has messages and connections, and nothing else",
  },
];

export function gapOf(
  pair: Pair,
  transport: Transport,
  feature: string,
): Gap | undefined {
  return GAPS.find(
    (gap) =>
      (gap.features === undefined || gap.features.includes(feature)) &&
      gap.applies(pair, transport),
  );
}

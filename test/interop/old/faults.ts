/** Cells that fail, and the fault is in the peers themselves: each is proven, as its test has to fail. */
import type { Pair, Transport } from "./peers/peer.js";

export interface Fault {
  readonly features: readonly string[];
  readonly applies: (pair: Pair, transport: Transport) => boolean;
  readonly reason: string;
}

const HIXIE = ["0.6", "0.7", "0.8"];
const EVENTFUL = ["0.7", "0.8", "0.9"];

const FAULTS: readonly Fault[] = [
  {
    features: ["newlines", "U+2028"],
    applies: ({ server, client }) =>
      [server, client].some(({ generation }) => generation === "0.7"),
    reason: "0.7 reads a message up to the end of its first line",
  },
  {
    features: ["U+2028"],
    applies: ({ server, client }) =>
      EVENTFUL.includes(server.generation) && client.generation !== "now",
    reason:
      "0.7 to 0.9 read the data of an acknowledgement up to a line separator, and write it as it is",
  },
  {
    features: ["U+FFFD"],
    applies: ({ server, client }, transport) =>
      transport === "websocket" &&
      client.place === "node" &&
      HIXIE.includes(client.generation) &&
      server.generation !== "now",
    reason:
      "servers before 1.0 take this character for the end of a frame of the drafts before RFC 6455",
  },
  {
    features: ["newlines"],
    applies: ({ server, client }, transport) =>
      transport === "jsonp-polling" &&
      client.generation === "0.6" &&
      server.generation === "0.6",
    reason:
      "0.6 sends text in a form as it is, whose line ends become CR LF on the way",
  },
];

export function faultOf(
  pair: Pair,
  transport: Transport,
  feature: string,
): Fault | undefined {
  return FAULTS.find(
    (fault) =>
      fault.features.includes(feature) && fault.applies(pair, transport),
  );
}

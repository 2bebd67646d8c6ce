/**
 * The suite against the real peers alone: shows that each feature is tested
 * as the libraries behave. Part of the run with `INTEROP_ORACLE=1`.
 */
import {
  client1,
  client2,
  client3,
  client4,
} from "./peers/official-clients.js";
import {
  server1,
  server2,
  server3,
  server4,
} from "./peers/official-servers.js";
import type { Pair, Transport } from "./peers/peer.js";
import type { Suite } from "./suite.js";

/**
 * Servers since 2.0 take the text of a 1.x client, which is UTF-8 encoded
 * twice in HTTP payloads, for text that is encoded once.
 */
function knownFailure(
  { server, client }: Pair,
  transport: Transport,
  feature: string,
): boolean {
  if (client.generation !== 1 || server.generation === 1) return false;
  if (transport === "websocket") return false;
  if (transport === "upgrade") return feature === "refusal";
  return ["namespaces", "refusal", "unicode", "1 MB"].includes(feature);
}

export const oracle: Suite = {
  title: "Interoperability of the peers among themselves",
  file: "oracle.md",
  pairs: [
    ...[client4(), client3(), client2(), client1()].map((client) => ({
      server: server4(),
      client,
    })),
    { server: server3(), client: client3() },
    { server: server2(), client: client2() },
    { server: server1(), client: client1() },
  ],
  knownFailure,
};

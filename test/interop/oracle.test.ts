/**
 * The suite against the real peers alone: shows that each feature is tested
 * as the libraries behave. Run with `INTEROP_ORACLE=1`; not in the default run.
 */
import { describe } from "vitest";
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
import { runMatrix } from "./suite.js";

const pairs: Pair[] = [
  { server: server4(), client: client4() },
  { server: server4(), client: client3() },
  { server: server4(), client: client2() },
  { server: server4(), client: client1() },
  { server: server3(), client: client3() },
  { server: server2(), client: client2() },
  { server: server1(), client: client1() },
];

/**
 * Servers since 2.0 take the text of a 1.x client, which is UTF-8 encoded
 * twice in HTTP payloads, for text that is encoded once.
 */
function knownFailure(
  { server, client }: Pair,
  transport: Transport,
  feature: string,
): boolean {
  if (
    client.generation !== 1 ||
    server.generation === 1 ||
    transport === "websocket"
  )
    return false;
  const onPolls = ["namespaces", "refusal", "unicode", "1 MB"];
  return transport === "upgrade"
    ? feature === "refusal"
    : onPolls.includes(feature);
}

describe.runIf(process.env["INTEROP_ORACLE"] !== undefined)(
  "the peers among themselves",
  () => {
    runMatrix({
      title: "Interoperability of the peers",
      file: "oracle.md",
      pairs,
      knownFailure,
    });
  },
);

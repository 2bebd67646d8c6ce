/**
 * The old peers among themselves: shows that each feature is tested as the
 * libraries behave, and which faults are theirs. Part of the run with
 * `INTEROP_ORACLE=1`.
 */
import { describe } from "vitest";
import {
  browserClient06,
  browserClient07,
  browserClient08,
  browserClient09,
  Pages,
} from "./peers/browser-clients.js";
import { client06, client07, client08, client09 } from "./peers/old-clients.js";
import { server06, server07, server08, server09 } from "./peers/old-servers.js";
import type { Transport } from "./peers/peer.js";
import { runMatrix, type Row } from "./suite.js";

const IN_BROWSERS: readonly Transport[] = [
  "websocket",
  "xhr-polling",
  "jsonp-polling",
  "htmlfile",
];

function rows(): Row[] {
  const clients = [client09(), client08(), client07()];
  const servers = [server09(), server08(), server07()];
  const pages = new Pages();
  return [
    ...servers.flatMap((server) =>
      clients.map((client): Row => ({
        server,
        client,
        transports: ["websocket", "xhr-polling"],
      })),
    ),
    {
      server: server06(),
      client: client06(),
      transports: ["websocket", "xhr-polling", "jsonp-polling"],
    },
    ...[
      { server: server09(), client: browserClient09(pages) },
      { server: server08(), client: browserClient08(pages) },
      { server: server07(), client: browserClient07(pages) },
      { server: server06(), client: browserClient06(pages) },
    ].map((pair): Row => ({ ...pair, transports: IN_BROWSERS })),
  ];
}

const wanted = process.env["INTEROP_ORACLE"] !== undefined;

describe.runIf(wanted)("oracle", () => {
  runMatrix({
    title: "Old generations among themselves",
    file: "old-oracle.md",
    rows: wanted ? rows() : [],
  });
});

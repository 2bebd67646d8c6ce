/**
 * The old peers among themselves: shows that each feature is tested as the
 * libraries behave, and which faults are theirs. Part of the run with
 * `INTEROP_ORACLE=1`.
 */
import { describe } from "vitest";
import { client06, client07, client08, client09 } from "./peers/old-clients.js";
import { server06, server07, server08, server09 } from "./peers/old-servers.js";
import { runMatrix, type Row } from "./suite.js";

function rows(): Row[] {
  const clients = [client09(), client08(), client07()];
  const servers = [server09(), server08(), server07()];
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
  ];
}

describe.runIf(process.env["INTEROP_ORACLE"] !== undefined)("oracle", () => {
  runMatrix({
    title: "Old generations among themselves",
    file: "old-oracle.md",
    rows: process.env["INTEROP_ORACLE"] === undefined ? [] : rows(),
  });
});

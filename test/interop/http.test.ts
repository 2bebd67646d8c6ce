/**
 * The server's HTTP behaviour, row by row, next to socket.io 4.8 asked the
 * same. Needs no client: the requests are bytes.
 */
import { describe, expect, test } from "vitest";
import { Server } from "../../src/index.js";
import { CLIENT_FILES } from "./http/client-files.js";
import { REFUSING } from "./http/refusing.js";
import type { Row } from "./http/row.js";
import { CORS, SERVING } from "./http/serving.js";
import { SESSIONS } from "./http/sessions.js";
import {
  openSite,
  reference,
  type MakeServer,
  type SiteIo,
} from "./http/site.js";
import { UPGRADES } from "./http/upgrades.js";

const ours: MakeServer = (http, options) =>
  new Server(http, options) as unknown as SiteIo;

async function outcome(make: MakeServer, row: Row): Promise<unknown> {
  const site = await openSite(make, row.options ?? {});
  try {
    return await row.run(site);
  } finally {
    await site.close();
  }
}

describe.each([
  ["serving", SERVING],
  ["CORS", CORS],
  ["refusing", REFUSING],
  ["a polling session", SESSIONS],
  ["asking for a WebSocket", UPGRADES],
  ["client files", CLIENT_FILES],
])("%s", (_, rows) => {
  test.each(rows)("$name", async (row) => {
    const theirs = await outcome(reference, row);
    const own = await outcome(ours, row);
    if (row.better === undefined) {
      expect(own).toEqual(theirs);
    } else {
      expect(own).toEqual(row.better);
      expect(theirs).not.toEqual(row.better);
    }
  });
});

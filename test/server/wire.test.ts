/** The wire, beside the reference: what a held poll hears, revisions, malformed packets, b64, the end. */
import { createServer } from "node:http";
import { Server as Reference } from "socket.io";
import { io as connect } from "socket.io-client";
import { describe, expect, test } from "vitest";
import { Server } from "../../src/index.js";
import { atEnd, both, KINDS, site, type Site } from "./beside.js";

const E3 = "EIO=3&transport=polling";

/** A poll that the server has taken before the next request comes. */
async function held(site: Site, session: string) {
  const poll = site.ask(session);
  const connections = () =>
    Object.values(site.io.engine.clients as Record<string, unknown>);
  const writable = () =>
    connections().some(
      (conn) =>
        (conn as { transport: { writable: boolean } }).transport.writable,
    );
  while (!writable()) await new Promise((resolve) => setImmediate(resolve));
  return poll;
}

/** Who listens for the poll by name gets it as a promise that is not awaited. */
async function whileHeld<T>(
  site: Site,
  session: string,
  then: () => Promise<T>,
): Promise<[poll: string, T]> {
  let poll: ReturnType<Site["ask"]> | undefined;
  const taken = new Promise<void>((resolve) => {
    poll = site.ask(session);
    const look = () => {
      const conns = Object.values(
        site.io.engine.clients as unknown as Record<
          string,
          { transport: { writable: boolean } }
        >,
      );
      if (conns.some(({ transport }) => transport.writable)) resolve();
      else setImmediate(look);
    };
    look();
  });
  await taken;
  const answer = await then();
  return [(await poll!).body, answer];
}

describe("a poll at the end of a session", () => {
  test.each([
    ["Engine.IO 4", {}, "EIO=4&transport=polling", "1", "6"],
    ["Engine.IO 3", { allowEIO3: true }, E3, "1:1", "1:6"],
  ])(
    "%s: held while the client says that it closes, it is answered with a noop",
    async (_, options, query, close, noop) => {
      const [ours, theirs] = await both(options, async (site) => {
        const session = await site.open(query);
        // Engine.IO 3 is in the root namespace, and is told so.
        if (query === E3) await site.ask(session);
        return whileHeld(site, session, async () => {
          const { status, body } = await site.ask(session, close);
          return [status, body];
        });
      });
      expect(ours).toEqual(theirs);
      expect(ours[0]).toBe(noop);
    },
  );

  test.each([
    ["held", "1"],
    ["that comes later", "6\x1e1"],
  ])("%s, after a packet that is none", async (when, expected) => {
    const [ours, theirs] = await both({}, async (site) => {
      const session = await site.open();
      const wrong = () => site.ask(session, '42["event of nobody"]');
      if (when === "held") return (await whileHeld(site, session, wrong))[0];
      await wrong();
      return (await site.ask(session)).body;
    });
    expect(ours).toBe(theirs);
    expect(ours).toBe(expected);
  });

  test.each([
    ["a second poll", (site: Site, session: string) => site.ask(session)],
    [
      "bytes in a POST",
      (site: Site, session: string) =>
        site.ask(session, Buffer.from([1]), "POST", {
          "content-type": "application/octet-stream",
        }),
    ],
    ["an unknown packet", (site: Site, session: string) => site.ask(session, "abc")],
    ["a ping", (site: Site, session: string) => site.ask(session, "2")],
  ])("held, after %s", async (_, wrong) => {
    const [ours, theirs] = await both({}, async (site) => {
      const session = await site.open();
      const [poll, answer] = await whileHeld(site, session, () =>
        wrong(site, session),
      );
      const after = await site.ask(session);
      return { poll, status: answer.status, after: after.body };
    });
    expect(ours).toEqual(theirs);
  });
});

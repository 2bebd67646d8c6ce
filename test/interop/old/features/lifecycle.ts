/** How connections end, hold and come back. */
import { expect } from "vitest";
import { next, several, within, type Ends, type Rig } from "../rig.js";
import type { RunningServer, ServerEnd } from "../peers/peer.js";
import { clientReasons, serverReasons, type Ending } from "../reasons.js";
import type { Feature } from "./feature.js";

/** Everything that is waited for comes within seconds. On the wire they are whole ones. */
const QUICK = {
  heartbeats: { interval: 300, timeout: 1_000 },
  closeTimeout: 2_000,
  pollFor: 400,
};

const WAYS: Record<Ending, (ends: Ends, server: RunningServer) => unknown> = {
  "client leaves": ({ client }) => client.disconnect(),
  "server ends it": ({ server }) => server.disconnect(),
  // Again and again, as between two polls there is nothing to cut.
  "connection lost": (_, server) => setInterval(() => void server.cut(), 50),
};

function ending(label: string, way: Ending): Feature {
  return {
    name: label,
    async run(rig) {
      const server = await rig.start(QUICK);
      const ends = await rig.ends(server);
      const greeted = next(ends.client, "message");
      ends.server.send("welcome");
      await greeted;
      const client = next<[unknown]>(
        ends.client,
        "disconnect",
        "the client",
      ).then(async (args) => {
        expect((await ends.client.state()).connected).toBe(false);
        return args;
      });
      const socket = next<[unknown]>(ends.server, "disconnect", "the server");
      const repeated = WAYS[way](ends, server);
      const [[clientReason], [serverReason]] = await Promise.all([
        client,
        socket,
      ]).finally(() => clearInterval(repeated as NodeJS.Timeout));
      const { pair, transport } = rig;
      expect(clientReasons(pair, way)).toContain(clientReason);
      expect(serverReasons(pair.server.generation, way, transport)).toContain(
        serverReason,
      );
    },
  };
}

export const leaving = ending("client ends", "client leaves");
export const booting = ending("server ends", "server ends it");
export const losing = ending("cut", "connection lost");

/** The client comes back after the server was away, and into its namespaces. */
export const reconnect: Feature = {
  name: "reconnect",
  async run(rig) {
    const first = await rig.start(QUICK);
    const { client } = await rig.ends(first, { reconnect: true });
    if (!rig.plain) await rig.joined(first, client, "/chat");
    const lost = next(client, "disconnect", "the client notices the stop");
    await rig.stop(first);
    await lost;
    const back = next(client, "reconnect", "the client connects again");
    const { root, chat } = await restart(rig, first.port);
    await back;
    const server = await root;
    const message = next(server, "message");
    client.send("again €");
    expect(await message).toEqual(["again €"]);
    if (!rig.plain) await chat;
  },
};

/** Listens before any client can be there. */
async function restart(
  rig: Rig,
  port: number,
): Promise<{ root: Promise<ServerEnd>; chat: Promise<ServerEnd> }> {
  const server = await rig.start({ ...QUICK, port });
  const [root, chat] = ["", "/chat"].map(async (name) => {
    const [end] = await next<[ServerEnd]>(
      server.of(name),
      "connection",
      `the server sees the client again in "${name}"`,
    );
    return end;
  });
  if (root === undefined || chat === undefined) throw new Error("unreachable");
  if (rig.plain) chat.catch(() => undefined);
  return { root, chat };
}

/** What a client says before it is connected, and while the server is away, waits. */
export const buffered: Feature = {
  name: "buffered",
  async run(rig) {
    const first = await rig.start(QUICK);
    const heard = firstMessages(first, 2);
    const client = await rig.open(first, { reconnect: true });
    client.send("early 1");
    client.send("early 2");
    expect(await heard).toEqual(["early 1", "early 2"]);
    // 0.6 forgets what it is told while it is disconnected.
    if (rig.plain) return;
    const lost = next(client, "disconnect");
    await rig.stop(first);
    await lost;
    client.send("away 1");
    client.send("away 2");
    const second = await rig.start({ ...QUICK, port: first.port });
    expect(await firstMessages(second, 2)).toEqual(["away 1", "away 2"]);
  },
};

function firstMessages(
  server: RunningServer,
  count: number,
): Promise<unknown[]> {
  return within(
    new Promise((resolve, reject) => {
      server.of("").on("connection", (end: ServerEnd) => {
        several(end, "message", count).then(resolve, reject);
      });
    }),
    "a client and its messages",
  );
}

/** Nothing is said for several beats and longer than one may be late. */
export const heartbeat: Feature = {
  name: "heartbeat",
  async run(rig) {
    const server = await rig.start(QUICK);
    const ends = await rig.ends(server);
    const disconnected: unknown[] = [];
    ends.client.on("disconnect", () => disconnected.push("client"));
    ends.server.on("disconnect", () => disconnected.push("server"));
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect(disconnected).toEqual([]);
    const down = next(ends.client, "message");
    ends.server.send("still there");
    expect(await down).toEqual(["still there"]);
    const up = next(ends.server, "message");
    ends.client.send("so am I");
    expect(await up).toEqual(["so am I"]);
  },
};

/** Messages between two polls, or while a stream is busy, are kept in their order. */
export const kept: Feature = {
  name: "kept",
  async run(rig) {
    const server = await rig.start();
    const ends = await rig.ends(server);
    const count = 20;
    const all = several(ends.client, "message", count);
    for (let number = 0; number < count; number++) {
      ends.server.send(`${number}`);
      // Now and then long enough for a poll to be under way.
      if (number % 5 === 0)
        await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await all).toEqual(
      Array.from({ length: count }, (_, number) => `${number}`),
    );
  },
};

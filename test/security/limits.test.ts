/** What one peer can make us hold: sockets it does not close, connections it does not use, answers it does not read. */
import { expect, test, vi } from "vitest";
import { CLOSE_TIMEOUT } from "../../src/runtimes/node/hang-up.js";
import { grownBy, MB, POLLING, Site, STREAM } from "./site.js";
import { frame, head, OPCODE, text, upgradeHead, type Wire } from "./wire.js";

function connections(site: Site): Promise<number> {
  return new Promise((resolve, reject) =>
    site.http.getConnections((error, count) =>
      error ? reject(error) : resolve(count),
    ),
  );
}

/** Each leaves the peer with the last word, which it never says. */
const UNANSWERED: [string, (site: Site) => Promise<Wire>][] = [
  [
    "a refused upgrade",
    async (site) => (await site.wire(true)).send(upgradeHead(POLLING)),
  ],
  [
    "an upgrade that nobody answers",
    async (site) => (await site.wire(true)).send(upgradeHead("/elsewhere")),
  ],
  [
    "a bad frame",
    async (site) => {
      const wire = (await site.wire(true)).send(upgradeHead(STREAM));
      await wire.hears(/^0/);
      return wire.send(frame(3));
    },
  ],
  [
    "a close frame",
    async (site) => {
      const wire = (await site.wire(true)).send(upgradeHead(STREAM));
      await wire.hears(/^0/);
      return wire.send(frame(OPCODE.close));
    },
  ],
  [
    "packets that end the connection",
    async (site) => {
      const wire = (await site.wire(true)).send(upgradeHead(STREAM));
      await wire.hears(/^0/);
      return wire.send(text('42["before CONNECT"]'));
    },
  ],
  [
    "a stray candidate",
    async (site) => {
      const { sid } = await site.poller();
      const wire = await site.wire(true);
      wire.send(upgradeHead(`${STREAM}&sid=${sid}`));
      await wire.until(() => wire.status === 101);
      return wire.send(text("x"));
    },
  ],
];

test.each(UNANSWERED)(
  "sockets that their peer leaves half open after %s are dropped in time",
  async (_, reach) => {
    const site = await Site.open({ destroyUpgradeTimeout: 1 });
    await site.undisturbed(async () => {
      // Only the limit of the closing is shortened.
      const { setTimeout: wait } = globalThis;
      const spy = vi
        .spyOn(globalThis, "setTimeout")
        .mockImplementation(((task: () => void, ms: number) =>
          wait(task, ms === CLOSE_TIMEOUT ? 50 : ms)) as typeof setTimeout);
      try {
        const before = await connections(site);
        for (let i = 0; i < 10; i++) await reach(site);
        await expect
          .poll(() => connections(site), { timeout: 10_000 })
          .toBe(before);
      } finally {
        spy.mockRestore();
      }
    });
  },
);

test("a thousand connections that come and go leave nothing", async () => {
  const site = await Site.open();
  const round = async (count: number) => {
    for (let i = 0; i < count; i += 20)
      await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          if (index % 2) {
            const wire = await site.joined();
            wire.socket.destroy();
          } else await (await site.poller()).post("1");
        }),
      );
    await expect.poll(() => site.count).toBe(1);
  };
  await site.undisturbed(async () => {
    await round(100);
    expect(await grownBy(() => round(500))).toBeLessThan(16 * MB);
  });
  expect(site.io.of("/").sockets.size).toBe(1);
  expect(site.io.of("/").adapter.sids.size).toBe(1);
});

test("connections that never join a namespace end after connectTimeout", async () => {
  const site = await Site.open({ connectTimeout: 500 });
  await site.undisturbed(async () => {
    const wires = await Promise.all(
      Array.from({ length: 20 }, () => site.stream()),
    );
    const poller = await site.poller(POLLING, false);
    for (const wire of wires) await wire.ended();
    // Held when it ends, or sent afterwards: engine.io has words for both.
    expect(["1", "6\x1e1"]).toContain(await poller.rest());
  });
  await expect.poll(() => site.count).toBe(1);
});

test("sessions that never poll end with the heartbeat", async () => {
  const site = await Site.open({ pingInterval: 100, pingTimeout: 100 });
  await site.undisturbed(async () => {
    await Promise.all(
      Array.from({ length: 50 }, () => site.poller(POLLING, false)),
    );
    await expect.poll(() => site.count, { timeout: 10_000 }).toBe(1);
  });
  expect(new Set(site.closed)).toEqual(new Set(["ping timeout"]));
});

test("pings of WebSocket are answered within bounds by a peer that does not read", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const wire = await site.joined();
    wire.socket.pause();
    const pings = Buffer.concat(
      Array<Buffer>(8000).fill(frame(OPCODE.ping, "x".repeat(125))),
    );
    const grown = await grownBy(async () => {
      for (let i = 0; i < 20; i++) {
        wire.send(pings);
        await new Promise(setImmediate);
      }
      await expect.poll(() => wire.socket.writableLength).toBe(0);
    });
    expect(grown).toBeLessThan(8 * MB);
    wire.socket.resume();
    wire.send(text('42["echo",1]'));
    await wire.hears(/echo/);
  });
});

test("requests with a body that nobody reads end their connection, not the next request", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const wire = await site.wire();
    const inner = head("GET", "/hidden");
    const heard: (string | undefined)[] = [];
    site.http.on("request", ({ url }) => heard.push(url));
    wire.send(
      head("POST", `${POLLING}&sid=nobody`, {
        "Content-Length": String(inner.length),
      }),
      inner,
    );
    await wire.ended();
    expect(wire.status).toBe(400);
    expect(heard).not.toContain("/hidden");
  });
});

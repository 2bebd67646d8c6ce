/** Requests that cross: upgrades, polls and ends at the same moment, and resets at every stage. */
import { expect, test } from "vitest";
import { OLD_POLLING, POLLING, Site, STREAM, type Poller } from "./site.js";
import { frame, head, OPCODE, text, upgradeHead, type Wire } from "./wire.js";

/** A candidate for a session's upgrade, before it has probed. */
async function candidate(site: Site, sid: string, eio = 4): Promise<Wire> {
  const wire = await site.wire();
  wire.send(
    upgradeHead(`/socket.io/?EIO=${eio}&transport=websocket&sid=${sid}`),
  );
  return wire.until(() => wire.status > 0);
}

async function probe(wire: Wire): Promise<void> {
  wire.send(text("2probe"));
  await wire.hears(/^3probe$/);
}

async function works(poller: Poller): Promise<void> {
  await poller.post('42["echo",1]');
  expect((await poller.get()).body).toBe('42["echo",1]');
}

/** Resolves when a GET of the session is with the engine. */
function held(site: Site): Promise<void> {
  return new Promise((resolve) =>
    site.io.engine.once("headers", () => resolve()),
  );
}

test("an upgrade to a session of no one's, and to a public id", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const victim = await site.joined();
    const { sid } = JSON.parse((await victim.hears(/^40/)).slice(2)) as {
      sid: string;
    };
    for (const guess of [sid, "__proto__", "x".repeat(20), ""])
      expect((await candidate(site, guess)).status).toBe(400);
    expect(victim.closed).toBe(false);
  });
});

test("an upgrade to a session that has a WebSocket changes nothing", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const victim = await site.joined();
    const { sid } = JSON.parse((await victim.hears(/^0/)).slice(1)) as {
      sid: string;
    };
    const wire = await candidate(site, sid);
    wire.send(text("2probe"), text("5"), text('42["echo","stolen"]'));
    await wire.ended();
    expect(wire.messages).toEqual([]);
    victim.send(text('42["echo",1]'));
    expect(await victim.hears(/echo/)).toBe('42["echo",1]');
  });
});

test.each([3, 4])(
  "two upgrades at once: the first goes on (EIO=%i)",
  async (eio) => {
    const site = await Site.open();
    await site.undisturbed(async () => {
      const poller = await site.poller(eio === 4 ? POLLING : OLD_POLLING);
      if (eio === 3) await poller.get();
      const first = await candidate(site, poller.sid, eio);
      const second = await candidate(site, poller.sid, eio);
      await second.ended();
      await probe(first);
      first.send(text("5"), text('42["echo",1]'));
      expect(await first.hears(/echo/)).toBe('42["echo",1]');
      // Polling is over for this session.
      expect((await poller.get()).status).toBe(400);
      expect((await poller.post('42["echo",2]')).status).toBe(400);
      first.send(text('42["echo",3]'));
      await first.hears(/echo",3/);
    });
  },
);

test.each([
  ["two probes", [text("2probe"), text("2probe")]],
  ["another probe", [text("2prob")]],
  ["an event in place of a probe", [text('42["echo",1]')]],
  [
    "an event between probe and upgrade",
    [text("2probe"), text('42["echo",1]')],
  ],
  ["bytes", [frame(OPCODE.binary, "2probe")]],
  ["nothing", [text("")]],
  ["a close", [frame(OPCODE.close)]],
  [
    "a ping of WebSocket, and a close",
    [frame(OPCODE.ping), frame(OPCODE.close)],
  ],
])("an upgrade by %s leaves the session where it is", async (_, frames) => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const poller = await site.poller();
    const wire = await candidate(site, poller.sid);
    wire.send(...frames);
    await wire.ended();
    await works(poller);
  });
  expect(site.left).toEqual([]);
});

test("an upgrade without a probe moves the session, as in the reference", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const poller = await site.poller();
    const wire = await candidate(site, poller.sid);
    wire.send(text("5"), text('42["echo",1]'));
    await wire.hears(/echo",1/);
    expect((await poller.get()).status).toBe(400);
  });
});

test("an upgrade that never comes to its end is given up", async () => {
  const site = await Site.open({ upgradeTimeout: 100 });
  await site.undisturbed(async () => {
    const poller = await site.poller();
    await (await candidate(site, poller.sid)).ended();
    const probed = await candidate(site, poller.sid);
    await probe(probed);
    await probed.ended();
    await works(poller);
  });
});

test("two polls, and two POSTs, at once end the session with 400", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const polls = await site.poller();
    const first = polls.get();
    await held(site);
    expect((await polls.get()).status).toBe(400);
    await first;
    expect((await polls.get()).status).toBe(400);
    const posts = await site.poller();
    const open = await site.wire();
    const seen = held(site);
    open.send(head("POST", posts.path, { "Content-Length": "100" }), "4");
    await seen;
    expect((await posts.post("3")).status).toBe(400);
    await open.ended();
    expect((await posts.get()).status).toBe(400);
  });
  expect(site.left).toEqual(["transport error", "transport error"]);
});

test("polls, POSTs and upgrades that race with the session's close", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    for (let round = 0; round < 20; round++) {
      const poller = await site.poller();
      const wire = await candidate(site, poller.sid);
      if (round % 2) await probe(wire);
      const requests = [
        () => poller.post("1"),
        () => poller.get(),
        () => poller.post('42["echo",1]'),
        () => Promise.resolve(wire.send(text("5"), text("1"))),
      ];
      for (let i = 0; i < round % 4; i++)
        requests.push(...requests.splice(0, 1));
      await Promise.allSettled(requests.map((request) => request()));
      await wire.ended();
    }
  });
  await expect.poll(() => site.count).toBe(1);
});

test("a body that arrives after its session has ended", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const poller = await site.poller();
    const wire = await site.wire();
    const seen = held(site);
    wire.send(head("POST", poller.path, { "Content-Length": "12" }), "42");
    await seen;
    const poll = poller.get();
    await held(site);
    for (const socket of site.io.of("/").sockets.values())
      if (socket.handshake.query.good === undefined) socket.disconnect(true);
    wire.send('["echo",1]');
    await wire.ended();
    await poll;
    await poller.rest();
  });
});

const STAGES: [string, (site: Site) => Promise<Wire>][] = [
  ["connected", (site) => site.wire()],
  ["half a head", async (site) => (await site.wire()).send("GET /socket")],
  [
    "a handshake",
    async (site) => (await site.wire()).send(head("GET", POLLING)),
  ],
  [
    "a held poll",
    async (site) => {
      const { path } = await site.poller();
      const seen = held(site);
      const wire = (await site.wire()).send(head("GET", path));
      await seen;
      return wire;
    },
  ],
  [
    "half a body",
    async (site) => {
      const { path } = await site.poller();
      const seen = held(site);
      const wire = await site.wire();
      wire.send(head("POST", path, { "Content-Length": "100" }), "42");
      await seen;
      return wire;
    },
  ],
  [
    "an upgrade asked for",
    async (site) => (await site.wire()).send(upgradeHead(STREAM)),
  ],
  [
    "an upgrade refused",
    async (site) => (await site.wire()).send(upgradeHead(POLLING)),
  ],
  ["an open WebSocket", (site) => site.stream()],
  [
    "half a frame",
    async (site) => (await site.joined()).send(Buffer.of(0x81, 0xfe, 1)),
  ],
  [
    "half a message",
    async (site) =>
      (await site.joined()).send(frame(OPCODE.text, "42", { fin: false })),
  ],
  ["a candidate", async (site) => candidate(site, (await site.poller()).sid)],
  [
    "a probe",
    async (site) => {
      const wire = await candidate(site, (await site.poller()).sid);
      await probe(wire);
      return wire;
    },
  ],
  [
    "an upgrade done",
    async (site) => {
      const wire = await candidate(site, (await site.poller()).sid);
      await probe(wire);
      return wire.send(text("5"), text('42["echo",1]'));
    },
  ],
  [
    "a close frame",
    async (site) => (await site.joined()).send(frame(OPCODE.close)),
  ],
];

test.each(STAGES)("a reset, and a FIN, after %s", async (_, reach) => {
  const site = await Site.open({ pingInterval: 200, pingTimeout: 1000 });
  await site.undisturbed(async () => {
    (await reach(site)).reset();
    (await reach(site)).socket.end();
  });
  // Sessions that lost a candidate only are still there until their next ping.
  await expect.poll(() => site.count, { timeout: 10_000 }).toBe(1);
});

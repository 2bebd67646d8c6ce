/** Published vulnerabilities of the handshake and of polling, each by its id. */
import { expect, test } from "vitest";
import {
  grownBy,
  MB,
  OCTETS,
  OLD_POLLING,
  POLLING,
  Site,
  STREAM,
} from "./site.js";
import { head, UPGRADE, upgradeHead } from "./wire.js";

const ELSEWHERE = { Origin: "http://elsewhere.example" };

test("CVE-2017-16031: session ids are 120 random bits, in every generation", async () => {
  const site = await Site.open();
  const ids = new Set<string>();
  await site.undisturbed(async () => {
    for (const path of [POLLING, OLD_POLLING])
      for (let i = 0; i < 100; i++) {
        const { sid } = await site.poller(path, false);
        expect(sid).toMatch(/^[\w-]{20}$/);
        ids.add(sid);
      }
  });
  expect(ids.size).toBe(200);
  // No position is fixed, as a counter or a time stamp would make it.
  for (let at = 0; at < 20; at++)
    expect(new Set([...ids].map((id) => id[at])).size).toBeGreaterThan(20);
});

test("CVE-2020-28481: no other origin is let in by default, and the check is one for both transports", async () => {
  const open = await Site.open();
  await open.undisturbed(async () => {
    const { headers } = await open.ask(POLLING, { headers: ELSEWHERE });
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });
  const strict = await Site.open({ enforceOrigin: true });
  await strict.undisturbed(async () => {
    for (const path of [POLLING, OLD_POLLING])
      expect((await strict.ask(path, { headers: ELSEWHERE })).status).toBe(403);
    const wire = await strict.wire();
    wire.send(upgradeHead(STREAM, ELSEWHERE));
    expect((await wire.ended()).status).toBe(403);
  });
  expect(strict.refused).toEqual([4, 4, 4]);
});

test.each([
  ["announced", { "Content-Length": "5000000000" }, ""],
  [
    "chunked",
    { "Transfer-Encoding": "chunked" },
    `100000\r\n${"x".repeat(0x100000)}\r\n`,
  ],
])(
  "CVE-2020-36048: a huge POST is cut off with 413, and its session ends (%s)",
  async (_, headers, chunk) => {
    const site = await Site.open();
    await site.undisturbed(async () => {
      const { path } = await site.poller();
      const wire = await site.wire();
      const grown = await grownBy(async () => {
        wire.send(head("POST", path, headers));
        for (let i = 0; i < 20; i++) wire.send(chunk);
        await wire.ended();
      });
      // The attacker's own 20 MB may still wait to be sent.
      expect(grown).toBeLessThan(40 * MB);
      expect(wire.status).toBe(413);
      expect((await site.ask(path)).status).toBe(400);
    });
    expect(site.left).toEqual(["transport error"]);
  },
);

test("CVE-2022-41940: a socket that fails before its handshake is answered harms nobody", async () => {
  const decisions: (() => void)[] = [];
  const site = await Site.open({
    allowRequest: (request, decide) => {
      if (request.url?.includes("good")) decide(null, true);
      else decisions.push(() => decide(null, true));
    },
  });
  await site.undisturbed(async () => {
    const requests = [
      upgradeHead(STREAM),
      upgradeHead("/elsewhere"),
      head("GET", POLLING),
    ];
    for (const [index, request] of requests.entries()) {
      const wire = await site.wire();
      wire.send(request);
      if (index !== 1) await expect.poll(() => decisions.length).toBe(1);
      wire.reset();
      await wire.ended();
      for (const decide of decisions.splice(0)) decide();
    }
    for (let cut = 1; cut < upgradeHead(STREAM).length; cut += 20) {
      const wire = await site.wire();
      wire.send(upgradeHead(STREAM).slice(0, cut));
      wire.reset();
    }
  });
  await expect.poll(() => site.count).toBe(1);
});

test("CVE-2022-41940: nor where the application has said that it answers other upgrades itself", async () => {
  const site = await Site.open({ destroyUpgrade: false });
  await site.undisturbed(async () => {
    const seen = new Promise((resolve) => site.http.once("upgrade", resolve));
    const wire = await site.wire();
    wire.send(upgradeHead("/elsewhere"));
    await seen;
    wire.reset();
    await wire.ended();
  });
});

test("CVE-2023-31125: requests at the wrong door get 400, and end nothing", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const stream = await site.joined();
    const sid = /"sid":"([^"]+)"/.exec(stream.messages[0])?.[1] ?? "";
    const poller = await site.poller();
    const plain: [string, string][] = [
      ["GET", STREAM],
      ["POST", STREAM],
      ["GET", `${STREAM}&sid=${sid}`],
      ["POST", `${STREAM}&sid=${sid}`],
      ["GET", `${POLLING}&sid=${sid}`],
      ["GET", `${STREAM}&sid=${poller.sid}`],
      ["POST", POLLING],
      ["PUT", poller.path],
      ["DELETE", `${POLLING}&sid=x`],
    ];
    for (const [method, path] of plain)
      expect([path, (await site.ask(path, { method })).status]).toEqual([
        path,
        400,
      ]);
    for (const [method, path, status] of [
      ["GET", POLLING, 400],
      ["GET", poller.path, 400],
      ["POST", STREAM, 400],
      ["GET", `${STREAM}&sid=x`, 400],
    ] as const) {
      const wire = await site.wire();
      wire.send(head(method, path, UPGRADE));
      expect([path, (await wire.ended()).status]).toEqual([path, status]);
    }
    expect(stream.closed).toBe(false);
    expect((await poller.post('42["echo",1]')).status).toBe(200);
    expect((await poller.get()).body).toBe('42["echo",1]');
  });
  expect(site.left).toEqual([]);
});

test.each([
  ["more than Node's limit", 2000, 2500],
  ["more than a low limit of the application's", 3, 8],
])(
  "CVE-2024-37890: %s of headers costs the upgrade at most",
  async (_, max, count) => {
    const site = await Site.open({}, (_io, http) => {
      http.maxHeadersCount = Math.max(max, 20);
    });
    await site.undisturbed(async () => {
      site.http.maxHeadersCount = max;
      const many = Array.from({ length: count }, () => "a:1").join("\r\n");
      for (const path of [POLLING, STREAM]) {
        const wire = await site.wire();
        wire.send(upgradeHead(path).replace("\r\n", `\r\n${many}\r\n`));
        await wire.until(() => wire.status > 0 || wire.closed).catch(() => {});
        expect([0, 101, 400, 426, 431, 200]).toContain(wire.status);
        wire.socket.destroy();
      }
    });
  },
);

test("CVE-2026-59725: a binary POST is refused on EIO4 before it is read, and bounded on EIO3", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const poller = await site.poller();
    const wire = await site.wire();
    // Nothing of the body follows: the answer does not wait for it.
    wire.send(
      head("POST", poller.path, { ...OCTETS, "Content-Length": "900000" }),
    );
    expect((await wire.ended()).status).toBe(400);
    const bodies = [
      Buffer.alloc(0),
      Buffer.from([0]),
      Buffer.from([2, 1, 255, 52]),
      Buffer.from([1, 1, 255]),
      Buffer.from([0, 0, 255]),
      Buffer.alloc(900_000, 9),
      Buffer.from([0, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 255, 52]),
      Buffer.from([1, 1, 255, 1]),
      Buffer.from([0, 1, 255, 0xff]),
    ];
    for (const body of bodies) {
      const old = await site.poller(OLD_POLLING);
      expect((await old.post(body, OCTETS)).status).toBe(200);
      expect((await old.get()).status).toBe(400);
    }
    const old = await site.poller(OLD_POLLING);
    const over = await old.post(Buffer.alloc(1_000_001), OCTETS);
    expect(over.status).toBe(413);
    expect((await old.get()).status).toBe(400);
  });
  await expect.poll(() => site.count).toBe(1);
});

/**
 * Requests that no client sends: URLs, queries, headers and heads of any form,
 * smuggled and half-sent ones. All of them get an answer of the right class, or
 * none, and cost their connection at most.
 */
import { expect, test } from "vitest";
import { grownBy, MB, POLLING, Site, STREAM } from "./site.js";
import { head, upgradeHead, type Wire } from "./wire.js";

const BASE = "/socket.io/";

/** A path, and the status that it gets; 0: the connection ends. */
const PATHS: [string, number][] = [
  [BASE, 400],
  [`${BASE}?`, 400],
  [`${BASE}?EIO`, 400],
  [`${BASE}?EIO=4`, 400],
  [`${BASE}?EIO=4&transport=`, 400],
  [`${BASE}?EIO=&transport=polling`, 200],
  [`${BASE}?EIO=99&transport=polling`, 200],
  [`${BASE}?EIO=4&EIO=4&transport=polling`, 200],
  [`${BASE}?EIO=4&transport=polling&transport=websocket`, 400],
  [`${BASE}?EIO=4&transport[]=polling`, 400],
  [`${BASE}?EIO=4&transport=__proto__`, 400],
  [`${BASE}?EIO=4&transport=constructor`, 400],
  [`${BASE}?EIO=4&transport=webtransport`, 400],
  [`${BASE}?__proto__=1&EIO=4&transport=polling`, 200],
  [`${BASE}?__proto__[EIO]=4&transport=polling`, 200],
  [`${BASE}?EIO=4&transport=polling&%`, 200],
  [`${BASE}?EIO=4&transport=polling&%ff=%c0%ae%zz`, 200],
  [`${BASE}?EIO=4&transport=polling&sid=`, 400],
  [`${BASE}?EIO=4&transport=polling&sid=%00`, 400],
  [`${BASE}?EIO=4&transport=polling&sid=%0d%0aSet-Cookie:%20a=b`, 400],
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"].map(
    (sid): [string, number] => [`${POLLING}&sid=${sid}`, 400],
  ),
  [`${POLLING}&sid=${"x".repeat(10_000)}`, 400],
  [`${POLLING}&j=0);alert(1);(`, 200],
  [`${POLLING}&j=${"9".repeat(10_000)}`, 200],
  [`${BASE}1/`, 400],
  [`${BASE}1/websocket/x`, 400],
  [`${BASE}../../etc/passwd`, 400],
  [`${BASE}%2e%2e/%2e%2e/package.json`, 400],
  ["/socket.io", 404],
  ["//socket.io/?EIO=4&transport=polling", 404],
  ["/SOCKET.IO/?EIO=4&transport=polling", 404],
  ["http://elsewhere.example/socket.io/?EIO=4&transport=polling", 404],
  ["*", 404],
  [`${POLLING}#${"x".repeat(100)}`, 200],
  [`${POLLING}&x=${"x".repeat(60_000)}`, 431],
  [`${POLLING}&x=a b`, 400],
  [`${POLLING}&x=\x01`, 400],
];

test("URLs and queries of any form", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    for (const [path, status] of PATHS) {
      const wire = await site.wire();
      wire.send(head("GET", path, { Connection: "close" }));
      expect([path, (await wire.ended()).status]).toEqual([path, status]);
      expect(wire.said).not.toMatch(/^Set-Cookie/im);
      expect(wire.said).not.toContain("alert");
      const upgrade = await site.wire();
      upgrade.send(upgradeHead(path));
      await Promise.race([
        upgrade.ended(),
        upgrade.until(() => upgrade.status > 0).catch(() => {}),
      ]);
      expect([path, upgrade.status]).toEqual([
        path,
        expect.toSatisfy((code: number) =>
          path.endsWith("transport=websocket")
            ? code === 101
            : [0, 400, 404, 431].includes(code),
        ),
      ]);
      upgrade.socket.destroy();
    }
  });
  expect({}).not.toHaveProperty("EIO");
});

test("a URL of 2 MB is refused as it comes in", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const wires: Wire[] = [];
    const grown = await grownBy(async () => {
      for (let i = 0; i < 5; i++) {
        const wire = await site.wire();
        wires.push(wire.send(head("GET", `${POLLING}&x=${"x".repeat(2e6)}`)));
      }
      for (const wire of wires) await wire.ended();
    });
    expect(grown).toBeLessThan(32 * MB);
    for (const { status } of wires) expect([0, 431]).toContain(status);
  });
});

test("header injection: nothing that a request says comes back as a header", async () => {
  const site = await Site.open({
    cors: { origin: true, credentials: true },
    cookie: true,
  });
  await site.undisturbed(async () => {
    for (const origin of [
      "http://a\r\nX-Injected: 1",
      "http://a\nX-Injected: 1",
      "http://a\rX-Injected: 1",
      "http://a\x00b",
      "http://a\x7fb",
      "http://a\x80\xff",
      "\u0001",
      "x".repeat(12_000),
    ])
      for (const request of [head, upgradeHead] as const) {
        const wire = await site.wire();
        const headers = { Origin: origin };
        wire.send(
          request === upgradeHead
            ? upgradeHead(STREAM, headers)
            : head("GET", POLLING, { ...headers, Connection: "close" }),
        );
        await Promise.race([
          wire.ended(),
          wire.until(() => wire.status > 0).catch(() => {}),
        ]);
        const [answered = ""] = wire.said.split("\r\n\r\n", 1);
        expect(answered).not.toMatch(/^X-Injected/im);
        wire.socket.destroy();
      }
  });
});

test.each([
  ["both lengths", "Content-Length: 6\r\nTransfer-Encoding: chunked"],
  ["two lengths", "Content-Length: 6\r\nContent-Length: 5"],
  ["a list of lengths", "Content-Length: 6, 6"],
  ["a signed length", "Content-Length: +6"],
  ["a length in hexadecimal", "Content-Length: 0x6"],
  ["a negative length", "Content-Length: -1"],
  ["an endless length", `Content-Length: ${"9".repeat(400)}`],
  ["chunked twice", "Transfer-Encoding: chunked, chunked"],
  ["chunked and not last", "Transfer-Encoding: chunked, identity"],
  ["another word for chunked", "Transfer-Encoding: xchunked"],
  ["a folded header", "Transfer-Encoding:\r\n chunked"],
  ["a space before the colon", "Transfer-Encoding : chunked"],
])("smuggling: %s hides no second request", async (_, lines) => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const { path } = await site.poller();
    const wire = await site.wire();
    const hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
    const heard: (string | undefined)[] = [];
    site.http.on("request", ({ url }) => heard.push(url));
    wire.send(
      `POST ${path} HTTP/1.1\r\nHost: x\r\n${lines}\r\n\r\n0\r\n\r\n${hidden}`,
    );
    wire.socket.end();
    await wire.ended();
    expect([0, 400, 413]).toContain(wire.status);
    expect(heard).not.toContain("/hidden");
  });
});

test("Expect: 100-continue, and bodies that are said to be packed", async () => {
  const { gzipSync } = await import("node:zlib");
  const site = await Site.open();
  await site.undisturbed(async () => {
    const first = await site.poller();
    const wire = await site.wire();
    wire.send(
      head("POST", first.path, {
        Expect: "100-continue",
        "Content-Length": "20",
      }),
    );
    await wire.until(() => wire.status === 100);
    wire.send('42["echo",123456789]');
    await wire.until(() => /\r\n\r\nHTTP\/1.1 200 /.test(wire.said));
    const over = await site.wire();
    over.send(
      head("POST", first.path, {
        Expect: "100-continue",
        "Content-Length": "5000000",
      }),
    );
    await over.ended();
    expect(over.said).toMatch(/HTTP\/1.1 413 /);
    // A bomb stays packed: it is no packet.
    const bomb = gzipSync(Buffer.alloc(100 * MB));
    const second = await site.poller();
    const grown = await grownBy(() =>
      second.post(bomb, { "Content-Encoding": "gzip" }),
    );
    expect(grown).toBeLessThan(8 * MB);
    expect((await second.get()).status).toBe(400);
    const odd = await site.wire();
    odd.send(head("GET", POLLING, { Expect: "anything" }));
    await odd.until(() => odd.status > 0);
    expect(odd.status).toBe(417);
  });
});

test("half-open requests are held for nobody else, and end with their server", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const { path } = await site.poller();
    const grown = await grownBy(async () => {
      for (let i = 0; i < 100; i++)
        for (const part of [
          "G",
          "GET /socket.io/?EIO=4",
          upgradeHead(STREAM).slice(0, -2),
          head("POST", `${path}x`, { "Content-Length": "999999" }),
        ])
          (await site.wire()).send(part);
    });
    expect(grown).toBeLessThan(48 * MB);
    // One byte at a time is a request as well.
    const slow = await site.wire();
    slow.socket.setNoDelay(true);
    for (const char of head("GET", POLLING)) {
      slow.send(char);
      await new Promise(setImmediate);
    }
    await slow.until(() => slow.status === 200);
  });
  // Node's own limits stand: 60 s for a head, 300 s for a request.
  expect(site.http.headersTimeout).toBeGreaterThan(0);
  expect(site.http.requestTimeout).toBeGreaterThan(0);
});

test("a POST that never ends is cut off when its session does", async () => {
  const site = await Site.open({ pingInterval: 150, pingTimeout: 150 });
  await site.undisturbed(async () => {
    const { path } = await site.poller();
    const wire = await site.wire();
    wire.send(head("POST", path, { "Content-Length": "1000" }), "4");
    await wire.ended();
    expect(wire.status).toBe(0);
  });
  expect(site.left).toEqual(["ping timeout"]);
});

test("pipelined requests are answered in their order, and a second poll ends the session", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const many = await site.wire();
    many.send(head("GET", POLLING).repeat(200));
    await many.until(() => many.said.split('0{"sid"').length === 201);
    const { path } = await site.poller();
    const two = await site.wire();
    two.send(head("GET", path).repeat(2), upgradeHead(STREAM));
    await two.ended();
    expect((await site.ask(path)).status).toBe(400);
  });
});

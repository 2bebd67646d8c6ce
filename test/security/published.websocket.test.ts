/** Published vulnerabilities of WebSocket frames and handshakes, each by its id. */
import { expect, test } from "vitest";
import { grownBy, MB, Site, STREAM } from "./site.js";
import { frame, OPCODE, text, upgradeHead } from "./wire.js";

const ENGINES = [
  ["our frames", {}],
  ["ws", { perMessageDeflate: true }],
] as const;

test.each(ENGINES)(
  "CVE-2021-32640: Sec-WebSocket-Protocol of any form costs no time (%s)",
  async (_, options) => {
    const site = await Site.open(options);
    await site.undisturbed(async () => {
      for (const value of [
        `a${" ".repeat(15_000)}b`,
        `${"a, ".repeat(5000)}`,
        `${",".repeat(15_000)}`,
        `a${"\t ".repeat(7000)},`,
      ]) {
        const wire = await site.wire();
        wire.send(upgradeHead(STREAM, { "Sec-WebSocket-Protocol": value }));
        expect((await wire.ended()).status).toBe(400);
      }
    });
  },
);

const BAD_FRAMES: [string, Buffer][] = [
  ["without a mask", frame(OPCODE.text, "40", { masked: false })],
  ["with reserved bits", frame(OPCODE.text, "40", { rsv: 7 })],
  ["of an unknown opcode", frame(3, "40")],
  ["of an unknown control opcode", frame(11)],
  ["that continues nothing", frame(OPCODE.continuation, "40")],
  ["ping in fragments", frame(OPCODE.ping, "", { fin: false })],
  ["ping of 126 bytes", frame(OPCODE.ping, "x".repeat(126))],
  ["close of one byte", frame(OPCODE.close, "x")],
  ["close with the code 1005", frame(OPCODE.close, Buffer.from([3, 237]))],
  ["of invalid UTF-8", frame(OPCODE.text, Buffer.from([0xc3, 0x28]))],
  [
    "of 2^63 bytes",
    Buffer.from([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]),
  ],
  ["over the limit", frame(OPCODE.text, "", { length: 1_000_001 })],
];

test.each(ENGINES)(
  "CVE-2022-21676: a bad frame at any moment ends that connection only (%s)",
  async (_, options) => {
    const site = await Site.open(options);
    await site.undisturbed(async () => {
      for (const [name, bytes] of BAD_FRAMES) {
        const fresh = await site.wire();
        // Together with the request, before anything is answered.
        fresh.send(Buffer.concat([Buffer.from(upgradeHead(STREAM)), bytes]));
        const joined = await site.joined();
        joined.send(bytes);
        const poller = await site.poller();
        const probing = await site.wire();
        probing.send(upgradeHead(`${STREAM}&sid=${poller.sid}`));
        await probing.until(() => probing.status === 101);
        probing.send(bytes);
        for (const wire of [fresh, joined, probing]) {
          await wire.ended();
          expect([name, wire.closeCode]).toEqual([
            name,
            expect.toSatisfy((code) =>
              [1002, 1005, 1007, 1009].includes(Number(code)),
            ),
          ]);
        }
        const probed = await site.wire();
        probed.send(upgradeHead(`${STREAM}&sid=${poller.sid}`));
        await probed.until(() => probed.status === 101);
        probed.send(text("2probe"));
        await probed.hears(/^3probe$/);
        probed.send(bytes);
        await probed.ended();
        // The session itself stays where it was.
        await poller.post('42["echo",1]');
        expect((await poller.get()).body).toBe('42["echo",1]');
        await poller.post("1");
      }
    });
    await expect.poll(() => site.count).toBe(1);
  },
);

test("CVE-2026-45736: nothing that was not written is sent", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const wire = await site.joined();
    const lone = "\ud800x\udc00";
    wire.send(text(`42["echo",${JSON.stringify(lone)}]`));
    await wire.hears(/echo/);
    wire.send(text('42["echo","\\ud800"]'));
    // A ping announced longer than it is, and cut.
    wire.send(frame(OPCODE.ping, "12345"));
    await wire.until(() =>
      wire.frames.some(({ opcode }) => opcode === OPCODE.pong),
    );
    wire.send(frame(OPCODE.close, Buffer.from([3, 232, 0x62, 0x79, 0x65])));
    await wire.ended();
    const frames = wire.frames
      .slice(2)
      .map(({ payload }) => payload.toString());
    expect(frames[0]).toBe('42["echo","\\ud800x\\udc00"]');
    expect(frames[1]).toBe('42["echo","\\ud800"]');
    expect(frames[2]).toBe("12345");
    expect(wire.closeCode).toBe(1000);
    expect(wire.frames.at(-1)?.payload.length).toBe(2);
  });
});

test("CVE-2026-48779: a message in tiny fragments is ended before it costs memory", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const wires = await Promise.all(
      Array.from({ length: 10 }, () => site.joined()),
    );
    const tiny = frame(OPCODE.continuation, "x", { fin: false });
    const many = Buffer.concat([
      frame(OPCODE.text, "4", { fin: false }),
      ...Array.from({ length: 15_000 }, () => tiny),
    ]);
    const grown = await grownBy(async () => {
      for (const wire of wires) wire.send(many);
      // What is behind the fragments is answered, so they have been read.
      for (const wire of wires) wire.send(frame(OPCODE.ping, "!"));
      for (const wire of wires)
        await wire.until(() =>
          wire.frames.some(({ opcode }) => opcode === OPCODE.pong),
        );
    });
    expect(grown).toBeLessThan(16 * MB);
    for (const wire of wires) wire.send(tiny, many.subarray(7));
    for (const wire of wires) expect((await wire.ended()).closeCode).toBe(1008);
  });
});

test("CVE-2026-48779: a POST in chunks of a byte costs its bytes", async () => {
  // Without the bound on their number, which would end it sooner.
  const site = await Site.open({ maxBufferedChunks: Infinity });
  await site.undisturbed(async () => {
    const { path } = await site.poller();
    const wire = await site.wire();
    const chunks = Buffer.from("1\r\nx\r\n".repeat(300_000));
    const received = new Promise<void>((resolve) => {
      site.http.on("request", (request) => {
        let size = 0;
        request.on("data", (chunk: Buffer) => {
          if ((size += chunk.length) === 300_000) resolve();
        });
      });
    });
    const grown = await grownBy(async () => {
      wire.send(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      wire.send(chunks);
      await received;
    });
    expect(grown).toBeLessThan(16 * MB);
    wire.send("0\r\n\r\n");
    await wire.until(() => wire.status === 200);
  });
  // What was in it was no packet.
  expect(site.left).toEqual(["parse error"]);
});

test("CVE-2026-48779: a POST in more chunks than maxBufferedChunks is cut off", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const { path } = await site.poller();
    const wire = await site.wire();
    wire.send(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    wire.send(Buffer.from("1\r\nx\r\n".repeat(300_000)));
    await wire.until(() => wire.status === 413);
  });
  expect(site.left).toEqual(["transport error"]);
});

test("deflate bombs are measured unpacked", async () => {
  const { deflateRawSync, constants } = await import("node:zlib");
  const site = await Site.open({ perMessageDeflate: true });
  await site.undisturbed(async () => {
    const packed = deflateRawSync(Buffer.alloc(100 * MB), {
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    const bomb = frame(OPCODE.text, packed, { rsv: 4 });
    const wires = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const wire = await site.wire();
        wire.send(
          upgradeHead(STREAM, {
            "Sec-WebSocket-Extensions": "permessage-deflate",
          }),
        );
        return wire.until(() => wire.status === 101);
      }),
    );
    expect(wires[0].said).toMatch(/permessage-deflate/);
    const grown = await grownBy(async () => {
      for (const wire of wires) wire.send(bomb);
      for (const wire of wires) await wire.ended();
    });
    expect(grown).toBeLessThan(32 * MB);
    expect(wires.map(({ closeCode }) => closeCode)).toEqual(
      wires.map(() => 1009),
    );
  });
  await expect.poll(() => site.count).toBe(1);
});

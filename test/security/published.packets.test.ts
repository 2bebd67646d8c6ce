/** Published vulnerabilities of the packet grammar, each by its id. */
import { expect, test } from "vitest";
import { grownBy, MB, OLD_STREAM, Site, STREAM } from "./site.js";
import { frame, OPCODE, text, type Wire } from "./wire.js";

const GENERATIONS = [STREAM, OLD_STREAM];
const hasEcho = /^42\["echo",/;

async function joinedAndSent(
  site: Site,
  path: string,
  ...packets: (string | Uint8Array)[]
): Promise<Wire> {
  const wire = await site.joined(path);
  for (const packet of packets)
    wire.send(
      typeof packet === "string" ? text(packet) : frame(OPCODE.binary, packet),
    );
  return wire;
}

test("CVE-2020-36049: a large packet costs no more than its length", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    for (const path of GENERATIONS) {
      for (const packet of [
        `42${"9".repeat(900_000)}`,
        `42/${"a".repeat(900_000)}`,
        `45${"1".repeat(900_000)}-["echo"]`,
        `42["echo","${"\\u0041".repeat(150_000)}`,
      ])
        expect(
          (await (await joinedAndSent(site, path, packet)).ended()).status,
        ).toBe(101);
    }
    const poller = await site.poller();
    await poller.post(`42["echo","${"x".repeat(990_000)}"]`);
    expect((await poller.get()).body.length).toBeGreaterThan(990_000);
    await poller.post("6\x1e".repeat(499_999) + "6");
    await poller.post("\x1e".repeat(900_000));
  });
  expect(site.left.at(-1)).toBe("parse error");
});

/** Each of these ends the connection: as a text packet, and what attachments follow. */
const CONFUSED: [string, ...Uint8Array[]][] = [
  ["42[{}]"],
  ["42[[]]"],
  ["42[null]"],
  ["42[true,1]"],
  ["42[]"],
  ["42"],
  ["42{}"],
  ['42{"0":"echo","length":1}'],
  ['42"echo"'],
  ["43"],
  ["431{}"],
  ["43[]"],
  ['42["connect"]'],
  ['42["disconnect"]'],
  ['42["disconnecting"]'],
  ['42["newListener",{}]'],
  ['42["removeListener",{}]'],
  ["45"],
  ["45-["],
  ["450-[]"],
  ["45-1-[]"],
  ["451.5-[]"],
  ["451e1-[]"],
  ['451-[{"_placeholder":true,"num":0}]', new Uint8Array(1)],
  ['451-["echo",{"_placeholder":true,"num":"splice"}]', new Uint8Array(1)],
  ['451-["echo",{"_placeholder":true,"num":"length"}]', new Uint8Array(1)],
  ['451-["echo",{"_placeholder":true,"num":1}]', new Uint8Array(1)],
  ['451-["echo",{"_placeholder":true,"num":-1}]', new Uint8Array(1)],
  ['451-["echo",{"_placeholder":true,"num":0.5}]', new Uint8Array(1)],
  ['451-["echo",{"_placeholder":true}]', new Uint8Array(1)],
  [
    '451-["echo",{"_placeholder":true,"num":{"__proto__":0}}]',
    new Uint8Array(1),
  ],
  [
    '451-["echo",{"_placeholder":true,"num":0}]',
    "42[]" as unknown as Uint8Array,
  ],
  ["47[]"],
  ["4/"],
  ["4"],
  ["44{}"],
  ["7"],
  ["x"],
  [""],
];

test.each(GENERATIONS)(
  "CVE-2022-2421, CVE-2023-32695: fields of another type end the connection (%s)",
  async (path) => {
    const site = await Site.open();
    await site.undisturbed(async () => {
      for (const [packet, ...attachments] of CONFUSED) {
        const wire = await joinedAndSent(
          site,
          path,
          packet,
          ...attachments.map((bytes) =>
            typeof bytes === "string"
              ? bytes
              : path === OLD_STREAM
                ? Buffer.from([4, ...bytes])
                : bytes,
          ),
        );
        await wire.ended();
        expect([packet, wire.closeCode]).toEqual([packet, expect.any(Number)]);
        expect(wire.messages.filter((said) => hasEcho.test(said))).toEqual([]);
      }
    });
    await expect.poll(() => site.count).toBe(1);
    expect(site.handlerErrors).toEqual([]);
    expect({}).not.toHaveProperty("polluted");
  },
);

test("CVE-2022-2421, CVE-2023-32695: names of Object.prototype are plain data", async () => {
  const site = await Site.open();
  const heard: unknown[][] = [];
  site.io.on("connection", (socket) =>
    socket.onAny((...args: unknown[]) => heard.push(args)),
  );
  await site.undisturbed(async () => {
    const wire = await joinedAndSent(
      site,
      STREAM,
      '42["__proto__",{"__proto__":{"polluted":1}}]',
      '42["constructor",{"constructor":{"prototype":{"polluted":1}}}]',
      '42["hasOwnProperty"]',
      '42["toString","valueOf"]',
      '42["",{}]',
      '451-["blob",{"__proto__":{"_placeholder":true,"num":0}}]',
      Buffer.from("x"),
      '42["echo","end"]',
    );
    await wire.hears(hasEcho);
    expect(wire.closed).toBe(false);
  });
  expect(heard.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      "__proto__",
      "constructor",
      "hasOwnProperty",
      "",
      "blob",
    ]),
  );
  expect({}).not.toHaveProperty("polluted");
  expect(site.handlerErrors).toEqual([]);
});

test("CVE-2024-38355: an `error` of the client's reaches no emitter", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    for (const path of GENERATIONS) {
      const wire = await joinedAndSent(
        site,
        path,
        '42["error",{"message":"mine"}]',
        '421["error"]',
        '42["echo",1]',
      );
      await wire.hears(hasEcho);
    }
  });
  expect(site.handlerErrors).toEqual([]);
});

test("CVE-2026-33151: attachments are counted before they are waited for", async () => {
  const site = await Site.open({ maxAttachments: 3 });
  await site.undisturbed(async () => {
    for (const count of ["4", "11", "1000000000", "9".repeat(400)]) {
      const wire = await joinedAndSent(site, STREAM, `45${count}-["echo"]`);
      await wire.ended();
    }
    const wire = await joinedAndSent(
      site,
      STREAM,
      '453-["echo"]',
      Buffer.of(1),
      Buffer.of(2),
      Buffer.of(3),
    );
    await wire.hears(hasEcho);
  });
  // On the way out nothing is sent that the peer would hang up for.
  expect(() =>
    site.io.emit("news", ...Array.from({ length: 4 }, () => Buffer.of(1))),
  ).toThrow(RangeError);
  await site.undisturbed(() => {});
});

test("CVE-2026-69185: attachments announced and never sent hold next to nothing, and time out", async () => {
  const site = await Site.open({ pingInterval: 100, pingTimeout: 1900 });
  await site.undisturbed(async () => {
    const wires: Wire[] = [];
    const grown = await grownBy(async () => {
      for (let i = 0; i < 200; i++) {
        const wire = await site.joined();
        // It answers every ping, and still has to come up with the attachments.
        wire.socket.on("data", () => wire.send(text("3")));
        wires.push(wire.send(text("3"), text('4510-["echo"]')));
      }
    });
    expect(grown).toBeLessThan(32 * MB);
    for (const wire of wires) await wire.ended();
  });
  expect(new Set(site.left)).toEqual(new Set(["forced close"]));
});

test("GHSA-cgwc-pv48-fhj5: pongs out of turn start no heartbeat", async () => {
  const site = await Site.open({ pingInterval: 200, pingTimeout: 2000 });
  await site.undisturbed(async () => {
    const wire = await joinedAndSent(
      site,
      STREAM,
      ...Array.from({ length: 2000 }, () => "3"),
    );
    const pings = () => wire.messages.filter((said) => said === "2").length;
    const started = performance.now();
    for (let beat = 1; beat <= 4; beat++) {
      await wire.until(() => pings() >= beat);
      wire.send(text("3"), text("3"), text("3"));
    }
    // One heartbeat makes at most one ping for each interval that has passed.
    expect(pings()).toBeLessThanOrEqual(
      (performance.now() - started) / 200 + 1,
    );
  });
});

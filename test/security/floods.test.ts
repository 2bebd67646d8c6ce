/** Clients that ask for more than `limits` allows: what they get, and what the application hears. */
import { once } from "node:events";
import { connect } from "socket.io-client";
import { expect, test } from "vitest";
import type { Server, ServerOptions, Socket } from "../../src/index.js";
import type { LimitReport } from "../../src/server/limits.js";
import { POLLING, Site, STREAM } from "./site.js";
import { text, upgradeHead } from "./wire.js";

async function siteWith(
  limits: ServerOptions["limits"],
  prepare?: (io: Server) => void,
): Promise<[Site, LimitReport[]]> {
  const site = await Site.open({ ...(limits && { limits }) }, prepare);
  const reports: LimitReport[] = [];
  site.io.engine.on("limit", (report: LimitReport) => reports.push(report));
  return [site, reports];
}

test("events above the rate do not reach the listeners; who asked for an answer is told", async () => {
  const heard: unknown[] = [];
  const [site, reports] = await siteWith(
    { eventsPerSecond: { rate: 0.001, burst: 10 } },
    (io) => {
      io.on("connection", (socket: Socket) =>
        socket.on("flood", (data: unknown) => heard.push(data)),
      );
    },
  );
  const wire = await site.joined();
  wire.send(
    ...Array.from({ length: 1000 }, (_, i) => text(`42["flood",${i}]`)),
  );
  wire.send(text('425["echo","x"]'));
  expect(await wire.hears(/^435/)).toBe(
    '435[{"error":"too many events: 0.001 a second at most, 10 at once"}]',
  );
  expect(heard).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(site.io.engine.counters.limited.eventsPerSecond).toBe(991);
  expect(reports).toHaveLength(1);
  expect(reports[0]).toMatchObject({
    limit: "eventsPerSecond",
    max: 0.001,
    address: "127.0.0.1",
    namespace: "/",
  });
  const other = await site.joined();
  other.send(text('421["echo","y"]'));
  expect(await other.hears(/^43/)).toBe('431["y"]');
});

test("an official client gets the refusal as its answer", async () => {
  const [site] = await siteWith({ eventsPerSecond: { rate: 0.001, burst: 1 } });
  const client = connect(`http://127.0.0.1:${site.port}`, {
    reconnection: false,
    forceNew: true,
  });
  expect(await client.emitWithAck("echo", 1)).toBe(1);
  expect(await client.emitWithAck("echo", 2)).toEqual({
    error: expect.stringMatching(/^too many events/) as string,
  });
  client.disconnect();
});

test("a client is refused namespaces above the limit, and ended if it goes on", async () => {
  const [site, reports] = await siteWith({ namespaces: 3 }, (io) => {
    io.of(/^\/n\d+$/);
  });
  await site.undisturbed(async () => {
    const wire = await site.joined();
    for (let i = 0; i < 3; i++) wire.send(text(`40/n${i},`));
    expect(await wire.hears(/^44/)).toBe(
      '44/n2,{"message":"a connection may join 3 namespaces at most"}',
    );
    wire.send(...Array.from({ length: 10 }, (_, i) => text(`40/n${i + 3},`)));
    await wire.ended();
  });
  expect(reports[0]).toMatchObject({ limit: "namespaces", namespace: "/n2" });
});

test("a socket cannot be put into more rooms than the limit", async () => {
  const [site, reports] = await siteWith({ roomsPerSocket: 2 }, (io) => {
    io.on("connection", (socket: Socket) =>
      socket.on("join", (room: string, answer: () => void) => {
        void socket.join(room);
        answer();
      }),
    );
  });
  const arrived = once(site.io, "connection") as Promise<[Socket]>;
  const wire = await site.joined();
  const [socket] = await arrived;
  for (const room of ["a", "b", "a", "c"])
    wire.send(text(`421["join","${room}"]`));
  await expect.poll(() => site.handlerErrors.length).toBe(1);
  expect(String(site.handlerErrors[0])).toMatch(
    /RangeError: a socket may be in 2 rooms at most/,
  );
  expect([...socket.rooms].sort()).toEqual([socket.id, "a", "b"].sort());
  expect(reports).toMatchObject([
    { limit: "roomsPerSocket", max: 2, socketId: socket.id },
  ]);
  site.io.socketsJoin("d");
  expect(site.handlerErrors).toHaveLength(2);
  void socket.leave("a");
  site.io.socketsJoin("d");
  expect(socket.rooms.has("d")).toBe(true);
});

test("a client that never answers is asked no more than the limit", async () => {
  const [site, reports] = await siteWith({ pendingAcks: 5 });
  const arrived = once(site.io, "connection") as Promise<[Socket]>;
  const wire = await site.joined();
  const [socket] = await arrived;
  for (let i = 0; i < 5; i++) socket.emit("ask", () => {});
  expect(() => socket.emit("ask", () => {})).toThrow(
    /owes 5 answers already \(limits\.pendingAcks\)/,
  );
  await expect(socket.emitWithAck("ask")).rejects.toThrow(RangeError);
  await expect(
    site.io.timeout(10_000).emitWithAck("ask"),
  ).rejects.toMatchObject({ responses: [] });
  expect(reports.map(({ limit }) => limit)).toEqual([
    "pendingAcks",
    "pendingAcks",
    "pendingAcks",
  ]);
  const id = /^42(\d+)\["ask"\]/.exec(await wire.hears(/"ask"/))?.[1] ?? "";
  wire.send(text(`43${id}[]`));
  await expect.poll(() => socket.acks.size).toBe(4);
  expect(socket.emit("ask", () => {})).toBe(true);
});

test("an address has so many connections, whatever it says of itself", async () => {
  const [site, reports] = await siteWith({ connectionsPerAddress: 5 });
  const held = [
    ...(await Promise.all(Array.from({ length: 3 }, () => site.joined()))),
  ];
  const poller = await site.poller();
  const last = await site.joined();
  const headers = { "X-Forwarded-For": "203.0.113.7" };
  const { status, body } = await site.ask(POLLING, { headers });
  expect([status, JSON.parse(body)]).toEqual([
    403,
    {
      code: 4,
      message: "too many connections from your address: 5 at most",
    },
  ]);
  const refused = await site.wire();
  refused.send(upgradeHead(STREAM, headers));
  await refused.until(() => refused.status !== 0);
  expect(refused.status).toBe(403);
  expect(reports).toHaveLength(2);
  expect(reports[0]).toEqual({
    limit: "connectionsPerAddress",
    max: 5,
    address: "127.0.0.1",
  });
  expect(site.refused).toEqual([4, 4]);
  await poller.post("1");
  last.socket.destroy();
  held[0]?.socket.destroy();
  await expect.poll(() => site.count).toBe(2);
  await site.joined();
});

test("handshakes that go nowhere make room for others, the oldest first", async () => {
  const [site, reports] = await siteWith({ halfOpen: 10 });
  await site.undisturbed(async () => {
    const joined = await site.joined();
    const first = await site.stream();
    const half = [await site.poller(POLLING, false)];
    for (let i = 0; i < 30; i++) half.push(await site.poller(POLLING, false));
    await first.ended();
    expect(first.closeCode).toBe(1008);
    // Whoever goes on at once is not among those who wait.
    await site.joined();
    expect(joined.closed).toBe(false);
    expect(site.count).toBeLessThanOrEqual(3 + 10);
    expect((await half[0]?.get())?.status).toBe(400);
  });
  const { halfOpen } = site.io.engine.counters.limited;
  expect(halfOpen).toBeGreaterThanOrEqual(22);
  expect(reports).toHaveLength(halfOpen);
});

test("clients of 0.9 that are greeted and never come are counted as half open", async () => {
  const site = await Site.open({ generations: "all", limits: { halfOpen: 4 } });
  for (let i = 0; i < 20; i++)
    expect((await site.ask("/socket.io/1/")).status).toBe(200);
  expect(site.count).toBe(4);
});

test("who sends more than a handler in order can do fills no memory, and is told", async () => {
  const begun: unknown[] = [];
  let finish = () => {};
  const site = await Site.open(
    { handlersInOrder: true, limits: { waitingEvents: 10 } },
    (io) => {
      io.handle("work", (_socket, n) => {
        begun.push(n);
        return n === 0
          ? new Promise<void>((resolve) => (finish = resolve))
          : undefined;
      });
    },
  );
  const reports: LimitReport[] = [];
  site.io.engine.on("limit", (report: LimitReport) => reports.push(report));
  const wire = await site.joined();
  wire.send(...Array.from({ length: 1000 }, (_, i) => text(`42["work",${i}]`)));
  wire.send(text('425["work","asks"]'));
  expect(await wire.hears(/^435/)).toBe(
    '435[{"error":"too many events: 10 wait for their turn already"}]',
  );
  expect(begun).toEqual([0]);
  expect(site.io.engine.counters.limited.waitingEvents).toBe(990);
  expect(reports).toMatchObject([{ limit: "waitingEvents", max: 10 }]);
  finish();
  await expect.poll(() => begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  wire.send(text('426["work","later"]'));
  expect(await wire.hears(/^436/)).toBe("436[]");
});

/** Attacks that no advisory names, each of which the reference gives in to. */
import { expect, test } from "vitest";
import { grownBy, MB, OLD_STREAM, POLLING, Site, STREAM } from "./site.js";
import { frame, OPCODE, text, upgradeHead } from "./wire.js";

test("CONNECT flood: one socket, and the connection ends, however long the middleware takes", async () => {
  let entered = 0;
  let passed = 0;
  const site = await Site.open({}, (io) => {
    io.of("/slow").use((_socket, next) => {
      entered++;
      setTimeout(next, 50);
    });
    io.of("/slow").on("connection", () => passed++);
  });
  await site.undisturbed(async () => {
    for (const path of [STREAM, OLD_STREAM]) {
      const wire = await site.stream(path);
      wire.send(Buffer.concat(Array(1000).fill(text("40/slow,"))));
      await wire.ended();
    }
    const { body } = await site.ask(POLLING);
    const path = `${POLLING}&sid=${/"sid":"([^"]+)"/.exec(body)?.[1]}`;
    const flood = Array(1000).fill("40/slow,").join("\x1e");
    await site.ask(path, { method: "POST", body: flood });
    expect((await site.ask(path)).body).toBe("6\x1e1");
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
  expect(entered).toBe(3);
  expect(passed).toBe(0);
  expect(site.io.of("/slow")._preConnectSockets.size).toBe(0);
  expect(site.count).toBe(1);
});

test("20,000 dynamic namespaces: a connection may be in so many, and asks for more once too often", async () => {
  const site = await Site.open({ maxNamespaces: 100 }, (io) => {
    io.of(/^\/room-\d+$/);
  });
  await site.undisturbed(async () => {
    const wire = await site.joined();
    for (let n = 0; n < 20_000; n++) wire.send(text(`40/room-${n},`));
    await wire.ended();
    const joined = wire.messages.filter((said) => said.startsWith("40/room-"));
    expect(joined.length).toBe(99);
    expect(wire.messages.filter((said) => said.startsWith("44")).length).toBe(
      100,
    );
  });
  expect(site.io._nsps.size).toBeLessThanOrEqual(102);
});

test("20,000 dynamic namespaces, joined and left one after the other", async () => {
  const site = await Site.open({ maxNamespaces: 100 }, (io) => {
    io.of(/^\/room-\d+$/);
  });
  await site.undisturbed(async () => {
    const wire = await site.joined();
    for (let n = 0; n < 20_000; n++)
      wire.send(text(`40/room-${n},`)).send(text(`41/room-${n},`));
    await wire.ended();
  });
  expect(site.io._nsps.size).toBeLessThanOrEqual(102);
});

test("names of dynamic namespaces have an end", async () => {
  const site = await Site.open({}, (io) => {
    io.of(/^\/room-/);
  });
  await site.undisturbed(async () => {
    const wire = await site.joined();
    wire.send(text(`40/room-${"x".repeat(100_000)},`));
    await wire.hears(/^44/);
  });
  expect(site.io._nsps.size).toBe(1);
});

test("recovery: a pid and offset are good for one connection", async () => {
  const site = await Site.open({ connectionStateRecovery: {} });
  await site.undisturbed(async () => {
    const first = await site.stream();
    first.send(text("40"));
    const { sid, pid, offset } = JSON.parse(
      (await first.hears(/^40/)).slice(2),
    ) as Record<string, string>;
    first.socket.destroy();
    await expect.poll(() => site.left.length).toBe(1);
    const claim = text(`40${JSON.stringify({ pid, offset })}`);
    const wires = await Promise.all([1, 2, 3].map(() => site.stream()));
    for (const wire of wires) wire.send(claim);
    const ids = await Promise.all(
      wires.map(
        async (wire) =>
          (JSON.parse((await wire.hears(/^40/)).slice(2)) as { sid: string })
            .sid,
      ),
    );
    expect(ids.filter((id) => id === sid).length).toBe(1);
    expect(new Set(ids).size).toBe(3);
    for (const wire of wires) {
      wire.send(text('42["echo",1]'));
      await wire.hears(/echo/);
    }
    // Nor is anything given for a pid that is no text, or nobody's.
    for (const auth of [
      { pid: "x", offset: "~0" },
      { pid: "__proto__", offset: "__proto__" },
      { pid: {}, offset: [] },
      { pid, offset: "~".repeat(100_000) },
    ]) {
      const wire = await site.stream();
      wire.send(text(`40${JSON.stringify(auth)}`));
      expect(await wire.hears(/^40/)).not.toContain(sid);
      wire.send(frame(OPCODE.close));
    }
  });
});

test.each(["EIO=4", "EIO=3"])(
  "heartbeats go on after an upgrade, whenever it lands (%s)",
  async (eio) => {
    const site = await Site.open({ pingInterval: 200, pingTimeout: 200 });
    await site.undisturbed(async () => {
      for (const wait of [0, 150, 300]) {
        const polling = `/socket.io/?${eio}&transport=polling`;
        const { sid, get } = await (async () => {
          const poller = await site.poller(polling, false);
          return { sid: poller.sid, get: () => poller.get() };
        })();
        void get().catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, wait));
        const wire = await site.wire();
        wire.send(
          upgradeHead(`/socket.io/?${eio}&transport=websocket&sid=${sid}`),
        );
        await wire.until(() => wire.status === 101);
        wire.send(text("2probe"));
        await wire.hears(/^3probe$/);
        wire.send(text("5"));
        // From now on it is silent.
        await wire.ended();
      }
    });
    await expect.poll(() => site.closed.length).toBe(3);
    expect(new Set(site.closed)).toEqual(new Set(["ping timeout"]));
    expect(site.count).toBe(1);
  },
);

test("413: the session of a body above the limit is over", async () => {
  const site = await Site.open({ maxHttpBufferSize: 1000 });
  await site.undisturbed(async () => {
    const poller = await site.poller();
    const held = poller.get();
    const answer = await poller.post(`4${"x".repeat(1000)}`);
    expect(answer.status).toBe(413);
    expect((await held).body).toMatch(/^(1|6)?$/);
    expect((await poller.get()).status).toBe(400);
    expect((await poller.post("3")).status).toBe(400);
  });
  expect(site.left).toEqual(["transport error"]);
  expect(site.count).toBe(1);
});

test("a flood of pings by a client that never reads is answered once", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const poller = await site.poller("/socket.io/?EIO=3&transport=polling");
    await poller.get();
    const grown = await grownBy(async () => {
      const pings = "1:2".repeat(300_000);
      for (let i = 0; i < 5; i++)
        expect((await poller.post(pings)).status).toBe(200);
    });
    expect(grown).toBeLessThan(16 * MB);
    expect((await poller.get()).body).toBe("1:3");
  });
});

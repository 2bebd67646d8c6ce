/** Who may do what: secrets stay secret, and there is no side door. */
import { expect, test } from "vitest";
import {
  OLD_POLLING,
  OLD_STREAM,
  POLLING,
  Site,
  STREAM,
  type Answer,
} from "./site.js";
import { head, text, upgradeHead } from "./wire.js";

const SECRET = "p4ssw0rd";

/** Asks for a session by each transport of each generation: the statuses. */
async function knock(
  site: Site,
  headers: Record<string, string> = {},
): Promise<number[]> {
  const statuses: number[] = [];
  for (const path of [POLLING, OLD_POLLING]) {
    const wire = await site.wire();
    wire.send(head("GET", path, { Connection: "close", ...headers }));
    statuses.push((await wire.ended()).status);
  }
  for (const path of [STREAM, OLD_STREAM]) {
    const wire = await site.wire();
    wire.send(upgradeHead(path, headers));
    await wire.until(() => wire.status > 0);
    statuses.push(wire.status);
    wire.socket.destroy();
  }
  return statuses;
}

const IN = [200, 200, 101, 101];
const OUT = (status: number) => Array<number>(4).fill(status);

test("a session id is never the public id, and never told to others (EIO=4)", async () => {
  const site = await Site.open({}, (io) => {
    io.of("/other");
    io.on("connection", (socket) => {
      io.emit("came", socket.id, socket.rooms.size);
      socket.on("disconnect", () => io.emit("left", socket.id));
    });
  });
  await site.undisturbed(async () => {
    const witness = await site.joined();
    const own = /"sid":"([^"]+)"/.exec(witness.messages[0])?.[1] ?? "";
    for (let i = 0; i < 5; i++) {
      const wire = await site.joined();
      wire.send(text("40/other,"));
      await wire.hears(/^40\/other/);
      const poller = await site.poller();
      await poller.post("1");
      wire.socket.destroy();
    }
    const secrets = Object.keys(site.io.engine.clients);
    expect(secrets).toContain(own);
    await expect.poll(() => site.left.length).toBe(10);
    const [, ...said] = witness.messages;
    for (const secret of secrets) expect(said.join()).not.toContain(secret);
    for (const nsp of ["/", "/other"])
      for (const { id } of await site.io.of(nsp).fetchSockets())
        expect(secrets).not.toContain(id);
  });
});

test("a packet reaches the sockets of its namespace only", async () => {
  const heard: string[] = [];
  const site = await Site.open({}, (io) => {
    for (const nsp of ["/a", "/b"])
      io.of(nsp).on("connection", (socket) =>
        socket.on("say", (word: string) => {
          heard.push(nsp + word);
          io.of(nsp).emit("said", word);
          io.of(nsp).to("room").emit("roomed", word);
        }),
      );
    io.of("/b").on("connection", (socket) => void socket.join("room"));
  });
  await site.undisturbed(async () => {
    for (const path of [STREAM, OLD_STREAM]) {
      const a = await site.joined(path);
      a.send(text("40/a,"));
      await a.hears(/^40\/a/);
      const b = await site.joined(path);
      b.send(text("40/b,"));
      await b.hears(/^40\/b/);
      a.send(text('42/a,["say","from a"]'));
      await a.hears(/said/);
      b.send(text('42["echo",1]'));
      await b.hears(/echo/);
      expect(b.messages.join()).not.toContain("from a");
      // A namespace that it has not joined costs the connection.
      a.send(text('42/b,["say","intruder"]'));
      await a.ended();
      expect(b.messages.join()).not.toContain("intruder");
    }
  });
  expect(heard).toEqual(["/afrom a", "/afrom a"]);
});

test("allowRequest holds on every transport and generation", async () => {
  const site = await Site.open({
    allowRequest: (request, decide) => {
      const { url, headers } = request;
      decide(null, url?.includes("good") === true || headers["x-key"] === "1");
    },
  });
  await site.undisturbed(async () => {
    expect(await knock(site)).toEqual(OUT(403));
    expect(await knock(site, { "X-Key": "1" })).toEqual(IN);
  });
});

test.each([
  [
    "throws",
    () => {
      throw new Error(SECRET);
    },
  ],
  ["rejects", () => Promise.reject(new Error(SECRET))],
])("an allowRequest that %s refuses, and tells nothing", async (_, fail) => {
  const site = await Site.open({
    allowRequest: (request, decide) => {
      if (request.url?.includes("good")) return decide(null, true);
      return fail() as unknown as void;
    },
  });
  await site.undisturbed(async () => {
    expect(await knock(site)).toEqual(OUT(403));
    expect((await site.ask(POLLING)).body).not.toContain(SECRET);
  });
});

test("an allowRequest that never answers keeps nobody who has left", async () => {
  let asked = 0;
  const site = await Site.open({
    allowRequest: (request, decide) => {
      if (request.url?.includes("good")) decide(null, true);
      else asked++;
    },
  });
  await site.undisturbed(async () => {
    const wires = [];
    for (let i = 0; i < 50; i++) {
      const wire = await site.wire();
      wires.push(wire.send(i % 2 ? head("GET", POLLING) : upgradeHead(STREAM)));
    }
    await expect.poll(() => asked).toBe(50);
    for (const wire of wires) wire.socket.destroy();
    await expect
      .poll(
        () =>
          new Promise((resolve) =>
            site.http.getConnections((_error, count) => resolve(count)),
          ),
      )
      .toBe(1);
  });
});

test.each([
  ["next(error)", undefined],
  [
    "throwing",
    () => {
      throw new Error(SECRET);
    },
  ],
  ["rejecting", () => Promise.reject(new Error(SECRET))],
])(
  "engine middlewares refuse by %s on every transport and generation",
  async (_, fail) => {
    const site = await Site.open({}, (io) => {
      io.engine.use((request, _response, next) => {
        if (request.url?.includes("good")) return next();
        if (fail === undefined) next(new Error(SECRET));
        else return fail() as unknown as void;
      });
    });
    await site.undisturbed(async () => {
      expect(await knock(site)).toEqual(OUT(400));
      expect((await site.ask(POLLING)).body).toBe(
        '{"code":3,"message":"Bad request"}',
      );
    });
  },
);

test("CORS and enforceOrigin say the same on every transport and generation", async () => {
  const site = await Site.open({
    enforceOrigin: true,
    cors: { origin: ["http://friend.example", /\.friends\.example$/] },
  });
  await site.undisturbed(async () => {
    for (const origin of ["http://friend.example", "https://a.friends.example"])
      expect(await knock(site, { Origin: origin })).toEqual(IN);
    expect(await knock(site, { Origin: "http://localhost" })).toEqual(IN);
    for (const origin of [
      "http://foe.example",
      "http://friend.example.foe.example",
      "https://friend.example",
      "http://localhost.foe.example",
      "http://localhost:1",
      "http://localhost@foe.example",
      "null",
      "localhost",
      "file://",
      "//localhost",
    ])
      expect([origin, await knock(site, { Origin: origin })]).toEqual([
        origin,
        OUT(403),
      ]);
    // Nor is a session that is open usable from elsewhere.
    const { path } = await site.poller();
    const headers = { Origin: "http://foe.example" };
    expect((await site.ask(path, { headers })).status).toBe(403);
    const post = { method: "POST", headers, body: "1" };
    expect((await site.ask(path, post)).status).toBe(403);
  });
});

test("generations that are not let in are so by no transport", async () => {
  const site = await Site.open({ allowEIO3: false });
  await site.undisturbed(async () => {
    expect(await knock(site)).toEqual([200, 400, 101, 400]);
    const { sid } = await site.poller();
    // Nor by joining the session of another.
    for (const path of [OLD_POLLING, OLD_STREAM])
      expect((await site.ask(`${path}&sid=${sid}`)).status).toBe(400);
  });
});

test("served files are a fixed list", async () => {
  const site = await Site.open();
  const served: [string, Answer][] = [];
  await site.undisturbed(async () => {
    for (const name of [
      "../package.json",
      "..%2fpackage.json",
      "%2e%2e/%2e%2e/package.json",
      "....//package.json",
      "..\\package.json",
      "/etc/passwd",
      "socket.io.js/../../package.json",
      "socket.io.js%00.map",
      "socket.io.js.map.map",
      "socket.io.jsx",
      "xsocket.io.js",
      "socket.io.min.js%0a",
      "SOCKET.IO.JS",
      "omnio.d.ts",
      "index.js",
      "__proto__",
      ".",
      "",
    ])
      served.push([name, await site.ask(`/socket.io/${name}`)]);
    expect((await site.ask("/socket.io/socket.io.js")).status).toBe(200);
    expect((await site.ask("/socket.io/omnio.min.js?x=../y")).status).toBe(200);
  });
  for (const [name, { status }] of served)
    expect([name, status]).toEqual([name, 400]);
});

test("answers to errors show neither payloads nor secrets, and nothing is printed", async () => {
  const printed: unknown[] = [];
  const { log, warn, error } = console;
  console.log =
    console.warn =
    console.error =
      (...args: unknown[]) => printed.push(...args);
  try {
    const site = await Site.open();
    await site.undisturbed(async () => {
      const cookie = { Cookie: `session=${SECRET}`, Authorization: SECRET };
      const answers = [
        await site.ask(`${POLLING}&sid=${SECRET}`, { headers: cookie }),
        await site.ask(`/socket.io/?EIO=4&transport=${SECRET}`),
        await site.ask(`/socket.io/${SECRET}?token=${SECRET}`),
        await site.ask(POLLING, { method: "POST", body: SECRET }),
        await site.ask(STREAM, { headers: cookie }),
      ];
      for (const packet of [`4${SECRET}`, `42["${SECRET}"`, `0${SECRET}`]) {
        const poller = await site.poller();
        answers.push(await poller.post(packet), await poller.get());
      }
      for (const path of [
        `${STREAM}&sid=${SECRET}`,
        `${POLLING}&x=${SECRET}`,
      ]) {
        const wire = await site.wire();
        wire.send(upgradeHead(path, { "Sec-WebSocket-Protocol": SECRET }));
        expect((await wire.ended()).said).not.toContain(SECRET);
      }
      for (const { body, headers } of answers)
        expect(JSON.stringify([body, headers])).not.toContain(SECRET);
      const wire = await site.joined();
      wire.send(text(`42["echo","${SECRET}"`));
      expect((await wire.ended()).said).not.toContain(SECRET);
    });
  } finally {
    Object.assign(console, { log, warn, error });
  }
  expect(printed.map(String).join()).not.toContain(SECRET);
});

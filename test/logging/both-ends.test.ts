/** What both ends write down: problems of connections with what to look at, and no secrets. */
import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { Client } from "../../src/client/index.js";
import { Server } from "../../src/index.js";
import { failure, QUICK } from "../client/managed/support.js";
import {
  afterTest,
  connect,
  cut,
  listen,
  next,
  old,
  own,
  reference,
} from "../client/support.js";

/** A logger, and a promise for the first line that matches. */
function notes() {
  const lines: string[] = [];
  const awaited: [RegExp, (line: string) => void][] = [];
  const write = (level: string) => (message: string) => {
    const line = `${level} ${message}`;
    lines.push(line);
    for (const [pattern, found] of awaited) if (pattern.test(line)) found(line);
  };
  return {
    lines,
    logger: {
      debug: write("debug"),
      info: write("info"),
      warn: write("warn"),
      error: write("error"),
    },
    line: (pattern: RegExp) =>
      new Promise<string>((resolve) => {
        const there = lines.find((one) => pattern.test(one));
        if (there) resolve(there);
        else awaited.push([pattern, resolve]);
      }),
  };
}

/** Both logs of a client and of a server. */
function logging() {
  const { logger, ...rest } = notes();
  return { ...rest, options: { logger, engineLogger: logger } };
}

/** The sessions of a server, by their ids. */
function sessions({ engine }: { engine: unknown }): Record<string, unknown> {
  return Reflect.get(engine as object, "clients") as Record<string, unknown>;
}

function client(options: object) {
  const made = new Client({ ...QUICK, ...options });
  afterTest(() => made.shutdown());
  return made;
}

async function plainServer(
  answer: (url: string) => [status: number, body: string],
): Promise<string> {
  const http = createServer((request, response) => {
    const [status, body] = answer(request.url ?? "");
    response.writeHead(status).end(body);
  });
  return `http://localhost:${await listen(http)}`;
}

describe("the whole story", () => {
  it("of a connection, on both ends, without payloads and secrets", async () => {
    const { options: server, ...atServer } = logging();
    const { options, ...atClient } = logging();
    const { io, url, http } = await own(server as object);
    io.of("/chat").on("connection", (socket) => {
      socket.emit("welcome", "PAYLOAD");
    });
    const c = client(options);
    await c.connect(`${url}?token=SECRET`, {
      namespaces: ["/", "/chat"],
      auth: { password: "SECRET" },
      headers: { authorization: "SECRET" },
    });
    await c.call("echo", "PAYLOAD");
    await atServer.line(/info .*session \S{4}… changed to websocket/);
    const sids = [...c.namespaces.values(), ...Object.keys(sessions(io))];
    cut(http);
    await atClient.line(/client connection closed: transport/);
    await atServer.line(/disconnected: transport/);
    await atClient.line(/attempt 1 to connect follows in \d+ ms/);
    const told = [...atClient.lines, ...atServer.lines].join("\n");
    for (const expected of [
      /info omnio:client:engine connecting to http:\/\/localhost:\d+ \(path \/socket.io\)/,
      /info omnio:client:engine open over polling \(session \S{4}…, upgrades websocket/,
      /info omnio:client:engine changed to websocket/,
      /info omnio:client namespace \/chat connected/,
      /debug omnio:client event "welcome" received on \/chat/,
      /debug omnio:client emitting "echo" on \//,
      /info omnio:server:engine session \S{4}… opened over polling \(protocol 4\) from/,
      /info omnio:server socket \S{4}… on \/chat connected over/,
      /debug omnio:server socket \S{4}… on \/ received "echo"/,
      /debug omnio:server socket \S{4}… on \/chat was sent "welcome"/,
    ])
      expect(told).toMatch(expected);
    expect(told).not.toMatch(/PAYLOAD|SECRET/);
    expect(sids.length).toBeGreaterThan(2);
    for (const sid of sids) expect(told).not.toContain(sid);
  });

  it("is not written unless it is asked for", async () => {
    const { io } = await own();
    expect(io.listenerCount("connection")).toBe(1);
    expect(io.engine.listenerCount("connection_error")).toBe(0);
  });

  it("is written for io(), too", async () => {
    const { options, ...atClient } = logging();
    const { url } = await own();
    const socket = connect(url, options);
    await next(socket, "connect");
    expect(atClient.lines.join("\n")).toMatch(
      /info omnio:client namespace \/ connected/,
    );
    expect(atClient.lines.join("\n")).toMatch(/info omnio:client:engine open/);
  });
});

describe("the client says what to look at", () => {
  it.each<[string, () => Promise<string>, object, RegExp]>([
    [
      "nobody listens",
      () => Promise.resolve("http://localhost:1"),
      {},
      /nothing listens there/,
    ],
    [
      "no such host",
      () => Promise.resolve("http://nowhere.invalid"),
      {},
      /no such host|could not be looked up/,
    ],
    [
      "the wrong path",
      () => plainServer(() => [404, "Not found"]),
      { path: "/realtime" },
      /HTTP status 404: nothing is served there; is the server's `path` really \/realtime/,
    ],
    [
      "another server",
      () => plainServer(() => [200, "<html>"]),
      {},
      /what answers there is no Socket.IO server, or its `path` is not \/socket.io/,
    ],
    [
      "a proxy without its server",
      () => plainServer(() => [502, "Bad gateway"]),
      {},
      /a proxy answered in place of the server/,
    ],
    [
      "a proxy that passes on no upgrades",
      () => plainServer(() => [400, "Bad request"]),
      { transports: ["websocket"] },
      /`Upgrade` and `Connection`/,
    ],
    [
      "a server that lets nobody in",
      async () =>
        (await reference({ allowRequest: (_r, done) => done(null, false) }))
          .url,
      {},
      /does not let us in \(code 4\); look at its `allowRequest`/,
    ],
    [
      "a transport that is not served",
      async () => (await own({ transports: ["websocket"] })).url,
      { transports: ["polling"] },
      /does not let this transport in \(code 0\)/,
    ],
  ])("%s", async (_, serve, options, expected) => {
    const { logger, lines } = notes();
    const error = await failure(
      client({ logger }).connect(await serve(), options),
    );
    expect(error.message).toMatch(expected);
    expect(lines.filter((line) => expected.test(line))).toHaveLength(1);
    expect(lines[0]).toMatch(/^warn omnio:client could not connect to http/);
  });

  it("a generation that is not served", async () => {
    const { url } = await own({ allowEIO3: false });
    const c = client({ protocol: "2.x" });
    expect((await failure(c.connect(url))).message).toMatch(
      /does not serve this generation of the protocol \(code 5\); look at its `generations`/,
    );
  });

  it("a session that another server has", async () => {
    const { logger, line } = notes();
    const { url, io } = await own();
    const c = client({ logger });
    await c.connect(url, { transports: ["polling"] });
    // As if the next request had come to another server.
    for (const id of Object.keys(sessions(io)))
      Reflect.deleteProperty(sessions(io), id);
    c.emit("echo", 1, () => undefined);
    expect(await line(/sticky sessions/)).toMatch(
      /does not know the session \(code 1\)/,
    );
  });

  it("an upgrade that did not come through", async () => {
    const { options, line } = logging();
    const { url, http } = await own();
    http.removeAllListeners("upgrade");
    const c = client(options);
    await c.connect(url, { transports: ["polling", "websocket"] });
    expect(await line(/stays on polling/)).toMatch(
      /the upgrade failed .* headers Upgrade and Connection\?/,
    );
  });

  it("a namespace that there is not", async () => {
    const { options, line } = logging();
    const { url } = await old("sio3");
    const c = client(options);
    await failure(c.connect(url, { namespaces: "/nowhere" }));
    expect(await line(/refused namespace/)).toMatch(
      /the server refused namespace \/nowhere: Invalid namespace/,
    );
  });
});

describe("the server says what to look at", () => {
  async function serve(given: object = {}) {
    const { logger, ...rest } = notes();
    const { url } = await own({ logger, ...given } as object);
    return { ...rest, at: `${url}/socket.io/` };
  }

  it.each<[string, string, RegExp]>([
    [
      "?EIO=4&transport=polling&sid=unknown",
      "GET",
      /session unkn… is not of this server.*sticky sessions/,
    ],
    ["?EIO=4&transport=smoke", "GET", /the transport "smoke" is not among/],
    [
      "?EIO=4&transport=polling",
      "POST",
      /it came by "POST", and a handshake is a GET/,
    ],
    [
      "?EIO=4&transport=websocket",
      "GET",
      /may not pass on the headers Upgrade and Connection/,
    ],
  ])("%s", async (query, method, expected) => {
    const { at, lines } = await serve();
    await fetch(at + query, { method });
    expect(lines).toEqual([expect.stringMatching(expected)]);
    expect(lines[0]).toMatch(/^warn omnio:server refused a request/);
  });

  it("generations that are not let in", async () => {
    const { at, lines } = await serve({ allowEIO3: false });
    await fetch(`${at}?EIO=3&transport=polling`);
    expect(lines).toEqual([
      expect.stringMatching(/speaks revision "3".*generations and allowEIO3/),
    ]);
  });

  it("pages of other origins, once each, unless they are allowed", async () => {
    const headers = { origin: "https://example.com" };
    const closed = await serve();
    for (let i = 0; i < 2; i++)
      await fetch(`${closed.at}?EIO=4&transport=polling`, { headers });
    expect(closed.lines.filter((line) => line.includes("cors"))).toEqual([
      expect.stringMatching(/a page of https:\/\/example.com.*cors: \{ origin/),
    ]);
    const open = await serve({ cors: { origin: "https://example.com" } });
    await fetch(`${open.at}?EIO=4&transport=polling`, { headers });
    expect(open.lines.filter((line) => line.includes("cors"))).toEqual([]);
  });

  it("what is no logger", () => {
    expect(() => new Server({ logger: "yes" as never })).toThrow(
      /the option "logger" must be true, false or a logger/,
    );
  });
});

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import WebSocket from "ws";
import { Site, upgradeRequest } from "./rig.js";

const POLLING = "/socket.io/?EIO=4&transport=polling";
const STREAM = "/socket.io/?EIO=4&transport=websocket";

/** The next messages of a WebSocket: several may come in one tick. */
function messages(socket: WebSocket, count: number): Promise<string[]> {
  const all: string[] = [];
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("message", (data: Buffer) => {
      if (all.push(data.toString()) === count) resolve(all);
    });
  });
}

describe("mounting", () => {
  test("the application keeps its requests", async () => {
    const site = await Site.open();
    expect((await site.get("/")).body).toBe("the application");
    expect((await site.get("/socket.io")).body).toBe("the application");
    expect((await site.get(POLLING)).body).toMatch(/^0{"sid":/);
  });

  test("an upgrade on another path is ended, unless somebody answers it", async () => {
    const site = await Site.open();
    expect(await site.raw(upgradeRequest("/other"))).toBe("");
    site.http.on("upgrade", (request: IncomingMessage, socket) => {
      if (request.url === "/mine") socket.end("HTTP/1.1 418 Mine\r\n\r\n");
    });
    expect(await site.raw(upgradeRequest("/mine"))).toMatch(/418 Mine/);
  });

  test("a socket that fails while nobody answers its upgrade harms nobody", async () => {
    const site = await Site.open();
    const upgrade = once(site.http, "upgrade");
    const socket = await site.tcp();
    socket.write(upgradeRequest("/other"));
    await upgrade;
    socket.resetAndDestroy();
    expect((await site.get(POLLING)).status).toBe(200);
  });
});

describe("middlewares", () => {
  test("see requests and upgrades, and may set headers on both", async () => {
    const site = await Site.open();
    const seen: string[] = [];
    site.engine.use((request, response, next) => {
      seen.push(request.url ?? "");
      response.setHeader("X-Seen", "yes");
      next();
    });
    expect((await site.get(POLLING)).headers["x-seen"]).toBe("yes");
    const socket = new WebSocket(`ws://localhost:${site.port}${STREAM}`);
    const [response] = (await once(socket, "upgrade")) as [IncomingMessage];
    expect(response.headers["x-seen"]).toBe("yes");
    expect(seen).toEqual([POLLING, STREAM]);
    socket.terminate();
  });

  test("that hook the head of the answer are heard on upgrades (express-session)", async () => {
    const site = await Site.open();
    site.engine.use((_request, response, next) => {
      const writeHead = response.writeHead.bind(response);
      response.writeHead = (status: number) => {
        response.setHeader("Set-Cookie", "session=1");
        return writeHead(status);
      };
      next();
    });
    const socket = new WebSocket(`ws://localhost:${site.port}${STREAM}`);
    const [response] = (await once(socket, "upgrade")) as [IncomingMessage];
    expect(response.headers["set-cookie"]).toEqual(["session=1"]);
    socket.terminate();
  });

  test("refuse by failing, by throwing, or with an answer of their own", async () => {
    for (const fail of ["next", "throw"]) {
      const site = await Site.open();
      const errors: unknown[] = [];
      site.engine.on("connection_error", (error) => errors.push(error));
      site.engine.use((_request, _response, next) => {
        if (fail === "throw") throw new Error("no");
        next(new Error("no"));
      });
      const answer = await site.get(POLLING);
      expect(answer).toMatchObject({
        status: 400,
        body: '{"code":3,"message":"Bad request"}',
      });
      expect(await site.raw(upgradeRequest(STREAM))).toMatch(/^HTTP\/1.1 400 /);
      expect(errors).toMatchObject([
        { code: 3, context: { name: "MIDDLEWARE_FAILURE" } },
        { code: 3, context: { name: "MIDDLEWARE_FAILURE" } },
      ]);
    }
    const site = await Site.open();
    site.engine.use((_request, response) => {
      response.statusCode = 401;
      response.end("who are you?");
    });
    expect(await site.get(POLLING)).toMatchObject({
      status: 401,
      body: "who are you?",
    });
    const answer = await site.raw(upgradeRequest(STREAM));
    expect(answer).toMatch(/^HTTP\/1.1 401 Unauthorized\r\n/);
    expect(answer).toMatch(/who are you\?$/);
  });
});

describe("refused handshakes", () => {
  test("allowRequest: 403 with its words, on polling and on WebSocket", async () => {
    const site = await Site.open({
      allowRequest: (_request, decide) => {
        decide("not today", false);
        decide(null, true);
      },
    });
    const body = '{"code":4,"message":"not today"}';
    expect(await site.get(POLLING)).toMatchObject({ status: 403, body });
    const answer = await site.raw(upgradeRequest(STREAM));
    expect(answer).toMatch(/^HTTP\/1.1 403 Forbidden\r\n/);
    expect(answer.endsWith(body)).toBe(true);
    expect(site.engine.clientsCount).toBe(0);
  });

  test("an allowRequest that throws refuses", async () => {
    const site = await Site.open({
      allowRequest: () => {
        throw new Error("secret");
      },
    });
    const answer = await site.get(POLLING);
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain("secret");
  });

  test("an id that cannot be made refuses", async () => {
    const site = await Site.open();
    site.engine.generateId = () => Promise.reject(new Error("no ids"));
    expect((await site.get(POLLING)).status).toBe(400);
    expect(await site.raw(upgradeRequest(STREAM))).toMatch(/^HTTP\/1.1 400 /);
  });

  test("an id that is in use does not take over its session", async () => {
    const site = await Site.open();
    site.engine.generateId = () => "twice";
    expect((await site.get(POLLING)).status).toBe(200);
    const first = site.engine.clients["twice"];
    expect((await site.get(POLLING)).status).toBe(400);
    expect(site.engine.clients["twice"]).toBe(first);
  });

  test("a generation that is not let in is told so, without an upgrade", async () => {
    const site = await Site.open();
    const only4 = new Set([site.engine.dialects[0]]);
    Object.defineProperty(site.engine, "dialects", { value: [...only4] });
    const body = '{"code":5,"message":"Unsupported protocol version"}';
    const path = "/socket.io/?EIO=3&transport=";
    expect(await site.get(`${path}polling`)).toMatchObject({
      status: 400,
      body,
    });
    const answer = await site.raw(upgradeRequest(`${path}websocket`));
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(answer.endsWith(body)).toBe(true);
  });

  test("a bad WebSocket handshake gets its status, and is reported", async () => {
    const site = await Site.open();
    const errors: unknown[] = [];
    site.engine.on("connection_error", (error) => errors.push(error));
    const answer = await site.raw(
      upgradeRequest(STREAM, { "Sec-WebSocket-Version": "7000" }),
    );
    expect(answer).toMatch(/^HTTP\/1.1 426 /);
    expect(errors).toMatchObject([
      { code: 3, context: { name: "TRANSPORT_HANDSHAKE_ERROR" } },
    ]);
    expect(site.engine.clientsCount).toBe(0);
  });
});

describe("enforceOrigin", () => {
  const other = { Origin: "http://elsewhere.example", Host: "localhost" };

  test("refuses another origin on polling and WebSocket alike", async () => {
    const site = await Site.open({ enforceOrigin: true });
    expect((await site.get(POLLING, other)).status).toBe(403);
    expect(await site.raw(upgradeRequest(STREAM, other))).toMatch(/ 403 /);
  });

  test("lets in what cors allows, the own origin, and programs", async () => {
    const site = await Site.open({
      enforceOrigin: true,
      cors: { origin: "http://elsewhere.example" },
    });
    expect((await site.get(POLLING, other)).status).toBe(200);
    const own = { Origin: "http://localhost", Host: "localhost" };
    expect((await site.get(POLLING, own)).status).toBe(200);
    expect((await site.get(POLLING)).status).toBe(200);
    const third = { Origin: "http://third.example", Host: "localhost" };
    expect((await site.get(POLLING, third)).status).toBe(403);
    expect((await site.get(POLLING, { Origin: "null" })).status).toBe(403);
  });
});

describe("headers", () => {
  test("the cookie is set on the polling handshake only", async () => {
    const site = await Site.open({ cookie: { name: "io", httpOnly: true } });
    const { headers, body } = await site.get(POLLING);
    const { sid } = JSON.parse(body.slice(1)) as { sid: string };
    expect(headers["set-cookie"]).toEqual([`io=${sid}; HttpOnly`]);
    const poll = site.get(`${POLLING}&sid=${sid}`);
    await site.get(`${POLLING}&sid=${sid}`, {}, "POST", "40");
    expect((await poll).headers["set-cookie"]).toBeUndefined();
  });

  test("initial_headers and headers reach polling answers and upgrades", async () => {
    const site = await Site.open();
    site.engine.on("initial_headers", (headers: Record<string, string>) => {
      headers["x-first"] = "1";
    });
    site.engine.on("headers", (headers: Record<string, string>) => {
      headers["x-every"] = "1";
    });
    expect((await site.get(POLLING)).headers).toMatchObject({
      "x-first": "1",
      "x-every": "1",
    });
    const answer = site.tcp();
    const socket = await answer;
    socket.write(upgradeRequest(STREAM));
    const [head] = (await once(socket, "data")) as [Buffer];
    expect(head.toString("latin1")).toMatch(/x-first: 1\r\nx-every: 1\r\n/);
  });
});

describe("compression", () => {
  test("of large polling answers, unless the packet says no", async () => {
    const site = await Site.open();
    const accept = { "Accept-Encoding": "gzip" };
    for (const compress of [true, false]) {
      const sid = await site.handshake();
      const poll = site.get(`${POLLING}&sid=${sid}`, accept);
      await once(site.engine, "headers");
      site.engine.clients[sid].send("x".repeat(2000), { compress });
      expect((await poll).headers["content-encoding"]).toBe(
        compress ? "gzip" : undefined,
      );
    }
  });

  test("of WebSocket frames, unless the packet says no", async () => {
    const site = await Site.open({ perMessageDeflate: { threshold: 10 } });
    for (const [compress, ratio] of [
      [true, 0.5],
      [false, 1],
    ] as const) {
      const socket = new WebSocket(`ws://localhost:${site.port}${STREAM}`);
      const [hello] = await messages(socket, 1);
      const { sid } = JSON.parse(hello.slice(1)) as { sid: string };
      const raw = (socket as unknown as { _socket: { bytesRead: number } })
        ._socket;
      const before = raw.bytesRead;
      site.engine.clients[sid].send("x".repeat(10_000), { compress });
      await messages(socket, 1);
      const wire = raw.bytesRead - before;
      if (ratio < 1) expect(wire).toBeLessThan(10_000 * ratio);
      else expect(wire).toBeGreaterThanOrEqual(10_000);
      socket.terminate();
    }
  });

  test("another wsEngine serves as well", async () => {
    const { WebSocketServer } = await import("ws");
    class Counting extends WebSocketServer {
      static made = 0;
      constructor(options: Record<string, unknown>) {
        super(options);
        Counting.made++;
      }
    }
    const site = await Site.open({ wsEngine: Counting });
    expect(Counting.made).toBe(1);
    const socket = new WebSocket(`ws://localhost:${site.port}${STREAM}`);
    await messages(socket, 1);
    const echo = messages(socket, 2);
    socket.send("40");
    socket.send('42["echo"]');
    expect(await echo).toEqual(['40{"sid":"public"}', '42["echo"]']);
    socket.terminate();
  });
});

test("options that change while the server runs hold for what comes", async () => {
  const site = await Site.open();
  site.engine.opts.pingInterval = 20;
  site.engine.opts.pingTimeout = 30;
  const socket = new WebSocket(`ws://localhost:${site.port}${STREAM}`);
  const ended = once(socket, "close");
  expect(await messages(socket, 2)).toEqual([
    expect.stringContaining('"pingInterval":20'),
    "2",
  ]);
  await ended;
  expect(site.closed).toEqual(["ping timeout"]);
  site.engine.opts.maxHttpBufferSize = 10;
  const sid = await site.handshake();
  const post = await site.get(
    `${POLLING}&sid=${sid}`,
    {},
    "POST",
    "40".repeat(9),
  );
  expect(post.status).toBe(413);
});

describe("races", () => {
  test("a client that leaves while the application decides leaves nothing", async () => {
    const undecided: (() => void)[] = [];
    const site = await Site.open({
      allowRequest: (_request, done) => {
        undecided.push(() => done(null, true));
      },
    });
    for (const head of [
      `GET ${POLLING} HTTP/1.1\r\nHost: x\r\n\r\n`,
      upgradeRequest(STREAM),
    ]) {
      const socket = await site.tcp();
      socket.write(head);
      await expect.poll(() => undecided.length).toBe(1);
      const gone = once(site.http, "connection").catch(() => {});
      socket.destroy();
      await site.get("/");
      await gone;
      undecided.pop()?.();
      await expect.poll(() => site.engine.clientsCount).toBe(0);
    }
  });

  test("an upgrade pipelined behind a held poll costs that connection only", async () => {
    const site = await Site.open();
    const sid = await site.handshake();
    const socket = await site.tcp();
    socket.write(
      `GET ${POLLING}&sid=${sid} HTTP/1.1\r\nHost: x\r\n\r\n${upgradeRequest(STREAM)}`,
    );
    await once(socket, "close");
    expect((await site.get(POLLING)).status).toBe(200);
  });
});

test("close() also ends sessions whose last packets nobody fetched", async () => {
  const site = await Site.open();
  const sid = await site.handshake();
  site.engine.clients[sid].close();
  expect(site.engine.clientsCount).toBe(1);
  site.engine.close();
  expect(site.engine.clientsCount).toBe(0);
});

test("once closed it lets nobody in, until the server listens again", async () => {
  const site = await Site.open();
  site.engine.close();
  expect((await site.get(POLLING)).status).toBe(400);
  expect(site.engine.clientsCount).toBe(0);
  site.http.close();
  await once(site.http, "close");
  site.http.listen(0);
  await once(site.http, "listening");
  expect((await site.get(POLLING)).status).toBe(200);
});

test("flush and drain are told to the connection and to the engine", async () => {
  const site = await Site.open();
  const heard: string[] = [];
  for (const event of ["flush", "drain"])
    site.engine.on(event, () => heard.push(event));
  await site.handshake();
  expect(heard).toEqual(["flush", "drain"]);
});

describe("HTTP/2", () => {
  test("a secure server with its HTTP/1 fallback: polling over both, WebSocket over HTTP/1", async () => {
    const { createSecureServer, connect } = await import("node:http2");
    const key = readFileSync(new URL("key.pem", import.meta.url));
    const cert = readFileSync(new URL("cert.pem", import.meta.url));
    const server = createSecureServer({ key, cert, allowHTTP1: true });
    const http = server as unknown as ReturnType<typeof createServer>;
    const site = await Site.open({}, http);
    const origin = `https://localhost:${site.port}`;

    const session = connect(origin, { ca: cert });
    const stream = session.request({ ":path": POLLING });
    let body = "";
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => (body += chunk));
    const [headers] = (await once(stream, "response")) as [
      Record<string, unknown>,
    ];
    await once(stream, "end");
    expect(headers[":status"]).toBe(200);
    expect(body).toMatch(/^0{"sid":/);
    session.close();

    const socket = new WebSocket(`${origin.replace("https", "wss")}${STREAM}`, {
      ca: cert,
    });
    expect((await messages(socket, 1))[0]).toMatch(/^0{"sid":/);
    socket.terminate();
  });
});

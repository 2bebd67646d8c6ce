/**
 * The request of a WebSocket that nobody has looked at is laid aside; whoever
 * asks later must not be able to tell.
 */
import { once } from "node:events";
import { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import type { Connection } from "../../../src/server/connection.js";
import { Site } from "./rig.js";

const HEADERS = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  Cookie: "a=1; b=2",
  "X-Empty": "",
  "X-Latin": "caf\u00e9",
};

/** Opens a WebSocket and gives what the engine announces. */
async function open(
  site: Site,
  more: readonly string[] = [],
): Promise<Connection> {
  const announced = once(site.engine, "connection");
  const socket = await site.tcp();
  const lines = Object.entries(HEADERS).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.write(
    [
      "GET /socket.io/?EIO=4&transport=websocket&token=x%20y HTTP/1.1",
      `Host: 127.0.0.1:${site.port}`,
      ...lines,
      ...more,
      "\r\n",
    ].join("\r\n"),
    "latin1",
  );
  const [connection] = (await announced) as [Connection];
  return connection;
}

/** What an application may read of a request. */
function described(request: Connection["request"]) {
  const { method, url, httpVersion, headers, rawHeaders, _query } = request;
  const { complete, aborted, readableEnded, trailers } = request;
  return {
    ...{ method, url, httpVersion, headers, rawHeaders, _query },
    ...{ complete, aborted, readableEnded, trailers },
    class: request instanceof IncomingMessage,
  };
}

test("what comes back says the same as what was laid aside", async () => {
  const site = await Site.open();
  let original: IncomingMessage | undefined;
  const kept = await Site.open();
  // A second listener is a reason to keep the object.
  kept.http.on("upgrade", (request) => (original = request));
  const restored = (await open(site)).request;
  const seen = (await open(kept)).request;
  expect(seen).toBe(original);
  const same = (port: number) => ["host", `127.0.0.1:${port}`].join();
  const strip = (request: Connection["request"], port: number) =>
    JSON.stringify(described(request)).replaceAll(String(port), same(0));
  expect(strip(restored, site.port)).toBe(strip(seen, kept.port));
  expect(restored.headers["x-latin"]).toBe("caf\u00e9");
  expect(restored._query).toEqual({
    EIO: "4",
    transport: "websocket",
    token: "x y",
  });
});

test("all who ask get the same object", async () => {
  const connection = await open(await Site.open());
  const { request } = connection;
  Object.assign(request, { session: 1 });
  expect(connection.request).toBe(request);
});

test("what a middleware left on it is there", async () => {
  const site = await Site.open();
  site.engine.use((request, _response, next) => {
    Object.assign(request, { session: { user: "ada" } });
    next();
  });
  expect((await open(site)).request).toMatchObject({
    session: { user: "ada" },
  });
});

test("what the application left before us is there", async () => {
  const site = await Site.open();
  site.http.prependOnceListener("upgrade", (request) => {
    Object.assign(request, { session: { user: "ada" } });
  });
  expect((await open(site)).request).toMatchObject({
    session: { user: "ada" },
  });
});

test.each(["initial_headers", "headers"])(
  "the listeners of %s and of the connection see one object",
  async (event) => {
    const site = await Site.open();
    let seen: unknown;
    site.engine.once(event, (_headers: unknown, request: unknown) => {
      seen = request;
    });
    expect((await open(site)).request).toBe(seen);
  },
);

test("generateId and allowRequest see the object that stays", async () => {
  const seen: unknown[] = [];
  const site = await Site.open({
    allowRequest: (request, decide) => {
      seen.push(request);
      decide(null, true);
    },
  });
  site.engine.generateId = (request) => {
    seen.push(request);
    return "mine";
  };
  const { request } = await open(site);
  expect(seen).toEqual([request, request]);
  expect(seen[0]).toBe(request);
});

test("headers that came twice are what Node made of them", async () => {
  const site = await Site.open();
  const { request } = await open(site, ["X-Two: 1", "X-Two: 2"]);
  expect(request.headers["x-two"]).toBe("1, 2");
  expect(request.rawHeaders.filter((word) => word === "X-Two")).toHaveLength(2);
});

/** The order of the search for a server's generation, with answers made up for each address. */
import { describe, expect, it } from "vitest";
import { pack, Search } from "../../src/client/old/search.js";
import { WAYS } from "../../src/client/old/ways.js";
import type { Exchange, Reply } from "../../src/client/polling.js";
import type { TransportOptions } from "../../src/client/transport.js";

const HELLO4 = '0{"sid":"a","upgrades":[],"pingInterval":1,"pingTimeout":1}';
const HELLO3 = `${HELLO4.length}:${HELLO4}`;
const HELLO09 = "abc:60:60:websocket,xhr-polling";
const HELLO06 = "~m~4~m~1234";

type Answer = { status?: number; body: string } | Error;

const ENGINE = /^http:\/\/h\/socket\.io\/\?EIO=4/;
const FIRST = /^http:\/\/h\/socket\.io\/1\/\?/;
const TILDES = /^http:\/\/h\/socket\.io\/xhr-polling\/\/\w+\?/;

/** Requests a new session where each address has one answer; others have a page that is not found. */
async function search(
  answers: readonly (readonly [RegExp, Answer])[],
  given: { EIO?: number; protocol?: string; later?: boolean } = {},
) {
  const { EIO = 4, protocol, later = false } = given;
  const query: Record<string, unknown> = { EIO, transport: "polling" };
  const opts = { base: "://h/socket.io/", query, protocol } as TransportOptions;
  const seeker = new Search({ opts, query }, later);
  const urls: string[] = [];
  const exchange: Exchange = {
    method: "GET",
    headers: {},
    body: undefined,
    signal: new AbortController().signal,
    timeout: 0,
  };
  const ask = (url: string): Promise<Reply> => {
    urls.push(url);
    const [, answer] = answers.find(([pattern]) => pattern.test(url)) ?? [];
    if (answer instanceof Error) return Promise.reject(answer);
    const { status = 200, body } = answer ?? { status: 404, body: "no such" };
    return Promise.resolve({
      status,
      body,
      context: undefined,
    });
  };
  const url = `http://h/socket.io/?EIO=${EIO}&transport=polling`;
  const outcome = await seeker.exchange(url, exchange, ask).then(
    ({ status, body }) => ({ status, text: body }),
    (error: unknown) => error,
  );
  return { outcome, urls, way: seeker.way?.dialect.protocol };
}

const failure = (code?: string) => Object.assign(new Error("broken"), { code });

describe("the search for a generation", () => {
  it.each([HELLO4, HELLO3])("ends with the first answer %s", async (body) => {
    const { outcome, urls, way } = await search([[ENGINE, { body }]]);
    expect(outcome).toEqual({ status: 200, text: body });
    expect(urls).toHaveLength(1);
    expect(way).toBeUndefined();
  });

  it.each<[string, Answer]>([
    ["a page that is not found", { status: 404, body: "Cannot GET" }],
    ["a welcome", { body: "Welcome to socket.io." }],
    ["text in place of a code", { status: 400, body: "bad request" }],
    ["JSON without a code", { status: 400, body: '{"error":1}' }],
    ["a dropped connection", failure("ECONNRESET")],
  ])("goes on after %s", async (_, answer) => {
    const { urls, way } = await search([
      [ENGINE, answer],
      [FIRST, { body: HELLO09 }],
    ]);
    expect(urls).toEqual([
      expect.stringMatching(ENGINE),
      expect.stringMatching(FIRST),
    ]);
    expect(way).toBe(1);
  });

  it("comes to 0.6 last", async () => {
    const { outcome, urls, way } = await search([[TILDES, { body: HELLO06 }]]);
    expect(outcome).toEqual({ status: 200, text: HELLO06 });
    expect(urls).toEqual([
      expect.stringMatching(ENGINE),
      expect.stringMatching(FIRST),
      expect.stringMatching(TILDES),
    ]);
    expect(way).toBe(0);
  });

  it.each([0, 1, 2, 3, 4, 5])("ends with refusal %d", async (code) => {
    const body = JSON.stringify({ code, message: "no" });
    const { outcome, urls } = await search([[ENGINE, { status: 400, body }]]);
    expect(outcome).toEqual({ status: 400, text: body });
    expect(urls).toHaveLength(1);
  });

  it.each(["ECONNREFUSED", "ENOTFOUND", undefined])(
    "ends with an error of the network: %s",
    async (code) => {
      const error = failure(code);
      const { outcome, urls } = await search([[ENGINE, error]]);
      expect(outcome).toBe(error);
      expect(urls).toHaveLength(1);
    },
  );

  it("ends with a refusal of 0.9", async () => {
    const refusal = { status: 403, body: "handshake unauthorized" };
    const { outcome, urls } = await search([[FIRST, refusal]]);
    expect(outcome).toEqual({ status: 403, text: refusal.body });
    expect(urls).toHaveLength(2);
  });

  it("gives the first answer if there is nothing to find", async () => {
    const { outcome, urls } = await search([
      [ENGINE, { body: "Hello, I am a blog." }],
    ]);
    expect(outcome).toEqual({ status: 200, text: "Hello, I am a blog." });
    expect(urls).toHaveLength(3);
  });

  it("tries first what the server spoke last time", async () => {
    const again = await search([[TILDES, { body: HELLO06 }]], { EIO: 0 });
    expect(again.urls).toEqual([expect.stringMatching(TILDES)]);
    const newer = await search([[ENGINE, { body: HELLO4 }]], { EIO: 1 });
    expect(newer.urls).toEqual([
      expect.stringMatching(FIRST),
      expect.stringMatching(ENGINE),
    ]);
    expect(newer.way).toBeUndefined();
  });

  it("tries nothing else if it is pinned", async () => {
    const old = await search([], { EIO: 1, protocol: "0.9" });
    expect(old.urls).toEqual([expect.stringMatching(FIRST)]);
    const current = await search([], { protocol: "4.x" });
    expect(current.urls).toEqual([expect.stringMatching(ENGINE)]);
  });

  it("begins behind Engine.IO if WebSocket has tried that", async () => {
    const { urls } = await search([], { later: true });
    expect(urls).toEqual([expect.stringMatching(FIRST)]);
  });
});

describe("requests to old servers", () => {
  const exchange: Exchange = {
    method: "POST",
    headers: { "content-type": "text/plain" },
    body: "~m~1~m~€",
    signal: new AbortController().signal,
    timeout: 0,
  };

  const way = (protocol: number) => {
    const found = WAYS.get(protocol);
    if (found === undefined) throw new Error("no such way");
    return found;
  };

  it("of 0.6 are forms", () => {
    expect(pack(way(0), exchange)).toMatchObject({
      body: "data=~m~1~m~%E2%82%AC",
      headers: {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      },
    });
  });

  it("of 0.7 to 0.9 are as they are", () => {
    expect(pack(way(1), exchange)).toBe(exchange);
  });
});

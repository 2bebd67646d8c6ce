/** What a server in any runtime answers over HTTP: `programs/server.mjs`, asked by hand. */
import { request, type IncomingHttpHeaders } from "node:http";
import { gunzipSync, inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Program } from "./process.js";

const polling = "/socket.io/?EIO=4&transport=polling";

export function httpSuite(
  running: () => { server: Program; origin: string },
): void {
  const origin = () => running().origin;

  test("middlewares and the application's headers", async () => {
    const { status, headers } = await get(origin() + polling);
    expect(status).toBe(200);
    expect(headers["x-middleware"]).toBe("was here");
    expect(headers["x-initial"]).toBe("hello");
  });

  test("the reference's refusals", async () => {
    for (const [query, body] of [
      ["EIO=4&transport=pigeon", { code: 0, message: "Transport unknown" }],
      [
        "EIO=4&transport=polling&sid=nobody",
        { code: 1, message: "Session ID unknown" },
      ],
    ] as const) {
      const answer = await get(`${origin()}/socket.io/?${query}`);
      expect(answer.status).toBe(400);
      expect(JSON.parse(String(answer.body))).toEqual(body);
    }
  });

  test("origins: allowed, not allowed, and a preflight", async () => {
    const friend = { origin: "https://friend.example" };
    const allowed = await get(origin() + polling, { headers: friend });
    expect(allowed.headers).toMatchObject({
      "access-control-allow-origin": "https://friend.example",
      "access-control-allow-credentials": "true",
      vary: "Origin",
    });
    const stranger = await get(origin() + polling, {
      headers: { origin: "https://stranger.example" },
    });
    expect(stranger.headers).not.toHaveProperty("access-control-allow-origin");
    const preflight = await get(origin() + polling, {
      method: "OPTIONS",
      headers: { ...friend, "access-control-request-method": "POST" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers["access-control-allow-methods"]).toMatch("POST");
  });

  test("large answers are compressed", async () => {
    for (const [encoding, decompress] of [
      ["gzip", gunzipSync],
      ["deflate", inflateSync],
    ] as const) {
      const answer = await longPoll({ "accept-encoding": encoding });
      expect(answer.headers["content-encoding"]).toBe(encoding);
      expect(answer.headers.vary).toMatch("Accept-Encoding");
      expect(String(decompress(answer.body))).toBe(
        `42["said","${"x".repeat(2000)}"]`,
      );
    }
    const plain = await longPoll({});
    expect(plain.headers).not.toHaveProperty("content-encoding");
    expect(plain.body.length).toBeGreaterThan(2000);
  });

  test("htmlfile of 0.9: an answer that is written piece by piece", async () => {
    const [sid] = String((await get(`${origin()}/socket.io/1/`)).body).split(
      ":",
    );
    const url = `${origin()}/socket.io/1/htmlfile/${sid}`;
    const page = await fetch(url);
    const reader = page.body?.pipeThrough(new TextDecoderStream()).getReader();
    let shown = "";
    const until = async (text: string) => {
      while (!shown.includes(text)) {
        const piece = await reader?.read();
        if (piece === undefined || piece.done) throw new Error(shown);
        shown += piece.value;
      }
    };
    await until("<script>_(");
    const say = (word: string) =>
      fetch(url, {
        method: "POST",
        body: `5:::{"name":"say","args":["${word}"]}`,
      });
    await say("first");
    await until("first");
    await say("second");
    await until("second");
    await reader?.cancel();
  });

  test("JSONP", async () => {
    const { body, headers } = await get(
      `${origin()}/socket.io/?EIO=3&transport=polling&j=7`,
    );
    expect(String(body)).toMatch(/^___eio\[7\]\("/);
    expect(headers["content-type"]).toMatch("text/javascript");
  });

  test("the client's files, files of the application, and another application", async () => {
    const bundle = await get(`${origin()}/socket.io/socket.io.min.js`);
    expect(String(bundle.body)).toMatch(/^\/\*! omnio/);
    const page = await get(origin());
    expect(page.headers["content-type"]).toMatch("text/html");
    expect(String(page.body)).toMatch("socket.io.js");
    const { etag = "" } = page.headers;
    const again = await get(origin(), { headers: { "if-none-match": etag } });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    const other = await get(`${origin()}/somewhere`);
    expect(String(other.body)).toBe("other: /somewhere");
  });

  test("a poll that is cut off ends the session", async () => {
    const { sid } = await handshake();
    const url = `${origin()}${polling}&sid=${sid}`;
    const { body } = await get(url);
    const { sid: id } = JSON.parse(String(body).slice(2)) as { sid: string };
    const cut = new AbortController();
    const held = fetch(url, { signal: cut.signal }).catch(() => undefined);
    // Only when the poll is there can the server hear that it is cut off.
    await running().server.line({ polled: sid });
    cut.abort();
    await held;
    const left = await running().server.line({ left: id });
    expect(left["reason"]).toBe("transport error");
  });

  async function handshake() {
    const { body } = await get(origin() + polling);
    const { sid } = JSON.parse(String(body).slice(1)) as { sid: string };
    await post(sid, "40");
    return { sid };
  }

  const post = (sid: string, body: string) =>
    fetch(`${origin()}${polling}&sid=${sid}`, { method: "POST", body });

  async function longPoll(headers: Record<string, string>) {
    const { sid } = await handshake();
    await get(`${origin()}${polling}&sid=${sid}`);
    await post(sid, `42["say","${"x".repeat(2000)}"]`);
    return get(`${origin()}${polling}&sid=${sid}`, { headers });
  }
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Nothing is decompressed or followed. */
function get(
  url: string,
  { method = "GET", headers = {} }: { method?: string; headers?: object } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers: { ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    })
      .on("error", reject)
      .end();
  });
}

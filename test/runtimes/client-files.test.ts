/**
 * The client files as a browser and a cache see them.
 */
import { createServer, request, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import {
  answerWithClientFile,
  isClientFile,
} from "../../src/runtimes/client-files.js";

const server = createServer((incoming, response) => {
  void answerWithClientFile((incoming.url ?? "").slice(1), incoming, response);
});

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

function get(file: string, headers = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    request({ port, path: `/${file}`, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const { statusCode: status, headers } = response;
        resolve({ status, headers, body: Buffer.concat(chunks) });
      });
    })
      .on("error", reject)
      .end();
  });
}

beforeAll(() => new Promise<void>((resolve) => server.listen(0, resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const scripts = [
  ...[".js", ".min.js", ".esm.min.js", ".msgpack.min.js"],
  ...[".all.min.js", ".all.esm.min.js"],
];
const names = ["socket.io", "omnio"].flatMap((name) =>
  scripts.flatMap((script) => [name + script, `${name}${script}.map`]),
);

test.each(names)("%s is served", async (name) => {
  expect(isClientFile(name)).toBe(true);
  const { status, headers, body } = await get(name);
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    "content-type": name.endsWith(".map")
      ? "application/json; charset=utf-8"
      : "application/javascript; charset=utf-8",
    "cache-control": "public, max-age=0",
    etag: `"${packageJson.version}"`,
    vary: "Accept-Encoding",
    "content-length": String(body.length),
  });
  expect(headers).not.toHaveProperty("content-encoding");
  expect(body.length).toBeGreaterThan(300);
});

test.each([
  "",
  "socket.io",
  "socket.io.css",
  "socket.io.esm.js",
  "socket.io.msgpack.js",
  "socket.io.all.js",
  "socket.io.esm.all.min.js",
  "omnio.js.map.map",
  "omnio.min.min.js",
  "package.json",
  "../bundles/omnio.js",
  "x/omnio.js",
  "omnio.js\n",
])("%j is not", (name) => {
  expect(isClientFile(name)).toBe(false);
});

describe("compression", () => {
  test.each([
    ["br", brotliDecompressSync],
    ["gzip", gunzipSync],
    ["deflate", inflateSync],
  ] as const)("%s, if asked for", async (encoding, decompress) => {
    const plain = await get("omnio.min.js");
    // The second answer is the kept one.
    for (let i = 0; i < 2; i++) {
      const { headers, body } = await get("omnio.min.js", {
        "accept-encoding": encoding,
      });
      expect(headers["content-encoding"]).toBe(encoding);
      expect(decompress(body)).toEqual(plain.body);
    }
  });

  test("the asker's preference counts", async () => {
    const { headers } = await get("omnio.js", {
      "accept-encoding": "br;q=0.1, gzip;q=0.9",
    });
    expect(headers["content-encoding"]).toBe("gzip");
  });

  test("none for an encoding that we do not have", async () => {
    const { headers } = await get("omnio.js", { "accept-encoding": "zstd" });
    expect(headers).not.toHaveProperty("content-encoding");
  });
});

describe("revalidation", () => {
  const { version } = packageJson;

  test.each([`"${version}"`, `W/"${version}"`, `"x", W/"${version}"`])(
    "304 for %s",
    async (tag) => {
      const { status, body } = await get("omnio.js", { "if-none-match": tag });
      expect(status).toBe(304);
      expect(body).toHaveLength(0);
    },
  );

  test("200 for another version", async () => {
    const { status } = await get("omnio.js", { "if-none-match": '"0.0.0"' });
    expect(status).toBe(200);
  });
});

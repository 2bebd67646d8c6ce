/** Rows about the client bundles that the server hands out. */
import type { Row } from "./row.js";
import type { Site } from "./site.js";

const serving = { serveClient: true };

/** The versions differ, so of the content only its kind counts. */
const file =
  (name: string, headers: Record<string, string> = {}) =>
  async (site: Site): Promise<unknown> => {
    const answer = await site.ask(`/socket.io/${name}`, { headers });
    const { etag } = answer.headers;
    return {
      status: answer.status,
      type: answer.headers["content-type"],
      caching: answer.headers["cache-control"],
      etag: etag !== undefined && /^"[^"]+"$/.test(etag),
      encoding: answer.headers["content-encoding"],
      origin: answer.headers["access-control-allow-origin"],
      filled: answer.body.length > 1000,
    };
  };

export const CLIENT_FILES: readonly Row[] = [
  ...[
    "socket.io.js",
    "socket.io.min.js",
    "socket.io.esm.min.js",
    "socket.io.msgpack.min.js",
    "socket.io.js.map",
    "socket.io.min.js.map",
    "socket.io.esm.min.js.map",
    "socket.io.msgpack.min.js.map",
    "socket.io.js?v=1",
  ].map((name) => ({ name, options: serving, run: file(name) })),
  ...["gzip", "deflate", "br", "gzip, deflate, br", "identity"].map(
    (encoding) => ({
      name: `Accept-Encoding: ${encoding}`,
      options: serving,
      run: file("socket.io.js", { "Accept-Encoding": encoding }),
    }),
  ),
  {
    name: "caches learn that the encoding was negotiated",
    options: serving,
    run: async (site) =>
      (await site.ask("/socket.io/socket.io.js")).headers["vary"],
    better: "Accept-Encoding",
  },
  {
    name: "not modified",
    options: serving,
    run: async (site) => {
      const { etag = "" } = (await site.ask("/socket.io/socket.io.js")).headers;
      const statuses: number[] = [];
      for (const known of [etag, `W/${etag}`, '"other"'])
        statuses.push(
          (
            await site.ask("/socket.io/socket.io.js", {
              headers: { "If-None-Match": known },
            })
          ).status,
        );
      return statuses;
    },
  },
  {
    name: "to pages of other origins",
    options: { ...serving, cors: { origin: "http://a.example" } },
    run: file("socket.io.js", { Origin: "http://a.example" }),
  },
  { name: "no other file", options: serving, run: file("package.json") },
  {
    name: "no file outside",
    options: serving,
    run: file("../package.json"),
  },
  { name: "switched off", run: file("socket.io.js") },
  {
    name: "below a path of one's own",
    options: { ...serving, path: "/my/path" },
    run: async (site) => [
      (await site.ask("/my/path/socket.io.min.js")).status,
      (await site.ask("/socket.io/socket.io.min.js")).status,
    ],
  },
];

/**
 * The client bundles, given out below the server's path, under our names and
 * under those that pages of socket.io already ask for. Each body is read and
 * compressed once, then kept.
 */
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { brotliCompress, deflate, gzip } from "node:zlib";
import Negotiator from "negotiator";
import { mayRead } from "./deno/permissions.js";

/** The bundles by what is left of a file's name after `omnio` or `socket.io`. */
const SERVED =
  /^(?:omnio|socket\.io)((?:\.esm|\.msgpack|\.all(?:\.esm)?)?\.min\.js|\.js)(\.map)?$/;

const COMPRESSORS: Readonly<Record<string, (body: Buffer) => Promise<Buffer>>> =
  {
    br: promisify<Buffer, Buffer>(brotliCompress),
    gzip: promisify<Buffer, Buffer>(gzip),
    deflate: promisify<Buffer, Buffer>(deflate),
  };

/** Where the bundles can be, seen from a file in dist/, dist/chunks/ or src/runtimes/. */
const PLACES = ["bundles/", "../bundles/", "../../dist/bundles/"];

const bodies = new Map<string, Promise<Buffer>>();
let found: ReturnType<typeof findBundles> | undefined;

/**
 * Whether a server gives out this file.
 *
 * @param name what follows the server's path, such as `socket.io.min.js`
 */
export function isClientFile(name: string): boolean {
  return SERVED.test(name);
}

/**
 * Answers a request for a client file; `304` if the asker has this version.
 *
 * @param name for which `isClientFile` is true
 */
export async function answerWithClientFile(
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const encoding =
    new Negotiator(request).encoding([
      ...Object.keys(COMPRESSORS),
      "identity",
    ]) ?? "identity";
  const file = await load(name.replace(SERVED, "omnio$1$2"), encoding);
  if (typeof file === "string") {
    response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8" });
    response.end(`${file}\n`);
    return;
  }
  const etag = `"${file.version}"`;
  response.setHeader("Cache-Control", "public, max-age=0");
  response.setHeader(
    "Content-Type",
    `application/${name.endsWith(".map") ? "json" : "javascript"}; charset=utf-8`,
  );
  response.setHeader("ETag", etag);
  addVary(response, "Accept-Encoding");
  if (matches(request.headers["if-none-match"], etag)) {
    response.writeHead(304).end();
    return;
  }
  if (encoding !== "identity") response.setHeader("Content-Encoding", encoding);
  response.setHeader("Content-Length", file.body.length);
  response.writeHead(200).end(file.body);
}

/** @returns why there is none, if a bundler left the files behind or they may not be read */
async function load(file: string, encoding: string) {
  const bundles = await (found ??= findBundles());
  if (typeof bundles === "string") return bundles;
  return {
    version: bundles.version,
    body: await body(new URL(file, bundles.folder), encoding),
  };
}

async function findBundles(): Promise<
  { folder: URL; version: string } | string
> {
  if (!mayRead(new URL(".", import.meta.url)))
    return "The server may not read the client files: give Deno the permission --allow-read=node_modules/omnio, or set serveClient to false and serve omnio/dist/bundles/ in another way.";
  for (const place of PLACES) {
    const folder = new URL(place, import.meta.url);
    try {
      const manifest = await readFile(
        new URL("../../package.json", folder),
        "utf8",
      );
      await readFile(new URL("omnio.js", folder));
      const { version } = JSON.parse(manifest) as { version: string };
      return { folder, version };
    } catch {
      // Not this place.
    }
  }
  return "The client files are not beside the server's code; serve omnio/dist/bundles/ in another way.";
}

function body(file: URL, encoding: string): Promise<Buffer> {
  const key = `${encoding} ${file.href}`;
  let known = bodies.get(key);
  if (known === undefined) {
    const compress = COMPRESSORS[encoding];
    known = compress ? body(file, "identity").then(compress) : readFile(file);
    bodies.set(key, known);
  }
  return known;
}

/** RFC 9110 section 13.1.2: a list of tags, compared weakly. */
function matches(condition: string | undefined, etag: string): boolean {
  return (condition ?? "")
    .split(",")
    .some((tag) => tag.trim().replace(/^W\//, "") === etag);
}

/** CORS may have set `Vary` already. */
function addVary(response: ServerResponse, field: string): void {
  const before = response.getHeader("Vary");
  response.setHeader("Vary", before ? `${String(before)}, ${field}` : field);
}

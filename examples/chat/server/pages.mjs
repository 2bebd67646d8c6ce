/**
 * The files of the page, read once at the start, so that no request ever
 * reaches the file system. Their headers keep everything from elsewhere out.
 */
import { readdirSync, readFileSync } from "node:fs";

const TYPES = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

const SECURITY = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** @type {Map<string, { type: string, body: Buffer }>} */
const pages = new Map();
const folder = new URL("../public/", import.meta.url);
for (const name of readdirSync(folder)) {
  const type =
    TYPES[/** @type {keyof typeof TYPES} */ (name.split(".").at(-1))];
  const body = readFileSync(new URL(name, folder));
  if (type) pages.set(name === "index.html" ? "/" : `/${name}`, { type, body });
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
export function servePage(request, response) {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const page = pages.get(path);
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { ...SECURITY, allow: "GET, HEAD" }).end();
  } else if (!page) {
    response
      .writeHead(404, { ...SECURITY, "content-type": "text/plain" })
      .end("Not found\n");
  } else {
    response.writeHead(200, {
      ...SECURITY,
      "content-type": page.type,
      "content-length": page.body.length,
      "cache-control": "no-cache",
    });
    response.end(request.method === "HEAD" ? undefined : page.body);
  }
}

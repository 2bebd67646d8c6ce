/**
 * The files of the page: a fixed list, read once, sent with headers that keep
 * everything from elsewhere out.
 */
import { readFileSync } from "node:fs";

const TYPES = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

const FILES = [
  "index.html",
  "icon.svg",
  ...["base", "layout", "messages", "dialogs"].map((name) => `${name}.css`),
  ...[
    "app",
    "banner",
    "composer",
    "connection",
    "dom",
    "files",
    "format",
    "identity",
  ],
  ...[
    "message",
    "model",
    "outbox",
    "panels",
    "people",
    "rooms",
    "rules",
    "snippets",
  ],
  ...["theme", "timeline", "welcome"],
].map((name) => (name.includes(".") ? name : `${name}.js`));

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
for (const name of FILES) {
  const ending = /** @type {keyof typeof TYPES} */ (name.split(".").at(-1));
  const body = readFileSync(new URL(`../public/${name}`, import.meta.url));
  pages.set(name === "index.html" ? "/" : `/${name}`, {
    type: TYPES[ending],
    body,
  });
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

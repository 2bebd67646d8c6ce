/**
 * Servers of Engine.IO 3 answer polls with bytes where an event has bytes. Our
 * bundles hear text and bytes from them in one connection, without WebSocket.
 */
import { createServer, type Server as HttpServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { io as connect } from "../../src/client/browser.js";
import { launch } from "./chromium.js";
import { open, type Host } from "./host.js";

declare const io: typeof connect;

interface OldServer {
  on(event: "connection", listener: (socket: OldSocket) => void): void;
  close(): void;
}

interface OldSocket {
  on(event: string, listener: (...args: unknown[]) => void): void;
  emit(event: string, ...args: unknown[]): void;
}

const require = createRequire(import.meta.url);

let browser: Browser;
let host: Host;

beforeAll(async () => {
  [browser, host] = await Promise.all([launch(), open()]);
});

afterAll(async () => {
  await browser.close();
  await host.close();
});

function mirror(name: string, http: HttpServer): OldServer {
  const serve = require(name) as (http: HttpServer) => OldServer;
  const server = serve(http);
  server.on("connection", (socket) =>
    socket.on("mirror", (...args) => socket.emit("mirrored", ...args)),
  );
  return server;
}

const CASES = ["sio2", "sio1"].flatMap((server) =>
  (["omnio", "omnio.min"] as const).map((bundle) => [bundle, server] as const),
);

test.each(CASES)("%s, at a server of %s", async (bundle, name) => {
  const http = createServer();
  const server = mirror(name, http);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const page = await browser.newPage();
  const types = new Set<string>();
  page.on("response", (response) => {
    const type = response.headers()["content-type"];
    if (type && response.url().includes(`:${port}/`)) types.add(type);
  });
  try {
    await page.goto(`${host.origin}/${bundle}`);
    await page.waitForFunction("window.ready");
    const heard = await page.evaluate(
      (url) =>
        new Promise<unknown[]>((resolve, reject) => {
          const socket = io(url, { transports: ["polling"] });
          const all: unknown[] = [];
          socket.on("connect_error", reject);
          socket.on("mirrored", (text: string, bytes?: ArrayBuffer) => {
            all.push(text, bytes && [...new Uint8Array(bytes)]);
            if (all.length < 6) return;
            socket.disconnect();
            resolve(all);
          });
          socket.emit("mirror", "aé€😀");
          socket.emit("mirror", "€", new Uint8Array([0, 30, 128, 255]));
          socket.emit("mirror", "after");
        }),
      `http://127.0.0.1:${port}`,
    );
    expect(heard).toEqual([
      ...["aé€😀", undefined],
      ...["€", [0, 30, 128, 255]],
      ...["after", undefined],
    ]);
    expect([...types]).toContain("application/octet-stream");
    expect([...types].some((type) => type.startsWith("text/"))).toBe(true);
  } finally {
    await page.close();
    server.close();
    http.closeAllConnections();
    http.close();
  }
});

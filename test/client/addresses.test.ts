/** Every form of address, with the reference beside it: both reach the same path, namespace and query. */
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { io as reference } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client, io, Manager, SimpleClient } from "../../src/client/index.js";
import { parseAddress } from "../../src/client/url.js";
import { Server } from "../../src/index.js";

const http = createServer();
const server = new Server(http, { path: "/own-path" });
const usual = new Server(http);
const foreign = new Server(http, { path: "/p%C3%BC/sub" });
let port: number;

beforeAll(async () => {
  for (const one of [server, usual, foreign])
    for (const nsp of ["/", "/chat", "/chat/", "/a/b", "/ü"])
      one.of(nsp).on("connection", (socket) => {
        const { t, EIO, transport, ...query } = socket.handshake.query;
        socket.emit("reached", {
          nsp,
          query,
          path: socket.handshake.url.split("?")[0],
          secure: socket.handshake.secure,
          known: [t, EIO, transport].filter(Boolean).length > 1,
        });
      });
  await once(http.listen(0), "listening");
  ({ port } = http.address() as AddressInfo);
});

afterAll(async () => {
  await server.close();
  await usual.close();
  await foreign.close();
});

type Lookup = typeof reference;

async function reached(
  lookup: Lookup,
  uri: string,
  options: object = {},
): Promise<unknown> {
  const socket = lookup(uri, {
    forceNew: true,
    reconnection: false,
    ...options,
  });
  try {
    return await new Promise((resolve, reject) => {
      socket.on("reached", resolve);
      socket.on("connect_error", reject);
    });
  } finally {
    socket.disconnect();
  }
}

const forms: [form: string, options?: object][] = [
  ["http://127.0.0.1:PORT"],
  ["http://127.0.0.1:PORT/"],
  ["http://127.0.0.1:PORT/chat"],
  ["http://127.0.0.1:PORT/chat/"],
  ["http://127.0.0.1:PORT/a/b?x=1&y=%C3%BC"],
  ["http://127.0.0.1:PORT/chat?token=a%26b"],
  ["http://127.0.0.1:PORT/?x=1", { query: { y: 2 } }],
  ["http://127.0.0.1:PORT", { query: { y: "ü", z: "" } }],
  ["http://name:secret@127.0.0.1:PORT/chat"],
  ["http://[::1]:PORT/chat"],
  ["http://localhost:PORT"],
  ["ws://127.0.0.1:PORT"],
  ["ws://127.0.0.1:PORT/chat?x=1"],
  ["ws://127.0.0.1:PORT", { transports: ["websocket"] }],
  ["ws://127.0.0.1:PORT", { transports: ["polling"] }],
  ["http://127.0.0.1:PORT", { path: "/own-path" }],
  ["http://127.0.0.1:PORT", { path: "/own-path/" }],
  ["ws://127.0.0.1:PORT/chat", { path: "/own-path" }],
  ["http://127.0.0.1:PORT/chat", { path: "/p%C3%BC/sub" }],
  ["http://127.0.0.1:PORT", { path: "/p%C3%BC/sub/" }],
  [
    "http://127.0.0.1:PORT",
    { path: "/p\u00fc/sub", transports: ["websocket"] },
  ],
];

describe("reaches what the reference reaches", () => {
  test.each(forms)("%s %j", async (form, options) => {
    const uri = form.replace("PORT", String(port));
    const theirs = await reached(reference, uri, options);
    expect(await reached(io as unknown as Lookup, uri, options)).toEqual(
      theirs,
    );
  });
});

test("a path beyond ASCII reaches its server by polling, too, where the reference gets a 400", async () => {
  const uri = `http://127.0.0.1:${port}`;
  const options = { path: "/p\u00fc/sub", transports: ["polling"] };
  await expect(reached(reference, uri, options)).rejects.toThrow("xhr poll");
  expect(await reached(io as unknown as Lookup, uri, options)).toMatchObject({
    path: "/p%C3%BC/sub/",
  });
});

/** How the reference reads an address, which it does not export. */
const { url: readByReference } = createRequire(import.meta.url)(
  "../../node_modules/socket.io-client/build/cjs/url.js",
) as {
  url(
    this: void,
    uri: string | object,
    path: string,
    page?: object,
  ): {
    host: string;
    port: string;
    path: string;
    query: string;
    protocol: string;
  };
};

const page = (protocol: string) => ({
  protocol,
  host: "page.org:8443",
  hostname: "page.org",
  port: "8443",
});

describe.each([
  ["in a page of https", page("https:")],
  ["in a page of http", page("http:")],
  ["without a page", undefined],
] as const)("read as the reference reads it, %s", (_, at) => {
  test.each([
    "http://example.org",
    "https://example.org",
    "ws://example.org",
    "wss://example.org",
    "ws://example.org:3000/chat?x=1&y",
    "wss://example.org:443/chat/",
    "http://name:secret@example.org:3000/chat",
    "http://[::1]:3000/chat",
    "http://[2001:db8::1]",
    "ws://[::1]/",
    "http://example.org/chat#part",
    // The reference looks for a host "undefined" where there is no page.
    ...(at
      ? [
          "//example.org/chat",
          "//example.org:3000",
          "example.org",
          "example.org:3000/a/b?x=1",
          "/",
          "/chat",
          "/chat?x=1",
        ]
      : []),
  ])("%s", (uri) => {
    const theirs = readByReference(uri, "/socket.io", at);
    const ours = parseAddress(uri, at);
    expect({
      host: ours.host,
      port: ours.port,
      path: ours.path,
      query: ours.query,
      secure: ours.secure,
    }).toEqual({
      host: theirs.host.replace(/^(.*:.*)$/, "[$1]"),
      port: theirs.port,
      path: theirs.path,
      query: theirs.query,
      secure: theirs.protocol === "https" || theirs.protocol === "wss",
    });
  });
});

describe("ws:// is no TLS", () => {
  test.each(["polling", "websocket"])("%s", async (transport) => {
    const manager = new Manager(`ws://127.0.0.1:${port}`, {
      transports: [transport],
    });
    const socket = manager.socket("/chat");
    await new Promise<void>((resolve) => socket.on("connect", resolve));
    socket.disconnect();
  });

  test("the port that is not named is 80", async () => {
    const manager = new Manager("ws://127.0.0.1/", { reconnection: false });
    const [error] = await new Promise<[Error]>((resolve) =>
      manager.on("error", (...all) => resolve(all)),
    );
    // Whoever listens on port 80 here, it is asked there and not on 443.
    expect(manager.engine?.transport.opts.base).toBe("://127.0.0.1/socket.io/");
    expect(error).toBeInstanceOf(Error);
  });

  test("Client and SimpleClient", async () => {
    for (const client of [new Client(), new SimpleClient()]) {
      await client.connect(`ws://127.0.0.1:${port}`);
      await client.disconnect();
    }
  });
});

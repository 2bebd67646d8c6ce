/**
 * WebSockets of hixie-75 and hixie-76 over real sockets: where the nonce comes
 * in, what is said when, and how connections end.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { connect as connectTls } from "node:tls";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Outgoing } from "../../../src/dialects/outgoing.js";
import { hixieServer, NEW, OLD, Peer } from "./hixie-server.js";

const NONCE = "^n:ds[4U";
const PROOF = "8jKS'y:G*Co,Wxa-";
const KEYS = {
  "Sec-WebSocket-Key1": "4 @1  46546xW%0l 1 5",
  "Sec-WebSocket-Key2": "12998 5 Y3 1  .P00",
};

function request(headers: Record<string, string> = {}): string {
  const all = {
    Host: "example.com",
    Connection: "Upgrade",
    Upgrade: "WebSocket",
    Origin: "http://example.com",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return ["GET /demo?a=b HTTP/1.1", ...lines, "", ""].join("\r\n");
}

const HEAD_75 = [
  "HTTP/1.1 101 Web Socket Protocol Handshake",
  "Upgrade: WebSocket",
  "Connection: Upgrade",
  "WebSocket-Origin: http://example.com",
  "WebSocket-Location: ws://example.com/demo?a=b",
  "",
  "",
].join("\r\n");

const HEAD_76 = HEAD_75.replace("Web Socket", "WebSocket").replaceAll(
  /^WebSocket-/gm,
  "Sec-WebSocket-",
);

const END = "\r\n\r\n";
const hello = "\0hello\xff";
const later = () => new Promise((resolve) => setImmediate(resolve));

describe("the handshake", () => {
  test("of hixie-75 is over with the head of the answer", async () => {
    const server = await hixieServer();
    const peer = await Peer.to(server.port);
    peer.send(request());
    expect(await peer.until(END)).toBe(HEAD_75);
    peer.send(hello);
    expect(await peer.until("\xff")).toBe(hello);
    expect(server.opened).toHaveLength(1);
  });

  test("of hixie-76 with everything at once", async () => {
    const server = await hixieServer();
    const peer = await Peer.to(server.port);
    peer.send(request(KEYS) + NONCE + hello);
    expect(await peer.until(END)).toBe(HEAD_76);
    expect(await peer.bytes(16)).toBe(PROOF);
    expect(await peer.until("\xff")).toBe(hello);
    expect(server.messages).toEqual(["hello"]);
  });

  test("of hixie-76 behind a proxy that holds the nonce back until it has the head", async () => {
    const server = await hixieServer();
    const peer = await Peer.to(server.port);
    peer.send(request(KEYS));
    expect(await peer.until(END)).toBe(HEAD_76);
    expect(server.opened).toEqual([]);
    peer.send(NONCE);
    expect(await peer.bytes(16)).toBe(PROOF);
    expect(server.opened).toHaveLength(1);
  });

  test.each([1, 2, 3, 4, 5, 6, 7])(
    "of hixie-76 with %i bytes of the nonce behind the request",
    async (early) => {
      const server = await hixieServer();
      const peer = await Peer.to(server.port);
      peer.send(request(KEYS) + NONCE.slice(0, early));
      expect(await peer.until(END)).toBe(HEAD_76);
      for (const byte of NONCE.slice(early, -1)) {
        peer.send(byte);
        await later();
      }
      expect(server.opened).toEqual([]);
      // The last of it together with a message.
      peer.send(NONCE.slice(-1) + hello);
      expect(await peer.bytes(16)).toBe(PROOF);
      expect(await peer.until("\xff")).toBe(hello);
    },
  );

  test("with the request in single bytes", async () => {
    const server = await hixieServer();
    const peer = await Peer.to(server.port);
    for (const byte of request(KEYS) + NONCE + hello) {
      peer.send(byte);
      await later();
    }
    expect(await peer.until(END)).toBe(HEAD_76);
    expect(await peer.bytes(16)).toBe(PROOF);
    expect(await peer.until("\xff")).toBe(hello);
  });

  test("lets nothing out before the proof", async () => {
    const server = await hixieServer({
      onOpen: (carrier) => carrier.write([new Outgoing(["1::"])]),
    });
    const peer = await Peer.to(server.port);
    peer.send(request(KEYS) + NONCE.slice(0, 7));
    expect(await peer.until(END)).toBe(HEAD_76);
    peer.send(NONCE.slice(7));
    expect(await peer.bytes(16 + 5)).toBe(`${PROOF}\x001::\xff`);
  });

  test("has the application's headers and every byte of the client's", async () => {
    const server = await hixieServer({ headers: { "X-Seen": "yes" } });
    const peer = await Peer.to(server.port);
    peer.send(request({ ...KEYS, Origin: "http://b\xfccher.example" }) + NONCE);
    const head = await peer.until(END);
    expect(head).toContain(
      "Sec-WebSocket-Origin: http://b\xfccher.example\r\n",
    );
    expect(head).toContain("\r\nX-Seen: yes\r\n");
  });

  test("names the scheme of a TLS server", async () => {
    const server = await hixieServer({
      http: createServer({
        cert: readFileSync("test/runtimes/node/cert.pem"),
        key: readFileSync("test/runtimes/node/key.pem"),
      }),
    });
    const { port } = server;
    const socket = connectTls({ port, rejectUnauthorized: false });
    await once(socket, "secureConnect");
    const peer = new Peer(socket);
    peer.send(request(KEYS) + NONCE);
    expect(await peer.until(END)).toContain(
      "-Location: wss://example.com/demo",
    );
    expect(await peer.bytes(16)).toBe(PROOF);
  });

  test("is ours even where a library serves the other WebSockets", async () => {
    const server = await hixieServer({ perMessageDeflate: true });
    const peer = await Peer.to(server.port);
    peer.send(request(KEYS) + NONCE + hello);
    expect(await peer.until(END)).toBe(HEAD_76);
    expect(await peer.bytes(16 + hello.length)).toBe(PROOF + hello);
  });

  test.each([
    ["a dialect of today", { dialect: NEW }, KEYS],
    ["a dialect of today, without keys", { dialect: NEW }, {}],
    ["a wrong key", {}, { ...KEYS, "Sec-WebSocket-Key1": "12345" }],
    ["a missing key", {}, { "Sec-WebSocket-Key1": "1 2 3" }],
  ])("is refused for %s", async (_, options, headers) => {
    const server = await hixieServer(options);
    const peer = await Peer.to(server.port);
    peer.send(request(headers) + NONCE);
    const answer = await peer.rest();
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).not.toContain("101");
    expect(server.opened).toEqual([undefined]);
  });

  test("of RFC 6455 is as ever where hixie is let in", async () => {
    const server = await hixieServer();
    const peer = await Peer.to(server.port);
    peer.send(
      request({
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      }),
    );
    expect(await peer.until(END)).toContain(
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
    );
  });
});

describe("a client that leaves before its nonce is there", () => {
  test.each(["end", "destroy"] as const)("by %s is a refusal", async (how) => {
    const server = await hixieServer();
    const peer = await Peer.to(server.port);
    peer.send(request(KEYS) + NONCE.slice(0, 7));
    await peer.until(END);
    const change = server.change();
    peer[how]();
    await change;
    expect(server.opened).toEqual([undefined]);
    expect(server.ends).toEqual([]);
  });
});

describe("a nonce that does not come", () => {
  test("is not waited for longer than ten seconds", async () => {
    const server = await hixieServer();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const [slow, quick] = await Promise.all([
      Peer.to(server.port),
      Peer.to(server.port),
    ]);
    slow.send(request(KEYS) + NONCE.slice(0, 7));
    quick.send(request(KEYS) + NONCE);
    expect(await slow.until(END)).toBe(HEAD_76);
    await quick.until(END);
    expect(await quick.bytes(16)).toBe(PROOF);
    vi.advanceTimersByTime(9_999);
    expect(server.opened).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(await slow.rest()).toBe("");
    expect(server.opened).toEqual([expect.anything(), undefined]);
    quick.send(hello);
    expect(await quick.until("\xff")).toBe(hello);
  });
});

describe("the end", () => {
  async function openPeer(options: Parameters<typeof hixieServer>[0] = {}) {
    const server = await hixieServer(options);
    const peer = await Peer.to(server.port);
    peer.send(request(KEYS) + NONCE);
    await peer.until(END);
    expect(await peer.bytes(16)).toBe(PROOF);
    return { server, peer };
  }

  test("by the client is answered, and the connection closed", async () => {
    const { server, peer } = await openPeer();
    peer.send("\0last\xff\xff\0");
    expect(await peer.rest()).toBe("\0last\xff\xff\0");
    expect(server.ends).toEqual([
      ["transport close", { code: 1005, reason: "" }],
    ]);
  });

  test("by a client that is only gone", async () => {
    const { server, peer } = await openPeer();
    const change = server.change();
    peer.destroy();
    await change;
    expect(server.ends).toEqual([
      ["transport close", { code: 1006, reason: "" }],
    ]);
  });

  test.each([
    [OLD, "\0bye\xff\xff\0"],
    [
      { ...OLD, link: { ...OLD.link, hixie: "no close frame" } } as const,
      "\0bye\xff",
    ],
  ])("by us says what the client can bear", async (dialect, said) => {
    const { server, peer } = await openPeer({ dialect });
    const [carrier] = server.opened;
    carrier?.write([new Outgoing(["bye"])]);
    carrier?.close();
    expect(await peer.rest()).toBe(said);
    const change = server.change();
    peer.end();
    await change;
    expect(server.ends).toHaveLength(1);
  });

  test.each([
    ["a bad frame", "\x81\x80\0\0\0\0", 1002],
    ["a frame with a length", "\x80\xff\xff\xff\xff", 1002],
    ["an endless message", `\0${"a".repeat(2000)}`, 1009],
    ["garbage", "GET / HTTP/1.1\r\n\r\n", 1002],
  ])("by %s is that connection's alone", async (_, bytes, code) => {
    const { server, peer } = await openPeer();
    const other = await Peer.to(server.port);
    other.send(request());
    await other.until(END);
    peer.send(bytes);
    expect(await peer.rest()).toBe("\xff\0");
    expect(server.ends).toEqual([
      ["transport error", expect.objectContaining({ code })],
    ]);
    other.send(hello);
    expect(await other.until("\xff")).toBe(hello);
  });
});

test("text is exact in both directions", async () => {
  const server = await hixieServer();
  const peer = await Peer.to(server.port);
  peer.send(request());
  await peer.until(END);
  const text = "€ 😀 \0 \ufffd \uffff \ufeff";
  peer.send(Buffer.concat([Buffer.of(0), Buffer.from(text), Buffer.of(255)]));
  const echo = Buffer.from(await peer.until("\xff"), "latin1");
  expect(server.messages).toEqual([text]);
  expect(echo.subarray(1, -1).toString()).toBe(text);
});

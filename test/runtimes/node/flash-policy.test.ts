import { EventEmitter, once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
} from "node:net";
import { connect as connectTls } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  answerFlashPolicy,
  flashPolicy,
  serveFlashPolicy,
} from "../../../src/runtimes/node/flash-policy.js";
import { Peer } from "./hixie-server.js";

const REQUEST = "<policy-file-request/>\0";
const POLICY = flashPolicy([{ domain: "*", ports: "*" }]);
const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

function closeLater(server: TcpServer): void {
  onTestFinished(async () => {
    if (!server.listening) return;
    server.close();
    await once(server, "close");
  });
}

async function listen(server: TcpServer): Promise<number> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  closeLater(server);
  return (server.address() as AddressInfo).port;
}

/** All that the server answers to these bytes. */
async function ask(port: number, ...pieces: string[]): Promise<string> {
  const peer = await Peer.to(port);
  for (const piece of pieces) {
    peer.send(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const answer = await peer.rest();
  peer.destroy();
  return answer;
}

describe("the policy", () => {
  test("is what Socket.IO's servers gave", () => {
    // 0.8.7 wrote it in one line.
    expect(POLICY.replaceAll("\n", "")).toBe(
      '<?xml version="1.0"?>' +
        '<!DOCTYPE cross-domain-policy SYSTEM "http://www.macromedia.com/xml/dtds/cross-domain-policy.dtd">' +
        '<cross-domain-policy><allow-access-from domain="*" to-ports="*"/></cross-domain-policy>',
    );
    // 0.6.18, with a line break more.
    expect(`${POLICY}\n`).toBe(
      '<?xml version="1.0"?>\n' +
        '<!DOCTYPE cross-domain-policy SYSTEM "http://www.macromedia.com/xml/dtds/cross-domain-policy.dtd">\n' +
        '<cross-domain-policy>\n<allow-access-from domain="*" to-ports="*"/>\n</cross-domain-policy>\n',
    );
  });

  test("has a rule for each that is given", () => {
    const policy = flashPolicy([
      { domain: "example.com", ports: "80,8000-8100" },
      { domain: "*.example.org", ports: "*" },
    ]);
    expect(policy.match(/<allow-access-from .*/g)).toEqual([
      '<allow-access-from domain="example.com" to-ports="80,8000-8100"/>',
      '<allow-access-from domain="*.example.org" to-ports="*"/>',
    ]);
    expect(flashPolicy([])).not.toContain("allow-access-from");
  });

  test("is XML whatever the rules hold", () => {
    expect(flashPolicy([{ domain: `"/><a b='&amp;'`, ports: "<" }])).toContain(
      `domain="&quot;/&gt;&lt;a b='&amp;amp;'" to-ports="&lt;"/>`,
    );
  });
});

describe("on an HTTP server's own port", () => {
  function application(): Server {
    const server = createServer((_request, response) => {
      response.setHeader("Connection", "close").end("the application");
    });
    answerFlashPolicy(server, POLICY);
    return server;
  }

  test("is given to whoever asks for it", async () => {
    const port = await listen(application());
    expect(await ask(port, REQUEST)).toBe(`${POLICY}\0`);
    expect(await ask(port, "<", REQUEST.slice(1))).toBe(`${POLICY}\0`);
    expect(await ask(port, REQUEST.slice(0, 10))).toBe(`${POLICY}\0`);
  });

  test("leaves the rest to Node", async () => {
    const ours = await listen(application());
    const plain = createServer((_request, response) => {
      response.setHeader("Connection", "close").end("the application");
    });
    const theirs = await listen(plain);
    for (const bytes of [
      GET,
      "<policx-file-request/>\0",
      "<html>",
      "\0",
      "GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
      `GET / HTTP/1.1\r\nX: ${"a".repeat(20_000)}\r\n\r\n`,
    ]) {
      const date = /Date: .*\r\n/;
      const [answer, expected] = await Promise.all([
        ask(ours, bytes),
        ask(theirs, bytes),
      ]);
      expect(answer.replace(date, "")).toBe(expected.replace(date, ""));
      expect(expected).toMatch(/^HTTP\/1\.1 \d{3} /);
    }
  });

  test("is given to no connection that has said something else before", async () => {
    const server = createServer((_request, response) => {
      response.end("the application");
    });
    answerFlashPolicy(server, POLICY);
    const peer = await Peer.to(await listen(server));
    peer.send(GET);
    await peer.until("the application");
    peer.send(REQUEST);
    expect(await peer.rest()).not.toContain("policy");
  });

  test("is no business of the application's own listeners", async () => {
    const server = application();
    const heard: unknown[] = [];
    server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
      heard.push(error.code);
      socket.end("HTTP/1.1 418 No\r\n\r\n");
    });
    const port = await listen(server);
    expect(await ask(port, REQUEST)).toBe(`${POLICY}\0`);
    expect(heard).toEqual([]);
    expect(await ask(port, "<html>")).toBe("HTTP/1.1 418 No\r\n\r\n");
    expect(heard).toEqual(["HPE_INVALID_METHOD"]);
  });

  test("other errors and events stay what they are", () => {
    const server = application();
    const heard: unknown[][] = [];
    server.on("clientError", (...args) => heard.push(args));
    server.on("drop", (...args) => heard.push(args));
    const error = Object.assign(new Error("x"), {
      rawPacket: Buffer.from(REQUEST),
    });
    const duplex = new EventEmitter();
    expect(server.emit("clientError", error, duplex)).toBe(true);
    expect(server.emit("drop", 1)).toBe(true);
    expect(server.emit("nothing")).toBe(false);
    expect(heard).toEqual([[error, duplex], [1]]);
  });

  test("is nothing that a TLS server gives", async () => {
    const server = createTlsServer({
      cert: readFileSync("test/runtimes/node/cert.pem"),
      key: readFileSync("test/runtimes/node/key.pem"),
    });
    answerFlashPolicy(server, POLICY);
    const port = await listen(server);
    const socket = connectTls({ port, rejectUnauthorized: false });
    await once(socket, "secureConnect");
    const peer = new Peer(socket);
    peer.send(REQUEST);
    expect(await peer.rest()).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe("on a port of its own", () => {
  const never = (message: string) => {
    throw new Error(message);
  };

  test("is given on connecting, asked for or not", async () => {
    const server = serveFlashPolicy(POLICY, {
      port: 0,
      host: "127.0.0.1",
      failed: never,
    });
    await once(server, "listening");
    closeLater(server);
    const { port } = server.address() as AddressInfo;
    expect(await ask(port)).toBe(`${POLICY}\0`);
    expect(await ask(port, REQUEST)).toBe(`${POLICY}\0`);
    expect(await ask(port, "x".repeat(100_000))).toBe(`${POLICY}\0`);
  });

  test("a client that resets harms nobody", async () => {
    const server = serveFlashPolicy(POLICY, {
      port: 0,
      host: "127.0.0.1",
      failed: never,
    });
    await once(server, "listening");
    closeLater(server);
    const { port } = server.address() as AddressInfo;
    server.once("connection", (socket) =>
      socket.emit("error", new Error("reset")),
    );
    await ask(port);
    expect(await ask(port)).toBe(`${POLICY}\0`);
  });

  test("says that the port is taken, and lives", async () => {
    const port = await listen(createTcpServer());
    const [message, error] = await new Promise<[string, NodeJS.ErrnoException]>(
      (failed) => {
        serveFlashPolicy(POLICY, {
          port,
          host: "127.0.0.1",
          failed: (...told) => failed(told),
        });
      },
    );
    expect(message).toBe(
      `The Flash policy server cannot listen on port ${port}: something else does. ` +
        "Flash asks there first, and on the server's own port if it gets no policy.",
    );
    expect(error.code).toBe("EADDRINUSE");
  });

  test.each([
    ["EACCES", /may not listen on port 0: .*root's/],
    ["EMFILE", /on port 0 failed: too many/],
  ])("explains %s", async (code, sentence) => {
    const told: string[] = [];
    const server = serveFlashPolicy(POLICY, {
      port: 0,
      host: "127.0.0.1",
      failed: (message) => told.push(message),
    });
    await once(server, "listening");
    closeLater(server);
    // As the system would, were there a port that the tests may not open.
    server.emit("error", Object.assign(new Error("too many"), { code }));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(sentence);
  });
});

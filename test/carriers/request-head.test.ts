/** Which requests are read before HTTP begins, and that they are read as Node reads them. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  asksForWebSocket,
  lengthOfBody,
  readRequestHead,
  type RequestHead,
} from "../../src/carriers/request-head.js";
import { NodeOpening } from "../../src/runtimes/node/opening.js";

const LINES = [
  "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
  "Host: example.com",
  "Connection: keep-alive, Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

const text = (lines: readonly string[]) => lines.join("\r\n") + "\r\n\r\n";

/** As the front door tells one. */
function readWebSocket(chunk: string): RequestHead | undefined {
  const head = readRequestHead(chunk);
  return head !== undefined && asksForWebSocket(head) ? head : undefined;
}

/** The same of another request, with what there has to be behind its head. */
function readPlain(chunk: string): RequestHead | undefined {
  const end = chunk.indexOf("\r\n\r\n") + 4;
  const head = readRequestHead(chunk.slice(0, end));
  return head !== undefined && lengthOfBody(head) === chunk.length - end
    ? head
    : undefined;
}

test("a plain one is read", () => {
  expect(
    readWebSocket(text([...LINES, "sec-websocket-PROTOCOL:\ta, b "])),
  ).toEqual({
    method: "GET",
    httpVersion: "1.1",
    url: "/socket.io/?EIO=4&transport=websocket",
    headers: {
      host: "example.com",
      connection: "keep-alive, Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-protocol": "a, b",
    },
    text: text([...LINES, "sec-websocket-PROTOCOL:\ta, b "]),
  });
});

describe("left to Node", () => {
  const without = (name: string) =>
    text(LINES.filter((line) => !line.startsWith(name)));
  const and = (...more: string[]) => text([...LINES, ...more]);
  test.each<[string, string]>([
    ["nothing", ""],
    ["half of it", text(LINES).slice(0, 80)],
    ["all but the last byte", text(LINES).slice(0, -1)],
    ["something behind it", `${text(LINES)}x`],
    ["two of them", text(LINES) + text(LINES)],
    ["lines that end with LF", text(LINES).replaceAll("\r\n", "\n")],
    ["one bare LF", text(LINES).replace("example.com", "a\nX: b")],
    ["a NUL", and("X: \0")],
    ["bytes above ASCII", and("X: caf\xe9")],
    ["a folded line", and("X: a", " b")],
    ["a space before the colon", and("X : a")],
    ["no colon", and("X")],
    ["no name", and(": a")],
    ["a body", and("Content-Length: 4")],
    ["a chunked body", and("transfer-encoding: chunked")],
    ["expectations", and("Expect: 100-continue")],
    ["two keys", and("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")],
    ["no key", without("Sec-WebSocket-Key")],
    ["no upgrade", without("Upgrade")],
    ["no connection", without("Connection")],
    ["another method", text(LINES).replace("GET", "POST")],
    ["HTTP/1.0", text(LINES).replace("1.1", "1.0")],
    ["a whole URL", text(LINES).replace("/socket.io", "http://a/socket.io")],
    ["a space in the path", text(LINES).replace("EIO", "E IO")],
    ["a policy request", "<policy-file-request/>\0"],
  ])("%s", (_, chunk) => {
    expect(readWebSocket(chunk)).toBeUndefined();
  });
});

const POLL = [
  "GET /socket.io/?EIO=4&transport=polling HTTP/1.1",
  "Host: example.com",
];
const POST = [
  "POST /socket.io/?EIO=4&transport=polling&sid=a HTTP/1.1",
  "Host: example.com",
  "Content-Length: 4",
];

test("a plain poll and a plain POST are read", () => {
  expect(readPlain(text(POLL))).toMatchObject({
    method: "GET",
    url: "/socket.io/?EIO=4&transport=polling",
  });
  const more = ["ORIGIN: http://a ", "content-type:text/plain"];
  expect(readPlain(`${text([...POST, ...more])}4\r\n\r`)).toMatchObject({
    method: "POST",
    headers: {
      origin: "http://a",
      "content-type": "text/plain",
      "content-length": "4",
    },
  });
  const kept = text([...POLL, "Connection: Keep-Alive"]);
  expect(readPlain(kept)).toBeDefined();
});

describe("also left to Node", () => {
  const poll = (...more: string[]) => text([...POLL, ...more]);
  const post = (...more: string[]) => text([...POST, ...more]);
  test.each<[string, string]>([
    ["a poll with a body", `${poll("Content-Length: 1")}x`],
    ["a poll that may have one", poll("Content-Length: 0")],
    ["a poll without a host", text(POLL.slice(0, 1).concat("X: a"))],
    ["a poll with two hosts", poll("Host: example.com")],
    ["a poll that closes", poll("Connection: close")],
    ["a poll that offers more", poll("Connection: keep-alive, Upgrade")],
    ["a poll that asks for HTTP/2", poll("Upgrade: h2c")],
    ["what a proxy was meant to read", poll("Proxy-Connection: close")],
    ["two polls", poll() + poll()],
    ["a POST cut off", `${post()}123`],
    ["a POST with more behind it", `${post()}12345`],
    ["a POST of unknown length", text(POST.slice(0, 2))],
    ["a POST with two lengths", `${post("Content-Length: 4")}1234`],
    ["a POST with a signed length", `${post()}1234`.replace(": 4", ": +4")],
    ["a POST with space behind it", `${post()}1234`.replace(": 4", ": 4\t")],
    ["a POST in chunks", `${post("Transfer-Encoding: chunked")}1234`],
    ["a POST that asks first", `${post("Expect: 100-continue")}1234`],
    ["another method", poll().replace("GET", "HEAD")],
  ])("%s", (_, chunk) => {
    expect(readPlain(chunk)).toBeUndefined();
  });
});

describe("what Node reads", () => {
  const requests: { request: IncomingMessage; body: string }[] = [];
  const http = createServer((request, response) => {
    let body = "";
    request.setEncoding("latin1");
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      requests.push({ request, body });
      response.end();
    });
  });
  const read: (IncomingMessage | undefined)[] = [];
  http.on("upgrade", (request: IncomingMessage, socket: Socket) => {
    read.push(request);
    socket.on("error", () => {});
    socket.end();
  });
  http.on("clientError", (_: Error, socket: Socket) => socket.destroy());

  beforeAll(async () => {
    await once(http.listen(0, "127.0.0.1"), "listening");
  });
  afterAll(() => void http.close());

  /** @returns `undefined`: Node sees no upgrade in it */
  async function byNode(chunk: string): Promise<IncomingMessage | undefined> {
    const { port } = http.address() as AddressInfo;
    const socket = connect(port, "127.0.0.1");
    const closed = once(socket, "close");
    socket.on("error", () => {});
    socket.resume();
    socket.end(chunk, "latin1");
    await closed;
    return read.pop();
  }

  const name = fc.oneof(
    fc.constantFrom(
      ...["Cookie", "cookie", "User-Agent", "Host", "X-Forwarded-For"],
      ...["Origin", "ORIGIN", "Referer", "Accept", "__proto__", "constructor"],
      ...["Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol", "Upgrade"],
      ...["Content-Length", "Transfer-Encoding", "Connection", "Set-Cookie"],
    ),
    fc.string({ minLength: 1, maxLength: 4 }),
  );
  const value = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom("a", "a, b", "", " ", "\t a \t", "a\r\n b", "h2c", "0"),
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  const line = fc
    .tuple(name, fc.constantFrom(": ", ":", " :", ":\t"), value)
    .map((parts) => parts.join(""));

  test("is what we read, of whatever we read", async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 6 }), async (more) => {
        const chunk = Buffer.from(text([...LINES, ...more]), "latin1").toString(
          "latin1",
        );
        const head = readWebSocket(chunk);
        if (head === undefined) return;
        taken++;
        const node = await byNode(chunk);
        expect(node).toBeDefined();
        const ours = NodeOpening.read(node!.socket, head).request;
        const { method, url, httpVersion, headers, rawHeaders } = node!;
        expect(ours).toMatchObject({ method, url, httpVersion, rawHeaders });
        expect(ours.headers).toEqual(headers);
      }),
      { numRuns: Number(process.env["OMNIO_FUZZ_RUNS"] ?? 1000) },
    );
    expect(taken).toBeGreaterThan(100);
  });

  test("is what we read of polls and POSTs", async () => {
    let taken = 0;
    const { port } = http.address() as AddressInfo;
    const body = fc.option(fc.string({ unit: "binary", maxLength: 12 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 5 }),
        body,
        async (more, posted) => {
          const first =
            posted === null
              ? POLL
              : [...POST.slice(0, 2), `Content-Length: ${posted.length}`];
          const chunk = Buffer.from(
            text([...first, ...more]) + (posted ?? ""),
            "latin1",
          ).toString("latin1");
          const head = readPlain(chunk);
          if (head === undefined) return;
          taken++;
          requests.length = 0;
          const socket = connect(port, "127.0.0.1");
          socket.on("error", () => {});
          socket.write(chunk, "latin1");
          const [answer] = (await once(socket, "data")) as [Buffer];
          socket.destroy();
          expect(answer.toString("latin1")).toMatch(
            /^HTTP\/1\.1 200 OK\r\n[^]*\r\nConnection: keep-alive\r\n/,
          );
          expect(requests).toHaveLength(1);
          const { request, body } = requests[0];
          expect(body).toBe(
            chunk.slice(chunk.length - Number(lengthOfBody(head))),
          );
          const ours = NodeOpening.read(request.socket, head).request;
          const { method, url, httpVersion, headers, rawHeaders } = request;
          expect(ours).toMatchObject({ method, url, httpVersion, rawHeaders });
          expect(ours.headers).toEqual(headers);
          expect(ours).toMatchObject({ upgrade: false });
        },
      ),
      { numRuns: Number(process.env["OMNIO_FUZZ_RUNS"] ?? 1000) },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

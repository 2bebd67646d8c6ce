/** Options that show only in requests of a certain kind, with both packages. */
import { once } from "node:events";
import {
  createServer,
  get,
  request,
  type ClientRequest,
  type IncomingMessage,
} from "node:http";
import { connect, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Server as Reference } from "socket.io";
import { describe, expect, onTestFinished, test } from "vitest";
import { Server, type ServerOptions } from "../../src/index.js";

const PACKAGES = [
  ["omnio", Server],
  ["the reference", Reference],
] as const;

type Package = (typeof PACKAGES)[number][1];

/** @returns its port */
async function serve(Kind: Package, options: Partial<ServerOptions>) {
  const http = createServer((_, response) => {
    response.writeHead(404).end("the application's");
  });
  const Constructor: new (...args: never[]) => unknown = Kind;
  const io = Reflect.construct(Constructor, [http, options]) as Server;
  await once(http.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => io.close());
  return (http.address() as AddressInfo).port;
}

const responseTo = async (sent: ClientRequest) =>
  ((await once(sent, "response")) as [IncomingMessage])[0];

async function open(port: number): Promise<string> {
  const response = await responseTo(
    get(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`),
  );
  const { sid } = JSON.parse((await text(response)).slice(1)) as {
    sid: string;
  };
  return `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
}

async function status(port: number, path: string) {
  const response = await responseTo(get(`http://127.0.0.1:${port}${path}`));
  response.resume();
  return response.statusCode;
}

/** What comes back on the connection by its end. */
async function raw(port: number, ...pieces: string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  for (const piece of pieces) socket.write(piece);
  return text(socket);
}

const head = (path: string, ...fields: string[]) =>
  [
    `POST ${path} HTTP/1.1`,
    "Host: x",
    "Content-Type: text/plain;charset=UTF-8",
    ...fields,
    "\r\n",
  ].join("\r\n");

describe.each(PACKAGES)("%s", (_, Kind) => {
  test("a body that stalls gets 408, and its session ends", async () => {
    const port = await serve(Kind, { httpRequestBodyTimeout: 50 });
    const session = await open(port);
    expect(await raw(port, head(session, "Content-Length: 9"), "4")).toMatch(
      /^HTTP\/1.1 408 /,
    );
    expect(await status(port, session)).toBe(400);
  });

  test("a body in too many chunks gets 413, and its session ends", async () => {
    const port = await serve(Kind, { maxBufferedChunks: 3 });
    const session = await open(port);
    const chunks = [..."40abc"].map((one) => `1\r\n${one}\r\n`).join("");
    const answer = await raw(
      port,
      head(session, "Transfer-Encoding: chunked"),
      chunks,
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(await status(port, session)).toBe(400);
  });

  test("a body in as many chunks as there may be is read", async () => {
    const port = await serve(Kind, { maxBufferedChunks: 2 });
    const session = await open(port);
    const sent = request(`http://127.0.0.1:${port}${session}`, {
      method: "POST",
      headers: { "content-type": "text/plain;charset=UTF-8" },
    });
    sent.write("4");
    sent.end("0");
    const response = await responseTo(sent);
    expect(await text(response)).toBe("ok");
  });
});

describe("a path without a slash at its end", () => {
  const options = { path: "/foo", addTrailingSlash: false };
  const query = "?EIO=4&transport=polling";
  const answers = async (Kind: Package) => {
    const port = await serve(Kind, options);
    const paths = ["/foo", "/foo/", "/foo/socket.io.js", "/foobar", "/fo"];
    return Object.fromEntries(
      await Promise.all(
        paths.map(async (path) => [path, await status(port, path + query)]),
      ),
    ) as Record<string, number>;
  };

  test("takes what is below it, and nothing that only begins like it", async () => {
    const ours = await answers(Server);
    expect(ours).toEqual({
      "/foo": 200,
      "/foo/": 200,
      "/foo/socket.io.js": 200,
      "/foobar": 404,
      "/fo": 404,
    });
    // The reference opens a session for it.
    expect(await answers(Reference)).toEqual({ ...ours, "/foobar": 200 });
  });
});

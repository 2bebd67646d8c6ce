/** Polling requests on their way through Node: bodies in pieces, and answers in one. */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { Site } from "./rig.js";

const BODY = '42["echo","h\u00e9llo"]';

/** Answers as they come on a connection that is kept open, each with its body. */
class Answers {
  #text = "";
  #tell: () => void = () => {};

  constructor(private readonly socket: Socket) {
    socket.on("data", (chunk: Buffer) => {
      this.#text += chunk.toString("latin1");
      this.#tell();
    });
    socket.on("close", () => this.#tell());
  }

  async next(): Promise<{ status: number; body: string }> {
    for (;;) {
      const [, status, length] =
        /^HTTP\/1.1 (\d+)[^]*?\r\nContent-Length: (\d+)\r\n/i.exec(
          this.#text,
        ) ?? [];
      const begin = this.#text.indexOf("\r\n\r\n") + 4;
      const end = begin + Number(length);
      if (begin > 3 && this.#text.length >= end) {
        const body = Buffer.from(this.#text.slice(begin, end), "latin1");
        this.#text = this.#text.slice(end);
        return { status: Number(status), body: body.toString() };
      }
      if (this.socket.destroyed) throw new Error(`ended with ${this.#text}`);
      await new Promise<void>((resolve) => (this.#tell = resolve));
    }
  }
}

async function polling() {
  const site = await Site.open();
  const sid = await site.handshake();
  const url = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
  await site.get(url, {}, "POST", "40");
  await site.get(url);
  const socket = await site.tcp();
  const answers = new Answers(socket);
  const head = (method: string, ...lines: string[]) =>
    [`${method} ${url} HTTP/1.1`, "Host: a", ...lines, "\r\n"].join("\r\n");
  return { site, url, socket, answers, head };
}

/** Lets the server see what was written as a piece of its own. */
const gap = () => new Promise((resolve) => setTimeout(resolve, 2));

describe("the body of a POST", () => {
  const bytes = Buffer.from(BODY);
  const length = `Content-Length: ${bytes.length}`;

  test("may come byte by byte, and the next request behind it", async () => {
    const { socket, answers, head } = await polling();
    socket.setNoDelay(true);
    socket.write(head("POST", length));
    for (let at = 0; at < bytes.length; at++) {
      await gap();
      socket.write(bytes.subarray(at, at + 1));
    }
    expect(await answers.next()).toEqual({ status: 200, body: "ok" });
    socket.write(head("GET"));
    expect(await answers.next()).toEqual({ status: 200, body: BODY });
  });

  test("may be chunked", async () => {
    const { socket, answers, head } = await polling();
    socket.write(head("POST", "Transfer-Encoding: chunked"));
    for (const at of [0, 7]) {
      const chunk = at === 0 ? bytes.subarray(0, 7) : bytes.subarray(7);
      await gap();
      socket.write(`${chunk.length.toString(16)}\r\n`);
      socket.write(chunk);
      socket.write("\r\n");
    }
    socket.write("0\r\n\r\n");
    expect(await answers.next()).toEqual({ status: 200, body: "ok" });
    socket.write(head("GET"));
    expect(await answers.next()).toEqual({ status: 200, body: BODY });
  });

  test("may have the poll pipelined behind it, in one write", async () => {
    const { socket, answers, head } = await polling();
    socket.write(head("POST", length) + BODY + head("GET"));
    expect(await answers.next()).toEqual({ status: 200, body: "ok" });
    expect(await answers.next()).toEqual({ status: 200, body: BODY });
    socket.write(head("POST", length) + BODY + head("GET"));
    expect((await answers.next()).body).toBe("ok");
    expect((await answers.next()).body).toBe(BODY);
  });

  test("that is empty is read, and is no packet", async () => {
    const { site, socket, answers, head } = await polling();
    socket.write(head("POST", "Content-Length: 0"));
    await answers.next();
    expect(site.closed).toEqual(["parse error"]);
  });

  test("that is cut off ends the session, and nothing of it is heard", async () => {
    const { site, socket, head } = await polling();
    socket.write(head("POST", length) + BODY.slice(0, 9));
    await gap();
    socket.destroy();
    await expect.poll(() => site.closed).toEqual(["transport error"]);
  });
});

test("a closed engine keeps no connection for the next request", async () => {
  const site = await Site.open({ cors: { origin: "*" } });
  const ask = async () => {
    const { status, headers } = await site.get(
      "/socket.io/?EIO=4&transport=polling",
      { Connection: "keep-alive" },
      "OPTIONS",
    );
    return { status, connection: headers.connection };
  };
  expect(await ask()).toEqual({ status: 204, connection: "keep-alive" });
  site.engine.close();
  expect(await ask()).toEqual({ status: 204, connection: "close" });
});

describe("an answer", () => {
  test("goes through methods that a middleware has put onto it", async () => {
    const { site, url } = await polling();
    const seen: unknown[] = [];
    site.engine.use((_, response, next) => {
      watch(response, seen);
      next();
    });
    await site.get(url, {}, "POST", BODY);
    const { body, headers } = await site.get(url);
    expect(body).toBe(BODY);
    expect(headers["x-late"]).toBe("1");
    expect(seen).toEqual(["ok", BODY]);
  });

  test("has its length in bytes, whatever it says", async () => {
    const { site, url } = await polling();
    for (const text of ["plain", "caf\u00e9", "\u20ac", "\u{1f600}"]) {
      const packet = `42["echo","${text}"]`;
      await site.get(url, {}, "POST", packet);
      const { body, headers } = await site.get(url);
      expect(body).toBe(packet);
      expect(headers["content-length"]).toBe(String(Buffer.byteLength(packet)));
    }
  });
});

/** As express-session and on-headers do. */
function watch(response: ServerResponse, seen: unknown[]): void {
  const writeHead = response.writeHead.bind(response);
  const end = response.end.bind(response);
  response.writeHead = function (this: ServerResponse, ...args: unknown[]) {
    this.setHeader("X-Late", "1");
    return Reflect.apply(writeHead, this, args) as ServerResponse;
  };
  response.end = function (this: ServerResponse, ...args: unknown[]) {
    seen.push(args[0]);
    return Reflect.apply(end, this, args) as ServerResponse;
  };
}

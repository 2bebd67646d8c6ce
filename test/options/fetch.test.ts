/** The options in servers of `fetch`, as in Bun, Deno and workers: the handshake is that of the reference in Node.js. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server as Reference } from "socket.io";
import { describe, expect, onTestFinished, test } from "vitest";
import { Server } from "../../src/runtimes/fetch/index.js";
import { title, type Case } from "./table.js";

const VALUES = [undefined, null, true, false, "", "5000", Infinity, 0, {}];

const OPTIONS = [
  "connectTimeout",
  "pingTimeout",
  "pingInterval",
  "upgradeTimeout",
  "maxHttpBufferSize",
  "httpRequestBodyTimeout",
  "maxBufferedChunks",
  "serveClient",
  "connectionStateRecovery",
  "allowRequest",
  "allowUpgrades",
  "httpCompression",
  "initialPacket",
  "cookie",
  "cors",
  "allowEIO3",
];

const cases: readonly Case[] = [
  ...OPTIONS.flatMap((name) => VALUES.map((value): Case => [name, value])),
  ["cors", "*"],
  ["cors", { origin: true, credentials: true }],
  ["cors", { origin: "http://other.example" }],
  ["cookie", "io"],
  ["cookie", { name: "id", httpOnly: false }],
  ["maxHttpBufferSize", "1e8"],
  ["path", "/chat/"],
];

/** Values that the table of the server has for different or useless. */
const ELSEWHERE = [
  "allowUpgrades: undefined",
  'cors: "5000"',
  "pingInterval: undefined",
  "pingInterval: null",
  "pingTimeout: undefined",
  "pingTimeout: null",
  "maxHttpBufferSize: undefined",
  "maxHttpBufferSize: null",
];

/** As programs without types make them. */
type Made<T> = new (...given: unknown[]) => T;

/** What no server can work with. */
function isUseless([option, value]: Case): boolean {
  if (["allowRequest", "initialPacket"].includes(option)) return Boolean(value);
  if (option.startsWith("ping") && value === Infinity) return true;
  return /Timeout$|Interval$|^max/.test(option)
    ? value === true || !(Number(value) > 0)
    : false;
}

async function asked(
  url: string,
  ask: (request: Request) => Promise<Response>,
) {
  const headers = { origin: "http://page.example" };
  const response = await ask(
    new Request(`${url}?EIO=4&transport=polling`, { headers }),
  );
  const body = await response.text();
  const { sid, ...handshake } = JSON.parse(
    body.split("\x1e")[0].slice(1) || "{}",
  ) as Record<string, unknown>;
  const file = await ask(new Request(`${url}socket.io.js`, { headers }));
  await file.arrayBuffer();
  for (const [name, value] of Object.entries(handshake))
    if (typeof value === "string") handshake[name] = Number(value);
  return {
    status: response.status,
    handshake,
    cookies: response.headers
      .getSetCookie()
      .map((text) => text.replace(String(sid), "SID")),
    origin: response.headers.get("access-control-allow-origin"),
    credentials: response.headers.get("access-control-allow-credentials"),
    vary: response.headers.get("vary"),
    file: file.status,
  };
}

async function theirs(
  options: Readonly<Record<string, unknown>>,
  path: string,
) {
  const http = createServer();
  const io = new (Reference as unknown as Made<Reference>)(http, options);
  onTestFinished(() => io.close());
  await once(http.listen(0, "127.0.0.1"), "listening");
  const { port } = http.address() as AddressInfo;
  return asked(`http://127.0.0.1:${port}${path}`, (request) => fetch(request));
}

async function ours(options: Readonly<Record<string, unknown>>, path: string) {
  const io = new (Server as unknown as Made<Server>)(options);
  onTestFinished(() => io.close());
  const handler = io.handler({
    upgradeWebSocket: () => {
      throw new Error("nobody asks for one here");
    },
  });
  return asked(`http://127.0.0.1${path}`, (request) => handler(request));
}

describe("options of servers of fetch", () => {
  test.each(cases.map((one) => [title(one), one] as const))(
    "%s",
    async (name, [option, value]) => {
      const options = { [option]: value };
      const path = option === "path" ? "/chat/" : "/socket.io/";
      let here;
      try {
        here = await ours(options, path);
      } catch (error) {
        expect(isUseless([option, value])).toBe(true);
        expect(error).toBeInstanceOf(TypeError);
        expect(String(error)).toContain(`TypeError: ${option} must be `);
        return;
      }
      if (ELSEWHERE.includes(name)) expect(here.status).toBe(200);
      else expect(here).toEqual(await theirs(options, path));
    },
  );
});

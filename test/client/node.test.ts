/** Options that only the client for Node.js has. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { Agent } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { Server } from "socket.io";
import { describe, expect, it } from "vitest";
import { Fetch } from "../../src/client/index.js";
import {
  afterTest,
  answerEchoes,
  connect,
  listen,
  next,
  nextValue,
  reference,
} from "./support.js";

const pem = (name: string) =>
  readFile(new URL(`../runtimes/node/${name}.pem`, import.meta.url), "utf8");

async function secure() {
  const [key, cert] = await Promise.all([pem("key"), pem("cert")]);
  const http = createServer({ key, cert });
  const server = new Server(http);
  server.on("connection", answerEchoes);
  const port = await listen(http);
  afterTest(() => server.close());
  return { url: `https://localhost:${port}`, cert };
}

describe("TLS", () => {
  it.each([["polling"], ["websocket"]])(
    "trusts the authorities it is given, over %s",
    async (transport) => {
      const { url, cert } = await secure();
      const socket = connect(url, { transports: [transport], ca: cert });
      expect(await socket.emitWithAck("echo", 1)).toBe(1);
    },
  );

  it.each([["polling"], ["websocket"]])(
    "trusts nobody else, unless told to, over %s",
    async (transport) => {
      const { url } = await secure();
      const refused = connect(url, {
        transports: [transport],
        reconnection: false,
      });
      const error = await nextValue<Error & { description: unknown }>(
        refused,
        "connect_error",
      );
      expect(String(error.description)).toMatch(/certificate/);
      const careless = connect(url, {
        transports: [transport],
        rejectUnauthorized: false,
      });
      expect(await careless.emitWithAck("echo", 1)).toBe(1);
    },
  );

  it("takes options for one transport", async () => {
    const { url, cert } = await secure();
    const socket = connect(url, {
      transportOptions: { polling: { ca: cert }, websocket: { ca: cert } },
    });
    await next(socket.io.engine, "upgrade");
  });
});

describe("agents", () => {
  it("are used for polling and WebSocket", async () => {
    const { url } = await reference();
    for (const transport of ["polling", "websocket"]) {
      let used = 0;
      const agent = new Agent();
      const create = agent.createConnection.bind(agent);
      agent.createConnection = (...args) => {
        used++;
        return create(...args);
      };
      const socket = connect(url, { transports: [transport], agent });
      expect(await socket.emitWithAck("echo", 1)).toBe(1);
      expect(used).toBeGreaterThan(0);
      socket.disconnect();
      agent.destroy();
    }
  });
});

describe("compression", () => {
  it.each([
    ["a server that compresses", { perMessageDeflate: { threshold: 0 } }],
    ["a server that does not", {}],
  ])("is offered to %s", async (_, options) => {
    const { io: server, url } = await reference(options);
    const connection = once(server.engine, "connection") as Promise<
      [{ request: { headers: Record<string, string> } }]
    >;
    const socket = connect(url, { transports: ["websocket"] });
    const [{ request }] = await connection;
    expect(request.headers["sec-websocket-extensions"]).toContain(
      "permessage-deflate",
    );
    const text = "a€".repeat(100_000);
    expect(await socket.emitWithAck("echo", text)).toBe(text);
  });
});

describe("fetch", () => {
  it("sends headers of the application", async () => {
    const { io: server, url } = await reference();
    const connected = nextValue<{ handshake: { headers: object } }>(
      server,
      "connection",
    );
    connect(url, { transports: [Fetch], extraHeaders: { "x-one": "1" } });
    expect((await connected).handshake.headers).toMatchObject({ "x-one": "1" });
  });
});

describe("autoUnref", () => {
  it.each([["polling"], ["websocket"]])(
    "lets the process end while connected over %s",
    async (transport) => {
      const { url } = await reference();
      const file = join(
        tmpdir(),
        `omnio-auto-unref-${process.pid}-${transport}.cjs`,
      );
      await build({
        stdin: {
          contents: `import { io } from "./src/client/index.js";
          const socket = io(process.argv[2], { autoUnref: true, transports: [process.argv[3]] });
          const stay = setTimeout(() => process.exit(1), 10000);
          socket.on("connect", () => clearTimeout(stay));`,
          resolveDir: process.cwd(),
          loader: "ts",
        },
        bundle: true,
        platform: "node",
        logLevel: "error",
        outfile: file,
      });
      afterTest(() => rm(file));
      const child = spawn(process.execPath, [file, url, transport], {
        stdio: "inherit",
      });
      afterTest(() => child.kill());
      const code = await new Promise((resolve) => child.on("exit", resolve));
      expect(code).toBe(0);
    },
  );
});

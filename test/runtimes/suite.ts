/**
 * What a server has to do in every runtime, with real clients: ours and the
 * official ones of 4.8 and 2.5, and one of 0.9. The server runs as
 * `programs/server.mjs` in a process of its own.
 */
import { createRequire } from "node:module";
import { io as officialClient } from "socket.io-client";
import { WebSocket } from "ws";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { io as ownClient } from "../../src/client/index.js";
import { client06, client09 } from "../interop/old/peers/old-clients.js";
import { httpSuite } from "./http-suite.js";
import { pathsSuite } from "./paths-suite.js";
import { pressureSuite } from "./pressure-suite.js";
import { ensureBuilt, program, Program, type Line } from "./process.js";

interface ClientSocket {
  id?: string | undefined;
  connected: boolean;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  once(event: string, listener: (...args: unknown[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  disconnect(): unknown;
}

type Open = (url: string, options: object) => ClientSocket;

const secondClient = createRequire(import.meta.url)("sioc2") as Open;

const CLIENTS: readonly (readonly [string, Open])[] = [
  ["ours", ownClient],
  ["socket.io-client 4.8", officialClient],
  ["socket.io-client 2.5", secondClient],
];

const WAYS = [
  ["polling", ["polling"]],
  ["websocket", ["websocket"]],
  ["upgrade", ["polling", "websocket"]],
] as const;

export interface Runtime {
  readonly name: string;
  /** What runs a program. */
  readonly command: () => readonly string[];
  /** The entry of dist/ that the server is imported from. */
  readonly entry: string;
  /** @default true */
  readonly webSockets?: boolean;
}

/** What a client emitted, back from the handler's answer. */
const ask = (socket: ClientSocket, event: string, ...args: unknown[]) =>
  new Promise<unknown[]>((resolve) =>
    socket.emit(event, ...args, (...answer: unknown[]) => resolve(answer)),
  );

const heard = (socket: ClientSocket, event: string) =>
  new Promise<unknown[]>((resolve) =>
    socket.once(event, (...args) => resolve(args)),
  );

export function runtimeSuite({
  name,
  command,
  entry,
  webSockets = true,
}: Runtime): void {
  const ways = WAYS.filter(([way]) => webSockets || way === "polling");
  let server: Program;
  let origin: string;
  const open: ClientSocket[] = [];

  async function start(options: Line = {}): Promise<[Program, string]> {
    const [file = "", ...args] = command();
    const started = Program.start(file, [
      ...args,
      program("server.mjs"),
      entry,
      JSON.stringify(options),
    ]);
    const { port } = await started.line({});
    return [started, `http://127.0.0.1:${Number(port)}`];
  }

  async function connect(
    client: Open,
    transports: readonly string[],
    to = origin,
    options: object = {},
  ): Promise<ClientSocket> {
    const socket = client(to, {
      transports,
      reconnection: false,
      forceNew: true,
      ...options,
    });
    open.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.on("connect", () => resolve());
      socket.on("connect_error", (error) => reject(new Error(String(error))));
    });
    return socket;
  }

  beforeAll(async () => {
    await ensureBuilt();
    [server, origin] = await start({
      generations: "all",
      cors: { origin: ["https://friend.example"], credentials: true },
      initial: "hello",
      maxHttpBufferSize: 50_000,
      staticFiles: { "/": "test/runtimes/programs/page.html" },
    });
  }, 120_000);

  afterAll(async () => {
    for (const socket of open) socket.disconnect();
    expect(await server.stop()).toBe(0);
    expect(server.lines).toContainEqual({ closed: true });
  });

  describe.each(CLIENTS)(`${name}, %s`, (_client, client) => {
    describe.each(ways)("%s", (way, transports) => {
      let socket: ClientSocket;
      beforeAll(async () => {
        socket = await connect(client, transports);
      });

      test("arrives by its transport, and the server knows from where", async () => {
        const expected = way === "polling" ? "polling" : "websocket";
        let [transport] = await ask(socket, "transport");
        // An upgrade takes a few messages.
        while (transport !== expected)
          [transport] = await ask(socket, "transport");
        const { address, secure } = await server.line({
          joined: String(socket.id),
        });
        expect(String(address)).toMatch(/^(::ffff:)?127\.0\.0\.1$/);
        expect(secure).toBe(false);
      });

      test("text, objects and bytes come back", async () => {
        const args = ["漢字 € 😀", { a: [1, null] }];
        expect(await ask(socket, "echo", ...args)).toEqual(args);
        const [bytes, text] = await ask(
          socket,
          "echo",
          Buffer.from([0, 255, 128]),
          "behind",
        );
        expect([...new Uint8Array(bytes as Uint8Array)]).toEqual([0, 255, 128]);
        expect(text).toBe("behind");
      });

      test("the server's own acks", async () => {
        socket.once("question", (bytes, answer) => {
          (answer as (sum: number) => void)(
            new Uint8Array(bytes as Uint8Array)[0],
          );
        });
        expect(await ask(socket, "ask back")).toEqual([7]);
      });

      test("many events in order", async () => {
        const numbers: unknown[] = [];
        const all = new Promise<void>((resolve) =>
          socket.on("burst", (n) => {
            if (numbers.push(n) === 100) resolve();
          }),
        );
        socket.emit("burst", 100);
        await all;
        expect(numbers).toEqual(Array.from({ length: 100 }, (_, i) => i));
      });

      test("rooms", async () => {
        const other = await connect(client, transports);
        const room = `room of ${String(socket.id)}`;
        await Promise.all([
          ask(socket, "join", room),
          ask(other, "join", room),
        ]);
        const both = [heard(socket, "shouted"), heard(other, "shouted")];
        socket.emit("shout", room, "hey", Buffer.from("x"));
        for (const [text] of await Promise.all(both)) expect(text).toBe("hey");
        const { id } = other;
        other.disconnect();
        const left = await server.line({ left: String(id) });
        expect(left["reason"]).toBe("client namespace disconnect");
      });

      test("the server ends it", async () => {
        const other = await connect(client, transports);
        const { id } = other;
        const ended = heard(other, "disconnect");
        other.emit("kick");
        expect((await ended)[0]).toBe("io server disconnect");
        const left = await server.line({ left: String(id) });
        expect(left["reason"]).toBe("server namespace disconnect");
      });

      test("too large a message ends it", async () => {
        const other = await connect(client, transports);
        await ask(other, "transport");
        const { id } = other;
        const ended = heard(other, "disconnect");
        other.emit("say", "x".repeat(60_000));
        const [reason] = await ended;
        expect(["transport close", "transport error"]).toContain(reason);
        const left = await server.line({ left: String(id) });
        expect(left["reason"]).toBe("transport error");
      });
    });
  });

  describe(`${name}, other clients`, () => {
    const transports = ["websocket", "xhr-polling"] as const;
    test.each(transports.filter((name) => webSockets || name !== "websocket"))(
      "0.9 by %s",
      async (transport) => {
        const peer = client09();
        const port = Number(new URL(origin).port);
        const socket = await peer.open(port, { transport });
        const said = new Promise<unknown[]>((resolve) =>
          socket.on("said", (...args: unknown[]) => resolve(args)),
        );
        socket.emit("say", "привет", { a: 1 });
        expect(await said).toEqual(["привет", { a: 1 }]);
        await peer.shutDown();
      },
    );
  });

  test(`${name}, 0.6 by xhr-polling`, async () => {
    const peer = client06();
    const port = Number(new URL(origin).port);
    const socket = await peer.open(port, { transport: "xhr-polling" });
    const said = new Promise<unknown>((resolve) =>
      socket.on("message", (text: unknown) => resolve(text)),
    );
    socket.send("привет");
    expect(await said).toBe("привет");
    await peer.shutDown();
  });

  describe(`${name}, HTTP`, () => httpSuite(() => ({ server, origin })));

  pathsSuite({ name, start, webSockets });
  pressureSuite({ name, start, webSockets });

  describe(`${name}, other options`, () => {
    if (webSockets)
      test("who goes without a close frame has gone, and that is no error", async () => {
        const [other, at] = await start({});
        const socket = new WebSocket(
          `${at.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`,
        );
        socket.on("open", () => socket.send("40"));
        const { joined } = await other.line({ secure: false });
        socket.terminate();
        const left = await other.line({ left: joined });
        expect(left["reason"]).toBe("transport close");
        expect(await other.stop()).toBe(0);
      });

    if (webSockets)
      test("who does not answer pings is let go", async () => {
        const [other, at] = await start({ pingInterval: 50, pingTimeout: 50 });
        const socket = new WebSocket(
          `${at.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`,
        );
        socket.on("open", () => socket.send("40"));
        const { joined } = await other.line({ secure: false });
        const left = await other.line({ left: joined });
        expect(left["reason"]).toBe("ping timeout");
        expect(await other.stop()).toBe(0);
      });

    test("enforceOrigin: strangers are refused on every transport", async () => {
      const [other, at] = await start({
        enforceOrigin: true,
        cors: { origin: "https://friend.example" },
      });
      const extraHeaders = (origin: string) => ({ extraHeaders: { origin } });
      const both = webSockets ? [["polling"], ["websocket"]] : [["polling"]];
      for (const transports of both) {
        const friend = extraHeaders("https://friend.example");
        await connect(officialClient, transports, at, friend);
        const own = extraHeaders(at);
        await connect(officialClient, transports, at, own);
        const stranger = extraHeaders("https://stranger.example");
        await expect(
          connect(officialClient as Open, transports, at, stranger),
        ).rejects.toThrow();
      }
      expect(await other.stop()).toBe(0);
      expect(other.lines.filter(({ refused }) => refused === 4)).toHaveLength(
        both.length,
      );
    });
  });
}

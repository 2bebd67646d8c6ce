/** `Client` and `SimpleClient` in a page of Chromium, as a bundler makes them of `omnio/client`. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as client from "../../src/client/browser-package.js";
import { complaints, launch } from "./chromium.js";
import { open, type Host } from "./host.js";
import { packagedClient } from "./packaged.js";

/** What the script puts into the page. */
declare const omnio: typeof client;

let browser: Browser;
let host: Host;
let script: string;

beforeAll(async () => {
  [script] = await Promise.all([
    packagedClient(),
    launch().then((launched) => (browser = launched)),
    open().then((opened) => (host = opened)),
  ]);
  const { io } = host;
  io.handle("echo", (_socket, ...values: unknown[]) => values);
  io.handle("ask me", (socket) => socket.emitWithAck("question", "why"));
  io.handle("tell me", (socket) => void socket.emit("news", 1, "two"));
  io.handle("go away", (socket) => void socket.disconnect());
  io.of("/chat").handle("say", (socket, text: string) => {
    socket.emit("user message", text);
    socket.emit("typing.now", text);
  });
});

afterAll(async () => {
  await browser.close();
  await host.close();
});

async function visit(): Promise<{ page: Page; wrong: string[] }> {
  const page = await browser.newPage();
  const wrong = complaints(page);
  await page.goto(`${host.origin}/omnio`);
  await page.addScriptTag({ content: script });
  return { page, wrong };
}

/** Runs in the page: all that a client does, and what came of it. */
async function exercise(transports: string[]): Promise<object> {
  const { args, Client, ClientNamespace } = omnio;
  const story: unknown[] = [];
  const told = (event: string) =>
    new Promise((resolve) => {
      const look = setInterval(() => {
        if (!story.some((entry) => Array.isArray(entry) && entry[0] === event))
          return;
        clearInterval(look);
        resolve(undefined);
      }, 5);
    });

  class Chat extends ClientNamespace {
    onUserMessage(text: string) {
      story.push(["user message", text]);
    }
    override onUnknownEvent(event: string, text: string) {
      story.push([event, text]);
    }
  }

  const client = new Client();
  client.on("disconnect_final", (reason) => story.push(["over", reason]));
  client.on("question", (text: string) => [`${text} not`, 2]);
  client.on("*", (event: string, ...values: unknown[]) => {
    story.push([event, ...values]);
  });
  const chat = new Chat("/chat");
  client.register(chat);
  let asked = 0;
  await client.connect(() => `${location.origin}?asked=${++asked}`, {
    transports,
    namespaces: ["/", "/chat"],
    auth: () => Promise.resolve({ token: "page" }),
  });
  const bytes = (await client.call(
    "echo",
    new Uint8Array([0, 255]),
  )) as ArrayBuffer;
  const values: unknown = await client.call(
    "echo",
    args("a€", { b: [1, null] }),
  );
  const answers: unknown = await client.call("ask me");
  client.emit("tell me");
  chat.emit("say", "hi");
  await told("news");
  await told("typing.now");
  const ids = client.sid !== client.getSid("/chat");
  const transport = client.transport();
  await client.disconnect();
  await client.wait();
  return {
    bytes: [...new Uint8Array(bytes)],
    values,
    answers,
    ids,
    transport,
    asked,
    story: story.map((entry) => JSON.stringify(entry)).sort(),
  };
}

describe("Client", () => {
  it.each([[["polling"]], [["websocket"]], [["polling", "websocket"]]])(
    "over %j",
    async (transports) => {
      const { page, wrong } = await visit();
      try {
        const told = (await page.evaluate(exercise, transports)) as {
          transport: string;
        };
        expect(transports).toContain(told.transport);
        expect(told).toEqual({
          bytes: [0, 255],
          values: ["a€", { b: [1, null] }],
          answers: "why not",
          ids: true,
          transport: told.transport,
          asked: 1,
          story: [
            '["news",1,"two"]',
            '["over","io client disconnect"]',
            '["typing.now","hi"]',
            '["user message","hi"]',
          ],
        });
        expect(wrong).toEqual([]);
      } finally {
        await page.close();
      }
    },
  );

  it("comes back, asking for the address again, and not when it is sent away", async () => {
    const { page } = await visit();
    try {
      const connected = (count: number) =>
        new Promise<string>((resolve) => {
          host.io.on("connection", (socket) => {
            if (socket.handshake.query["asked"] === String(count))
              resolve(socket.id);
          });
        });
      const [first, second] = [connected(1), connected(2)];
      const done = page.evaluate(async () => {
        const client = new omnio.Client({ reconnectionDelay: 5 });
        let asked = 0;
        await client.connect(() => `${location.origin}?asked=${++asked}`, {
          transports: ["websocket"],
        });
        await client.wait();
        return asked;
      });
      host.io.sockets.sockets.get(await first)?.conn.close();
      host.io.sockets.sockets.get(await second)?.disconnect();
      expect(await done).toBe(2);
    } finally {
      await page.close();
    }
  });
});

describe("SimpleClient", () => {
  it("calls and receives", async () => {
    const { page, wrong } = await visit();
    try {
      const told = await page.evaluate(async () => {
        const client = new omnio.SimpleClient();
        await client.connect(location.origin, { namespace: "/" });
        const echoed: unknown = await client.call("echo", "simple");
        await client.emit("tell me");
        const received: unknown = await client.receive({ timeout: 10_000 });
        await client.disconnect();
        return { echoed, received };
      });
      expect(told).toEqual({ echoed: "simple", received: ["news", 1, "two"] });
      expect(wrong).toEqual([]);
    } finally {
      await page.close();
    }
  });
});

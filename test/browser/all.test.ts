/**
 * The bundle for all generations in Chromium: it finds the real servers before
 * 1.0, and ours, and talks to them.
 */
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { io as connect } from "../../src/client/all-browser.js";
import { arrival, heard, PEERS } from "../client/old-servers.js";
import { listening } from "../interop/peers/listening.js";
import { launch } from "./chromium.js";
import { open } from "./host.js";

declare const io: typeof connect;

const BUNDLE = fileURLToPath(
  new URL("../../dist/bundles/omnio.all.min.js", import.meta.url),
);
const TEXT = "aé€😀";

let browser: Browser;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  browser = await launch();
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

afterAll(async () => {
  await browser.close();
  for (const peer of Object.values(PEERS)) await peer.shutDown();
});

/**
 * A page with the bundle in it, at an address that answers with text about
 * something else: no server knows of the page.
 */
async function pageOf(origin: string): Promise<Page> {
  const page = await browser.newPage();
  closers.push(() => page.close());
  await page.goto(`${origin}/page`);
  await page.addScriptTag({ path: BUNDLE });
  return page;
}

async function serve(generation: keyof typeof PEERS) {
  const server = await PEERS[generation].start({ closeTimeout: 2_000 });
  closers.push(() => server.close());
  return { server, origin: `http://127.0.0.1:${server.port}` };
}

interface Attempt {
  url: string;
  transports: string[] | undefined;
}

/** Connects, says something, and hears the answer. */
const exchange = ({ url, transports }: Attempt) =>
  new Promise<object>((resolve) => {
    const socket = io(url, {
      reconnection: false,
      ...(transports && { transports }),
    });
    socket.on("connect_error", (error: Error) =>
      resolve({ error: error.message }),
    );
    socket.on("connect", () => socket.send("aé€😀"));
    socket.on("message", (answer: unknown) => {
      const transport = socket.io.engine?.transport.name;
      socket.on("disconnect", (reason) =>
        resolve({ answer, transport, reason }),
      );
      socket.disconnect();
    });
  });

const CASES = [
  ["0.9", undefined, "websocket"],
  ["0.9", ["websocket"], "websocket"],
  ["0.9", ["polling"], "polling"],
  ["0.8", undefined, "websocket"],
  ["0.8", ["websocket"], "websocket"],
  ["0.8", ["polling"], "polling"],
  // Their WebSocket is a draft that no browser speaks any more.
  ["0.7", undefined, "polling"],
  ["0.7", ["polling"], "polling"],
  // It greets on each transport apart, so one that was found by polling polls.
  ["0.6", undefined, "polling"],
  ["0.6", ["polling"], "polling"],
] as const;

describe("a server of", () => {
  it.each(CASES)("%s, transports %j", async (generation, asked, used) => {
    const { server, origin } = await serve(generation);
    const arrived = arrival(server);
    const page = await pageOf(origin);
    const done = page.evaluate(exchange, {
      url: origin,
      transports: asked && [...asked],
    });
    const end = await arrived;
    const left = heard(end, "disconnect");
    expect(await heard(end, "message")).toEqual([TEXT]);
    end.json({ said: TEXT });
    expect(await done).toEqual({
      answer: { said: TEXT },
      transport: used,
      reason: "io client disconnect",
    });
    await left;
  });

  it.each(["0.9", "0.8", "0.7"] as const)(
    "%s answers events",
    async (generation) => {
      const { server, origin } = await serve(generation);
      const arrived = arrival(server);
      const page = await pageOf(origin);
      const answer = page.evaluate(async () => {
        const socket = io();
        return (await socket.emitWithAck("echo", { a: ["aé€😀"] })) as object;
      });
      const end = await arrived;
      end.on("echo", (value: unknown, reply: (value: unknown) => void) =>
        reply(value),
      );
      expect(await answer).toEqual({ a: [TEXT] });
    },
  );
});

describe("from a page of another origin, a server of", () => {
  it.each([
    ["0.9", true],
    ["0.8", true],
    // It does not say to browsers that others may read its greeting.
    ["0.7", false],
    ["0.6", true],
  ] as const)("%s is reached: %s", async (generation, reached) => {
    const { server, origin } = await serve(generation);
    const arrived = arrival(server).then(async (end) => {
      await heard(end, "message");
      end.send("heard");
    });
    const elsewhere = await listening(0, (http) => {
      http.on("request", (_, response) => void response.end("another site"));
    });
    closers.push(() => elsewhere.stop());
    const page = await pageOf(`http://127.0.0.1:${elsewhere.port}`);
    const result = await page.evaluate(exchange, {
      url: origin,
      transports: undefined,
    });
    if (reached) {
      expect(result).toMatchObject({ answer: "heard" });
      await arrived;
    } else expect(result).toEqual({ error: "xhr poll error" });
  });
});

describe("our server", () => {
  it.each([undefined, ["polling"], ["websocket"]])(
    "over %j, with the bundle that it gives out itself",
    async (transports) => {
      const host = await open();
      closers.push(() => host.close());
      host.io.on("connection", (socket) => {
        socket.on("message", (text: string) => socket.send({ said: text }));
      });
      const page = await browser.newPage();
      closers.push(() => page.close());
      await page.goto(`${host.origin}/omnio`);
      await page.addScriptTag({ url: "/socket.io/omnio.all.min.js" });
      expect(
        await page.evaluate(exchange, { url: host.origin, transports }),
      ).toMatchObject({ answer: { said: TEXT } });
    },
  );

  it("gives it out as a module, too", async () => {
    const host = await open();
    closers.push(() => host.close());
    const page = await browser.newPage();
    closers.push(() => page.close());
    await page.goto(`${host.origin}/omnio`);
    await page.addScriptTag({
      type: "module",
      content: `import { io } from "/socket.io/socket.io.all.esm.min.js";
        window.io = io;`,
    });
    const connected = await page.evaluate(async () => {
      const socket = io();
      await new Promise<void>((resolve) => socket.on("connect", resolve));
      return socket.connected;
    });
    expect(connected).toBe(true);
  });
});

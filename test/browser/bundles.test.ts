/**
 * Client bundles in Chromium against our server: every transport, text and
 * binary both ways, and a clean console.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { complaints, launch } from "./chromium.js";
import { BUNDLES, open, type Bundle, type Host } from "./host.js";
import { exercise, expectedReport } from "./exercise.js";

const TRANSPORTS = {
  polling: { transports: ["polling"] },
  websocket: { transports: ["websocket"] },
  upgrade: { transports: ["polling", "websocket"] },
  jsonp: { transports: ["polling"], forceJSONP: true },
} as const;

const WITH_JSONP: readonly string[] = ["3.1", "2.5", "1.7"];

/**
 * How much is sent at once. The clients before 3.0 overflow their own stack
 * with more in JSONP, 1.7 on any poll.
 */
function sizeFor(bundle: Bundle, transport: string): number {
  const delicate =
    (transport === "jsonp" && bundle !== "3.1") ||
    (transport === "polling" && bundle === "1.7");
  return delicate ? 50_000 : 1_000_000;
}

let browser: Browser;
let host: Host;

beforeAll(async () => {
  [browser, host] = await Promise.all([
    launch(),
    open({ maxHttpBufferSize: 5e6 }),
  ]);
  host.io.on("connection", (socket) => {
    socket.on("mirror", (...args: unknown[]) => {
      const done = args.pop();
      if (typeof done === "function")
        (done as (...values: unknown[]) => void)(...args);
    });
    socket.on("measure", (data: unknown, done: (size: unknown) => void) => {
      done(Buffer.isBuffer(data) ? data.length : typeof data);
    });
    socket.on("call back", (...args: unknown[]) => {
      socket.emit("question", ...args, (...values: unknown[]) =>
        socket.emit("answered", ...values),
      );
    });
  });
});

afterAll(async () => {
  await browser.close();
  await host.close();
});

async function visit(bundle: Bundle): Promise<{ page: Page; wrong: string[] }> {
  const page = await browser.newPage();
  const wrong = complaints(page);
  await page.goto(`${host.origin}/${bundle}`);
  await page.waitForFunction("window.ready");
  return { page, wrong };
}

for (const bundle of Object.keys(BUNDLES) as Bundle[])
  describe(bundle, () => {
    for (const [name, options] of Object.entries(TRANSPORTS)) {
      if (name === "jsonp" && !WITH_JSONP.includes(bundle)) continue;
      test(name, async () => {
        const { page, wrong } = await visit(bundle);
        try {
          const size = sizeFor(bundle, name);
          const report = await page.evaluate(exercise, { options, size });
          expect(report).toEqual(
            expectedReport(options.transports.at(-1) ?? "", size),
          );
          expect(wrong).toEqual([]);
        } finally {
          await page.close();
        }
      });
    }
  });

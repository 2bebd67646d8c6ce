/** The example with nine generations: its programs among themselves, and its pages in Chromium. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Browser, Frame } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { complaints, launch } from "../browser/chromium.js";

const EXAMPLE = new URL("../../examples/generations/", import.meta.url);
const NAMES = [
  ...["0.6.18", "0.7.11", "0.8.7", "0.9.17", "1.7.4", "2.5.0", "3.1.3"],
  ...["4.8.4", "omnio"],
];
const run = promisify(execFile);

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});

afterAll(() => browser.close());

test("in programs everybody hears everybody", { timeout: 90_000 }, async () => {
  const file = fileURLToPath(new URL("run.mjs", EXAMPLE));
  const { stdout, stderr } = await run(process.execPath, [file]);
  for (const name of NAMES)
    expect(stdout).toContain(`${name.padEnd(6)} heard ${NAMES.join(", ")}\n`);
  expect(stdout).toContain("Everybody heard everybody.");
  expect(stderr).toBe("");
});

test("in pages everybody hears everybody", { timeout: 90_000 }, async () => {
  const { serve } = (await import(new URL("server.mjs", EXAMPLE).href)) as {
    serve: (port: number) => Promise<{
      url: string;
      io: { close(): Promise<void> };
    }>;
  };
  const { url, io } = await serve(0);
  const page = await browser.newPage({
    viewport: { width: 1280, height: 1040 },
  });
  try {
    const wrong = complaints(page);
    await page.goto(url);
    const frames = page.frames().filter((frame) => frame !== page.mainFrame());
    expect(frames).toHaveLength(NAMES.length);
    for (const frame of frames) await frame.waitForSelector("body.online");
    for (const frame of frames) {
      await frame.locator("input").fill("hello");
      await frame.locator("input").press("Enter");
    }
    for (const frame of frames)
      for (const name of NAMES) await line(frame, `${name}: hello`).waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({
        path: `test-output/generations-${colorScheme}.png`,
      });
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.screenshot({ path: "test-output/generations-narrow.png" });
    expect(wrong).toEqual([]);
  } finally {
    await page.close();
    await io.close();
  }
});

const line = (frame: Frame, text: string) =>
  frame.locator("li").getByText(text, { exact: true });

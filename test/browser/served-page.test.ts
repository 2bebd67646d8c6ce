/** A page, its script and its style, the client and the sockets, all from one server that serves them itself. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Example } from "../frameworks/program.js";
import { ensureBuilt } from "../runtimes/process.js";
import { complaints, launch } from "./chromium.js";

let browser: Browser;
let example: Example;

beforeAll(async () => {
  await ensureBuilt();
  example = await Example.start(process.execPath, [
    "examples/frameworks/static.mjs",
  ]);
  browser = await launch();
}, 120_000);

afterAll(async () => {
  await browser.close();
  await example.stop();
});

test("Chromium shows the page, and it talks over WebSocket", async () => {
  const page = await browser.newPage();
  const wrong = complaints(page);
  await page.goto(example.url);
  await page.getByText("hello page").waitFor();
  await page.getByText("Over websocket").waitFor();
  const margin = await page.evaluate(
    () => getComputedStyle(document.body).marginTop,
  );
  expect(margin).toBe("48px");
  expect(wrong).toEqual([]);
});

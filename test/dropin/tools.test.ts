/**
 * Tools that reach browsers through socket.io: each does the same with this
 * package in its place, pages in Chromium included. Karma's and Testem's pages
 * load the client that the server gives out.
 */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { INSTALLATION, Twins } from "./twins.js";

const chromium = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const playwright = dirname(
  createRequire(import.meta.url).resolve("playwright-core/package.json"),
);

let twins: Twins;

beforeAll(async () => {
  twins = await Twins.of("tools", {
    "browser-sync": "3.0.4",
    karma: "6.4.4",
    "karma-chrome-launcher": "3.2.0",
    "karma-jasmine": "5.1.0",
    testem: "3.21.3",
  });
  await twins.add("tools");
}, INSTALLATION);

afterAll(() => twins?.remove());

test.each(["polling,websocket", "polling"])(
  "Karma over %s",
  async (transports) => {
    const env = { CHROME_BIN: chromium, TRANSPORTS: transports };
    const { reference, omnio } = await twins.transcripts("karma.cjs", env);
    // What a page logs and what it reports may change places.
    const sorted = (text: string) => text.split("\n").sort();
    expect(sorted(omnio)).toEqual(sorted(reference));
    expect(reference).toMatch(
      /^registered\nstart 64\n(.*\n){64,}run .*\nend 1/,
    );
  },
  60_000,
);

test("Browsersync", async () => {
  const env = { CHROMIUM_PATH: chromium, PLAYWRIGHT: playwright };
  const { reference, omnio } = await twins.transcripts("browser-sync.cjs", env);
  expect(omnio).toBe(reference);
  expect(reference).toMatch(/^connected 2\n(.*\n){6}end\n$/);
}, 60_000);

test("Testem", async () => {
  const env = { CHROMIUM_PATH: chromium };
  const { reference, omnio } = await twins.transcripts("testem.cjs", env);
  expect(omnio).toBe(reference);
  expect(reference).toMatch(/^ok 1 (.*\n)*# tests 21\n(.*\n)*end 1\n$/);
}, 60_000);

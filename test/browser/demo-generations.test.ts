/**
 * The demo with members of every generation: each takes part, and the page
 * shows what each of them speaks. The screenshots stay in test-output/.
 */
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Message } from "../../examples/chat/types.js";
import { closeAll, folder, guest, start } from "../demo/program.js";
import {
  client06,
  client07,
  client08,
  client09,
} from "../interop/old/peers/old-clients.js";
import type { ClientEnd, ClientPeer } from "../interop/old/peers/peer.js";
import { complaints, launch } from "./chromium.js";

const require = createRequire(import.meta.url);

/** What a member does, whatever library it comes from. */
interface Member {
  on(event: string, listener: (...args: never[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  disconnect(): unknown;
}

const OLD = {
  Zuse: ["0.7–0.9", client07(), "websocket"],
  Lovelace: ["0.7–0.9", client08(), "xhr-polling"],
  Babbage: ["0.7–0.9", client09(), "websocket"],
} as const satisfies Record<string, readonly [string, ClientPeer, string]>;
const OLDEST = client06();

const LATER = {
  Turing: ["1.x–2.x", "sioc1"],
  Hopper: ["1.x–2.x", "sioc2"],
  Hamilton: ["3.x–4.x", "sioc3"],
} as const;

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});

afterAll(async () => {
  await browser.close();
  const peers = [OLDEST, ...Object.values(OLD).map(([, peer]) => peer)];
  await Promise.all(peers.map((peer) => peer.shutDown()));
});

afterEach(closeAll);

const badge = (page: Page, name: string) =>
  page.locator(`[data-testid=person][data-name="${name}"]`);

/** Resolves when it is in the lobby. */
function join(member: Member, name: string): Promise<void> {
  return new Promise((resolve) => {
    member.emit("join", { room: "lobby", name }, () => resolve());
  });
}

function hears(member: Member, fits: (said: unknown) => boolean) {
  return new Promise<void>((resolve) => {
    member.on("message", (said: unknown) => fits(said) && resolve());
  });
}

const says = (text: string) => (said: unknown) =>
  typeof said === "object" && said !== null && (said as Message).text === text;

test(
  "members of all generations talk, and the page shows which is which",
  { timeout: 60_000 },
  async () => {
    const { url, port } = await start(await folder());
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      colorScheme: "light",
    });
    const wrong = complaints(page);
    await page.goto(url);
    await page.getByTestId("name-input").fill("Ada");
    await page.getByTestId("name-submit").click();
    await page.getByTestId("name-dialog").waitFor({ state: "hidden" });
    await guest(url, "Torvalds");

    const members = new Map<string, Member>();
    for (const [name, [, peer, transport]] of Object.entries(OLD)) {
      const end = await peer.open(port, { transport });
      await join(end, name);
      members.set(name, end);
    }
    for (const [name, [, alias]] of Object.entries(LATER)) {
      const library = require(alias) as {
        (url: string, options: object): Member;
      };
      const member = library(url, { forceNew: true });
      await join(member, name);
      members.set(name, member);
    }
    // Its WebSocket says that it comes from a page of example.com, and those stay out.
    const oldest: ClientEnd = await OLDEST.open(port, {
      transport: "xhr-polling",
    });
    oldest.send("/name Babel");
    await badge(page, "Babel").waitFor();

    const shown: Record<string, string> = {
      Ada: "3.x–4.x",
      Torvalds: "3.x–4.x",
      Babel: "0.6",
    };
    for (const [name, [generation]] of Object.entries({ ...OLD, ...LATER }))
      shown[name] = generation;
    for (const [name, generation] of Object.entries(shown)) {
      const person = badge(page, name);
      await person.waitFor();
      expect([
        name,
        await person.getByTestId("generation").innerText(),
      ]).toEqual([name, generation]);
    }

    // Each says something that the page and the client of 0.6 hear.
    for (const [name, member] of [...members, ["Babel", oldest] as const]) {
      const text = `${name} says: 漢字, € and 😀`;
      const heard = hears(oldest, says(text));
      if (member === oldest) oldest.send(text);
      else member.emit("message", { room: "lobby", text });
      await page.getByTestId("message-list").getByText(text).waitFor();
      await heard;
    }
    // And hear what the page says.
    const all = [...members.values(), oldest].map((member) =>
      hears(member, says("Welcome, all of you")),
    );
    await page.getByTestId("composer-input").fill("Welcome, all of you");
    await page.getByTestId("composer-send").click();
    await Promise.all(all);

    await shoot(page);
    expect(wrong).toEqual([]);
    for (const member of [...members.values(), oldest]) member.disconnect();
    await badge(page, "Babel").waitFor({ state: "detached" });
  },
);

/** Wide and narrow, light and dark. */
async function shoot(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const path = (width: string) =>
      `test-output/demo-generations-${width}-${colorScheme}.png`;
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.screenshot({ path: path("wide"), animations: "disabled" });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByTestId("open-people").click();
    await badge(page, "Babel").waitFor({ state: "visible" });
    await page.screenshot({ path: path("narrow"), animations: "disabled" });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth > innerWidth,
    );
    expect(overflow).toBe(false);
    await page.keyboard.press("Escape");
  }
}

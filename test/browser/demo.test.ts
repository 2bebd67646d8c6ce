/**
 * The demo in two pages side by side: a desktop in light colours and a phone
 * in dark ones. They talk, and live through a restart of the server. The
 * screenshots stay in test-output/.
 */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { closeAll, folder, start } from "../demo/program.js";
import { complaints, launch } from "./chromium.js";

const DESKTOP: BrowserContextOptions = {
  viewport: { width: 1280, height: 800 },
  colorScheme: "light",
};
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  colorScheme: "dark",
};

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});

afterAll(() => browser.close());

afterEach(closeAll);

const part = (page: Page, id: string) => page.getByTestId(id);

/** A page of its own, past the question for a name. */
async function visit(
  url: string,
  name: string,
  options: BrowserContextOptions,
): Promise<{ page: Page; wrong: string[] }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const wrong = complaints(page);
  await page.goto(url);
  await part(page, "name-input").fill(name);
  await part(page, "name-submit").click();
  await part(page, "name-dialog").waitFor({ state: "hidden" });
  await page.waitForFunction(
    () =>
      document.querySelector<HTMLElement>("#status")?.dataset["state"] ===
      "online",
  );
  return { page, wrong };
}

async function say(page: Page, text: string): Promise<void> {
  await part(page, "composer-input").fill(text);
  await part(page, "composer-send").click();
}

async function hears(page: Page, text: string): Promise<void> {
  await part(page, "message-list").getByText(text).waitFor();
}

function shoot(page: Page, name: string): Promise<unknown> {
  return page.screenshot({ path: `test-output/demo-${name}.png` });
}

test("two people talk, see each other write, and share a picture", async () => {
  const { url } = await start(await folder());
  const ada = await visit(url, "Ada", DESKTOP);
  const grace = await visit(url, "Grace", PHONE);
  await part(ada.page, "people-list").getByText("Grace").waitFor();
  await say(ada.page, "Hello Grace, 漢字 and € and 😀 arrive?");
  await hears(grace.page, "漢字 and € and 😀");
  await say(grace.page, "They do.");
  await hears(ada.page, "They do.");

  await part(grace.page, "composer-input").pressSequentially("Wait, I have");
  await part(ada.page, "typing").getByText("Grace").waitFor();

  await part(ada.page, "composer-file").setInputFiles({
    name: "square.png",
    mimeType: "image/png",
    buffer: await picture(),
  });
  await say(ada.page, "A picture");
  await grace.page.waitForFunction(() => {
    const image = document.querySelector<HTMLImageElement>("#messages img");
    return image?.complete === true && image.naturalWidth > 0;
  });

  await shoot(ada.page, "desktop-light");
  await shoot(grace.page, "phone-dark");
  // Nothing is wider than the screen of the phone.
  const overflow = await grace.page.evaluate(
    () => document.documentElement.scrollWidth > innerWidth,
  );
  expect(overflow).toBe(false);
  expect(ada.wrong).toEqual([]);
  expect(grace.wrong).toEqual([]);
});

test("a restart of the server is seen, and nothing is lost", async () => {
  const data = await folder();
  const first = await start(data);
  const ada = await visit(first.url, "Ada", DESKTOP);
  const grace = await visit(first.url, "Grace", PHONE);
  await say(ada.page, "Before the restart");
  await hears(grace.page, "Before the restart");

  await first.stop();
  await part(ada.page, "banner").waitFor({ state: "visible" });
  await say(ada.page, "While the server was away");
  await shoot(ada.page, "desktop-light-away");
  await start(data, first.port);
  await hears(grace.page, "While the server was away");
  await say(grace.page, "Back again");
  await hears(ada.page, "Back again");
  const texts = await part(ada.page, "message-list").innerText();
  for (const text of [
    "Before the restart",
    "While the server was away",
    "Back again",
  ])
    expect(texts.split(text)).toHaveLength(2);

  // A page that comes later has the history.
  const late = await visit(first.url, "Linus", DESKTOP);
  await hears(late.page, "Before the restart");
  expect(late.wrong).toEqual([]);
});

/** A picture drawn by the browser, so that the file is a real one. */
async function picture(): Promise<Buffer> {
  const page = await browser.newPage();
  try {
    await page.setContent(
      "<body style='margin:0;background:linear-gradient(45deg,teal,gold)'>",
    );
    return await page.screenshot({
      clip: { x: 0, y: 0, width: 240, height: 160 },
    });
  } finally {
    await page.close();
  }
}

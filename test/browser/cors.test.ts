/**
 * A page of another origin: shut out from polling by default, as the browser
 * refuses to show it the answer, and let in with the `cors` option.
 */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch } from "./chromium.js";
import { open, type Bundle, type Host } from "./host.js";

let browser: Browser;
/** Where the pages are from. */
let home: Host;

beforeAll(async () => {
  [browser, home] = await Promise.all([launch(), open()]);
});

afterAll(async () => {
  await browser.close();
  await home.close();
});

/** What becomes of a connection from a page at home to another port. */
async function visit(
  context: BrowserContext,
  bundle: Bundle,
  away: Host,
  options: object,
): Promise<string> {
  const page: Page = await context.newPage();
  try {
    await page.goto(`${home.origin}/${bundle}`);
    await page.waitForFunction("window.ready");
    return await page.evaluate(
      ([url, rest]) =>
        new Promise<string>((resolve) => {
          const { io } = window as unknown as {
            io: (
              url: string,
              options: object,
            ) => {
              on(event: string, listener: (value: unknown) => void): void;
              emit(event: string, done: (value: string) => void): void;
            };
          };
          const socket = io(url, { reconnection: false, ...rest });
          socket.on("connect_error", () => resolve("refused"));
          socket.on("connect", () => socket.emit("cookies", resolve));
        }),
      [away.origin, options] as const,
    );
  } finally {
    await page.close();
  }
}

async function away(
  options: object,
  use: (
    host: Host,
    attempt: (bundle: Bundle, page: object) => Promise<string>,
  ) => Promise<void>,
): Promise<void> {
  const host = await open(options);
  // Its cookies outlive a page.
  const context = await browser.newContext();
  host.io.on("connection", (socket) => {
    socket.on("cookies", (done: (value: string) => void) => {
      // The last request on polls: the handshake cannot have the cookie yet.
      done(socket.request.headers.cookie ?? "none");
    });
  });
  try {
    await use(host, (bundle, page) => visit(context, bundle, host, page));
  } finally {
    await context.close();
    await host.close();
  }
}

describe.each<Bundle>(["omnio", "4.8", "2.5"])("%s", (bundle) => {
  test("is shut out from polling by default, not from WebSocket", () =>
    away({}, async (_, attempt) => {
      expect(await attempt(bundle, { transports: ["polling"] })).toBe(
        "refused",
      );
      expect(await attempt(bundle, { transports: ["websocket"] })).toBe("none");
    }));

  test("is let in with its origin in `cors`", () =>
    // The clients before 3.0 always send credentials.
    away(
      { cors: { origin: home.origin, credentials: true } },
      async (_, attempt) => {
        for (const transports of [["polling"], ["polling", "websocket"]])
          expect(await attempt(bundle, { transports })).toBe("none");
      },
    ));

  test("another origin in `cors` does not help", () =>
    away(
      { cors: { origin: "http://elsewhere.example" } },
      async (_, attempt) => {
        expect(await attempt(bundle, { transports: ["polling"] })).toBe(
          "refused",
        );
      },
    ));
});

describe.each<Bundle>(["omnio", "4.8"])("credentials, %s", (bundle) => {
  test("are sent where both sides allow it", () =>
    away(
      { cors: { origin: home.origin, credentials: true }, cookie: true },
      async (_, attempt) => {
        const page = {
          transports: ["polling", "websocket"],
          withCredentials: true,
        };
        expect(await attempt(bundle, page)).toBe("none");
        // The first handshake left its cookie for the second.
        expect(await attempt(bundle, page)).toMatch(/^io=/);
      },
    ));

  test("are refused by the browser where the server does not", () =>
    away({ cors: { origin: home.origin } }, async (_, attempt) => {
      const page = { transports: ["polling"], withCredentials: true };
      expect(await attempt(bundle, page)).toBe("refused");
    }));
});

test("JSONP crosses origins without CORS, as it is for", () =>
  away({}, async (_, attempt) => {
    const options = { transports: ["polling"], forceJSONP: true };
    expect(await attempt("2.5", options)).toBe("none");
  }));

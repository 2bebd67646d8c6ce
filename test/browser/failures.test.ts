/**
 * What a page hears when a server cannot be reached: every face of the client,
 * with every way to fail, beside the reference's where it has the face.
 */
import { once } from "node:events";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type * as client from "../../src/client/browser-package.js";
import { listening, type Listening } from "../interop/peers/listening.js";
import { launch } from "./chromium.js";
import { open, type Host } from "./host.js";
import { packagedClient } from "./packaged.js";

/** What the scripts put into the page. */
declare const omnio: typeof client;
declare const io: typeof client.io;

/** By the path that is asked for; what `Client` says of it over polling. */
const FAILURES = {
  down: /is not reachable, or its option `cors`/,
  cors: /is not reachable, or its option `cors`/,
  "404": /HTTP status 404: nothing is served there/,
  "500": /HTTP status 500/,
  refused: /does not let this transport in/,
  garbage: /no Socket\.IO server/,
  bytes: /no Socket\.IO server/,
  cut: /is not reachable/,
  slow: /no answer in time/,
};

type Failure = keyof typeof FAILURES;

const FACES = ["io", "Manager", "Client", "SimpleClient"] as const;

interface Attempt {
  readonly url: string;
  readonly failure: Failure;
  readonly transport: string;
  readonly face: (typeof FACES)[number];
  readonly logged: boolean;
  readonly reference?: boolean;
}

interface Outcome {
  readonly message: string;
  readonly type: string | undefined;
  readonly status: unknown;
  readonly text: unknown;
  readonly warnings: number;
}

let browser: Browser;
let host: Host;
let broken: Listening;
let page: Page;
const uncaught: string[] = [];

beforeAll(async () => {
  let script: string;
  [script, browser, host, broken] = await Promise.all([
    packagedClient(),
    launch(),
    open(),
    listening(0, () => undefined),
  ]);
  answerBadly(broken);
  page = await browser.newPage();
  page.on("pageerror", (error) => uncaught.push(String(error)));
  await page.goto(`${host.origin}/4.8`);
  await page.addScriptTag({ content: script });
});

afterAll(async () => {
  await browser.close();
  await Promise.all([host.close(), broken.stop()]);
});

function answerBadly({ http }: Listening): void {
  http.on("request", ({ url }, response) => {
    const { pathname } = new URL(url ?? "/", "http://127.0.0.1");
    const failure = pathname.slice(1, -1) as Failure;
    if (failure === "slow") return;
    if (failure !== "cors")
      response.setHeader("Access-Control-Allow-Origin", "*");
    if (failure === "refused") {
      response.writeHead(400, { "Content-Type": "application/json" });
      response.end('{"code":0,"message":"Transport unknown"}');
    } else if (failure === "cut") {
      response.writeHead(200, { "Content-Length": 1000 });
      response.write('0{"sid":"abc', () => response.destroy());
    } else {
      if (failure === "bytes")
        response.setHeader("Content-Type", "application/octet-stream");
      response.statusCode = Number(failure) || 200;
      response.end("<p>Hello</p>");
    }
  });
}

/** Where nobody listens. */
async function closedPort(): Promise<string> {
  const closed = await listening(0, () => undefined);
  await closed.stop();
  return `http://127.0.0.1:${closed.port}`;
}

const urlOf = async (failure: Failure): Promise<string> => {
  if (failure === "down") return closedPort();
  return `http://127.0.0.1:${broken.port}`;
};

/** Runs in the page: one attempt to connect, and how it failed. */
async function attempt(wanted: Attempt): Promise<Outcome> {
  const { url, failure, transport, face, logged, reference } = wanted;
  const from = reference ? io : omnio;
  let warnings = 0;
  const count = () => void warnings++;
  const logger = { info() {}, warn: count, error: count };
  const options = {
    transports: [transport],
    path: `/${failure}`,
    timeout: failure === "slow" ? 200 : 10_000,
    reconnection: false,
    ...(logged && { logger }),
  };
  const failed = await new Promise<unknown>((resolve, reject) => {
    const unexpected = () => reject(new Error("it connected"));
    if (face === "io")
      from
        .io(url, { ...options, forceNew: true })
        .on("connect", unexpected)
        .on("connect_error", resolve);
    else if (face === "Manager")
      new (reference ? io.Manager : omnio.Manager)(url, {
        ...options,
        autoConnect: false,
      }).open((error) => (error ? resolve(error) : unexpected()));
    else {
      const { path, transports, ...rest } = options;
      new omnio[face](rest)
        .connect(url, { path, transports })
        .then(unexpected, resolve);
    }
  });
  const { message, type, description, context } = failed as Error & {
    type?: string;
    description?: unknown;
    context?: XMLHttpRequest;
  };
  return {
    message,
    type,
    status: typeof description === "number" ? description : undefined,
    text: context?.responseText,
    warnings,
  };
}

const TABLE = (Object.keys(FAILURES) as Failure[]).flatMap((failure) =>
  FACES.flatMap((face) =>
    [false, true].map((logged) => ({
      failure,
      face,
      logged,
      transport: "polling",
    })),
  ),
);

/** No more of them: Chromium makes a page wait that fails to open several. */
const WEBSOCKETS = FACES.map((face) => ({
  failure: "404" as const,
  face,
  logged: true,
  transport: "websocket",
}));

test.each([...WEBSOCKETS, ...TABLE])(
  "$failure over $transport, heard by $face, with a logger: $logged",
  async ({ failure, face, logged, transport }) => {
    const url = await urlOf(failure);
    const tried: Attempt = { url, failure, transport, face, logged };
    const outcome = await page.evaluate(attempt, tried);
    if (face === "io" || face === "Manager") {
      const there = { ...tried, logged: false, reference: true };
      expect(outcome).toEqual(await page.evaluate(attempt, there));
    } else {
      expect(outcome.message).toContain(`could not connect to ${url}`);
      expect(outcome.message).toContain(`(path /${failure})`);
      if (transport === "polling")
        expect(outcome.message).toMatch(FAILURES[failure]);
      expect(outcome.warnings > 0).toBe(logged);
    }
    expect(uncaught).toEqual([]);
  },
);

test.each(["Client", "SimpleClient"] as const)(
  "%s comes back over polling when its server does",
  async (face) => {
    let site = await open({ cors: { origin: "*" } });
    try {
      const { port } = site;
      const url = `http://127.0.0.1:${port}`;
      await page.evaluate(
        async ({ name, url }) => {
          const made = new omnio[name]({
            reconnectionDelay: 20,
            reconnectionDelayMax: 50,
          });
          Object.assign(window, { made });
          await made.connect(url, { transports: ["polling"] });
        },
        { name: face, url },
      );
      let failures = 0;
      const several = new Promise<void>((resolve) =>
        page.on("requestfailed", () => {
          if (++failures === 4) resolve();
        }),
      );
      await site.close();
      await several;
      page.removeAllListeners("requestfailed");
      site = await open({ cors: { origin: "*" } }, port);
      const joined = once(site.io, "connection");
      site.io.handle("echo", (_socket, value: unknown) => value);
      await joined;
      const back = page.evaluate(async () => {
        const { made } = window as unknown as {
          made: client.Client | client.SimpleClient;
        };
        if (made instanceof omnio.Client && made.sid === undefined)
          await new Promise<void>((resolve) => made.on("connect", resolve));
        const answer: unknown = await made.call("echo", "still here");
        await made.disconnect();
        return answer;
      });
      expect(await back).toBe("still here");
      expect(uncaught).toEqual([]);
    } finally {
      await site.close();
    }
  },
);

/** A page whose server goes away and comes back on the same port. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { complaints, launch } from "./chromium.js";
import { open, type Bundle, type Host } from "./host.js";

interface PageSocket {
  readonly io: {
    readonly engine: {
      readonly transport: {
        readonly name: string;
        readonly readyState: string;
      };
    };
  };
  on(event: string, listener: (value: unknown) => void): void;
  emit(event: string, ...args: unknown[]): void;
}

/** Shorter than a test may take, so that a page which stays silent is asked what it is at, in ms. */
const PATIENCE = 15_000;

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});

afterAll(() => browser.close());

const CASES = (["omnio", "omnio.esm", "4.8", "2.5"] as const).flatMap(
  (bundle) =>
    [["polling"], ["websocket"], ["polling", "websocket"]].map(
      (transports) => [bundle, transports] as const,
    ),
);

test.each<readonly [Bundle, string[]]>(CASES)(
  "%s, %j",
  async (bundle, transports) => {
    let host: Host = await open();
    const page = await browser.newPage();
    const wrong = complaints(page);
    try {
      await page.goto(`${host.origin}/${bundle}`);
      await page.waitForFunction("window.ready");
      await page.evaluate((names) => {
        const { io } = window as unknown as {
          io: (options: object) => PageSocket;
        };
        const state = { log: [] as string[], socket: undefined as unknown };
        const socket = io({
          transports: names,
          reconnectionDelay: 50,
          reconnectionDelayMax: 100,
        });
        socket.on("connect", () => state.log.push("connect"));
        socket.on("disconnect", (reason) =>
          state.log.push(`disconnect: ${String(reason)}`),
        );
        socket.on("connect_error", () => {
          if (state.log.at(-1) !== "refused") state.log.push("refused");
        });
        state.socket = socket;
        Object.assign(window, { state });
      }, transports);
      const says = async (count: number, word: string): Promise<void> => {
        const said = page.waitForFunction(
          ([length, last]) => {
            const { log } = (window as unknown as { state: { log: string[] } })
              .state;
            return log.length >= length && log.at(-1)?.startsWith(last);
          },
          [count, word] as const,
          { timeout: PATIENCE },
        );
        await said.catch(async (cause: unknown) => {
          const seen = await page.evaluate(() => {
            const { state } = window as unknown as {
              state: { log: string[]; socket: PageSocket };
            };
            const { name, readyState } = state.socket.io.engine.transport;
            return { log: state.log, name, readyState };
          });
          throw new Error(
            `expected "${word}" as number ${count}, have ${JSON.stringify(seen)}`,
            { cause },
          );
        });
      };
      await says(1, "connect");
      // Clients of the reference fall silent for the time of a ping if they
      // lose the WebSocket that they are about to change to. Ours must not.
      if (!bundle.startsWith("omnio") && transports.length > 1)
        await page.waitForFunction(() => {
          const { state } = window as unknown as {
            state: { socket: PageSocket };
          };
          return state.socket.io.engine.transport.name === "websocket";
        });

      const { port } = host;
      await host.close();
      // Not before an attempt in vain is it sure that the old server is gone.
      await says(3, "refused");
      await page.evaluate(() => {
        const { state } = window as unknown as {
          state: { socket: PageSocket };
        };
        state.socket.emit("while away", "€");
      });
      // Until here a server that closes may also have answered with an error.
      const during = wrong.splice(0);
      host = await open({}, port);
      const arrived = new Promise((resolve) => {
        host.io.on("connection", (socket) => {
          socket.on("while away", resolve);
        });
      });
      await says(4, "connect");
      expect(await arrived).toBe("€");
      const log = await page.evaluate(
        () => (window as unknown as { state: { log: string[] } }).state.log,
      );
      expect(log[0]).toBe("connect");
      expect(log[1]).toMatch(/^disconnect: transport (close|error)$/);
      expect(log.at(-1)).toBe("connect");
      // The browser reports each attempt in vain; nothing else went wrong.
      const attempts =
        /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket/;
      expect(wrong.filter((text) => !attempts.test(text))).toEqual([]);
      const answered = /status of 400/;
      expect(
        during.filter((text) => !attempts.test(text) && !answered.test(text)),
      ).toEqual([]);
    } finally {
      await page.close();
      await host.close();
    }
  },
);

/** Who still sees the requests of clients that poll. */
import { channel } from "node:diagnostics_channel";
import { createServer, IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { closed, HELLO, open } from "./asker.js";
import type { Site } from "./rig.js";

describe("Node sees a request", () => {
  const seen = async (
    watch: (site: Site) => void,
    options: Parameters<typeof Site.open>[0] = {},
  ) => {
    const { site, byNode, asker } = await open(options);
    watch(site);
    const asked = await asker();
    await asked.hello();
    return byNode.mock.calls.length;
  };

  test("if nobody wants to see it not", async () => {
    expect(await seen(() => {})).toBe(0);
  });

  test("for other listeners of the server", async () => {
    const listener = vi.fn();
    expect(await seen(({ http }) => http.on("request", listener))).toBe(1);
    expect(listener).toHaveBeenCalledOnce();
  });

  test("for whoever stands in front of our listener", async () => {
    const paths: (string | undefined)[] = [];
    const calls = await seen(({ http }) => {
      const [ours] = http.listeners("request");
      http.removeAllListeners("request");
      http.on("request", (request: IncomingMessage, response) => {
        paths.push(request.url);
        Reflect.apply(ours, http, [request, response]);
      });
    });
    expect([calls, paths]).toEqual([1, [HELLO]]);
  });

  test("for middlewares of the engine", async () => {
    const calls = await seen(({ engine }) =>
      engine.use((_request, response, next) => {
        response.setHeader("X-Seen", "1");
        next();
      }),
    );
    expect(calls).toBe(1);
  });

  test("for CORS", async () => {
    expect(await seen(() => {}, { cors: { origin: "*" } })).toBe(1);
  });

  test("for those who add headers to its answer", async () => {
    expect(await seen(({ engine }) => engine.on("headers", () => {}))).toBe(1);
    expect(
      await seen(({ engine }) => engine.on("initial_headers", () => {})),
    ).toBe(1);
  });

  test("for those who trace programs", async () => {
    expect(
      await seen(({ http }) => {
        http.emit = http.emit.bind(http);
      }),
    ).toBe(1);
    const listener = vi.fn();
    const started = channel("http.server.request.start");
    started.subscribe(listener);
    onTestFinished(() => void started.unsubscribe(listener));
    expect(await seen(() => {})).toBe(1);
    expect(listener).toHaveBeenCalledOnce();
    started.unsubscribe(listener);
    const finished = channel("http.server.response.finish");
    finished.subscribe(listener);
    onTestFinished(() => void finished.unsubscribe(listener));
    expect(await seen(() => {})).toBe(1);
  });

  test("for those who handle requests in the engine's place", async () => {
    const { site, asker } = await open();
    const own = vi.fn((_request: IncomingMessage, response: ServerResponse) => {
      response.end("mine");
    });
    site.engine.handleRequest = own;
    const asked = await asker();
    expect((await asked.ask("GET", HELLO)).body).toBe("mine");
  });

  test("of a class of the application's", async () => {
    class Request extends IncomingMessage {}
    class Response extends ServerResponse {}
    for (const made of [
      { IncomingMessage: Request },
      { ServerResponse: Response },
      { joinDuplicateHeaders: true },
    ]) {
      const { byNode, asker } = await open({}, createServer(made));
      await (await asker()).hello();
      expect(byNode).toHaveBeenCalledOnce();
    }
  });

  test("that is longer than the server allows", async () => {
    const { asker } = await open({}, createServer({ maxHeaderSize: 300 }));
    const asked = await asker();
    await asked.hello();
    asked.write("GET", HELLO, undefined, `X: ${"a".repeat(300)}`);
    await closed(asked.socket);
    await expect(asked.answer()).rejects.toThrow("431");
  });

  test("if there are limits that only Node keeps to", async () => {
    expect(await seen(({ http }) => http.setTimeout(10_000))).toBe(1);
    expect(await seen(({ http }) => (http.maxRequestsPerSocket = 2))).toBe(1);
    expect(await seen(({ http }) => (http.maxHeadersCount = 9))).toBe(1);
  });
});

/**
 * What throws while a transport is opened is heard at once, with its cause, and
 * is tried again like other failures. The reference is silent until its time
 * to connect is over.
 */
import { afterEach, describe, expect, test, vi } from "vitest";
import { Client, io, type ManagerOptions } from "../../src/client/index.js";
import { io as inPages } from "../../src/client/browser.js";
import type { Lookup } from "../../src/client/lookup.js";
import { Transport } from "../../src/client/transport.js";

interface Failure extends Error {
  description?: unknown;
}

type Options = Partial<ManagerOptions>;

/** The first error, and whether another attempt follows. */
async function failure(
  lookup: Lookup,
  options: Options,
): Promise<{ error: Failure; again: Failure }> {
  const socket = lookup("http://127.0.0.1:1", {
    forceNew: true,
    timeout: false as never,
    reconnectionDelay: 1,
    reconnectionDelayMax: 1,
    ...options,
  });
  const next = () =>
    new Promise<Failure>((resolve) => socket.once("connect_error", resolve));
  try {
    return { error: await next(), again: await next() };
  } finally {
    socket.disconnect();
  }
}

const cause = ({ description }: Failure) => String(description);

class Broken extends Transport {
  readonly line = { batch: false, binary: true };
  get name() {
    return "broken";
  }
  protected _start(): void {
    throw new Error("no such thing");
  }
  protected _stop(): void {}
  protected _write(): void {}
}

describe("in Node.js", () => {
  const websocket: Options = { transports: ["websocket"] };

  test.each<[string, Options, RegExp]>([
    [
      "a header's name",
      { ...websocket, extraHeaders: { "bad name": "x" } },
      /Header name must be a valid HTTP token/,
    ],
    [
      "a line break in a header",
      { ...websocket, extraHeaders: { name: "a\r\nb: c" } },
      /Invalid character in header content/,
    ],
    [
      "a header outside Latin-1",
      { ...websocket, extraHeaders: { name: "\u{1f600}" } },
      /Invalid character in header content/,
    ],
    [
      "a subprotocol",
      { ...websocket, protocols: "not a token" },
      /subprotocol/,
    ],
    [
      "a header's name, over polling",
      { transports: ["polling"], extraHeaders: { "bad name": "x" } },
      /Header name must be a valid HTTP token/,
    ],
    [
      "a transport of the application's",
      { transportImplementations: [Broken] },
      /no such thing/,
    ],
  ])("%s", async (_, options, sentence) => {
    const { error, again } = await failure(io, options);
    expect(error.message).toMatch(/^(websocket|xhr poll|broken) error$/);
    expect(cause(error)).toMatch(sentence);
    expect(cause(again)).toMatch(sentence);
  });

  test("Client says what to look at", async () => {
    const client = new Client({
      transports: ["websocket"],
      extraHeaders: { "bad name": "x" },
      reconnection: false,
    } as never);
    await expect(client.connect("http://127.0.0.1:1")).rejects.toThrow(
      /Header name must be a valid HTTP token/,
    );
  });
});

describe("in pages", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("without WebSocket", async () => {
    vi.stubGlobal("WebSocket", undefined);
    const { error } = await failure(inPages, {
      transports: ["websocket"],
    });
    expect(error.message).toBe("websocket error");
    expect(cause(error)).toMatch(/WebSocket is not a constructor/);
  });

  test("where the constructor throws", async () => {
    vi.stubGlobal(
      "WebSocket",
      class {
        constructor() {
          throw new Error("an insecure WebSocket from a secure page");
        }
      },
    );
    const { error } = await failure(inPages, {
      transports: ["websocket"],
    });
    expect(cause(error)).toMatch(/an insecure WebSocket/);
  });

  test("without XMLHttpRequest", async () => {
    const { error } = await failure(inPages, {
      transports: ["polling"],
    });
    expect(error.message).toBe("xhr poll error");
    expect(cause(error)).toMatch(/XMLHttpRequest is not defined/);
  });
});

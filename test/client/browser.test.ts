/**
 * The browser's entries, in Node.js, with its `fetch` and the WebSocket of `ws`
 * in the place of the platform's. (Real browsers: test/browser.)
 */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import * as full from "../../src/client/browser.js";
import * as minimal from "../../src/client/minimal.js";
import * as packaged from "../../src/client/browser-package.js";
import * as node from "../../src/client/index.js";
import {
  afterTest,
  next,
  nextValue,
  old,
  SERVERS,
  upgraded,
} from "./support.js";

beforeAll(() => vi.stubGlobal("WebSocket", WebSocket));
afterAll(() => vi.unstubAllGlobals());

const BYTES = new Uint8Array([1, 2, 255]);

describe.each([
  ["full", full.io, full],
  ["minimal", minimal.io, minimal],
] as const)(
  "the %s client of browsers",
  (_name, io, { Fetch, WebSocket: Socket }) => {
    const implementations = [
      { over: "fetch", classes: [Fetch] },
      { over: "WebSocket", classes: [Socket] },
      { over: "both", classes: [Fetch, Socket] },
    ];

    describe.each(SERVERS)("with $name", ({ serve }) => {
      it.each(implementations)(
        "carries events, acks and binary over $over",
        async ({ classes }) => {
          const { url } = await serve();
          const socket = io(url, {
            forceNew: true,
            transportImplementations: classes,
          });
          afterTest(() => socket.disconnect());
          await next(socket, "connect");
          if (classes.length > 1) await upgraded(socket);
          const answer = (await socket.emitWithAck("echo", {
            text: "€",
            bytes: BYTES,
          })) as {
            text: string;
            bytes: ArrayBuffer;
          };
          expect(answer.text).toBe("€");
          expect(answer.bytes).toBeInstanceOf(ArrayBuffer);
          expect(new Uint8Array(answer.bytes)).toEqual(BYTES);
        },
      );
    });
  },
);

describe("the minimal client", () => {
  it("exports what the full one does, but for WebTransport", () => {
    const names = (module: object) =>
      Object.keys(module)
        .filter((name) => name !== "WebTransport")
        .sort();
    expect(names(minimal)).toEqual(names(full));
    expect(names(node)).toEqual(names(packaged));
  });

  it("tells a server of an older generation from one that it knows", async () => {
    const { url } = await old("sio2");
    const socket = minimal.io(url, {
      forceNew: true,
      reconnection: false,
      transportImplementations: [minimal.Fetch],
    });
    afterTest(() => socket.disconnect());
    expect((await nextValue<Error>(socket, "connect_error")).message).toBe(
      "server error",
    );
  });
});

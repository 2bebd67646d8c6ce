/** `io.serve(Class, { path })` in every runtime: paths beside the server's own. */
import { io as officialClient } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { client06 } from "../interop/old/peers/old-clients.js";
import type { Line, Program } from "./process.js";

export interface Place {
  readonly name: string;
  readonly webSockets: boolean;
  readonly start: (options: Line) => Promise<[Program, string]>;
}

export function pathsSuite({ name, start, webSockets }: Place): void {
  describe(`${name}, a class at a path`, () => {
    let server: Program;
    let origin: string;

    beforeAll(async () => {
      [server, origin] = await start({
        echoAt: "/echo/:room",
        generations: "all",
      });
    });

    afterAll(async () => {
      expect(await server.stop()).toBe(0);
    });

    const transports = webSockets ? ["polling", "websocket"] : ["polling"];

    test.each(transports)(
      "with what the path captured, over %s",
      async (transport) => {
        const socket = officialClient(origin, {
          path: `/echo/${transport}%20a`,
          transports: [transport],
          reconnection: false,
          forceNew: true,
        });
        const answer = await new Promise((resolve, reject) => {
          socket.on("message", resolve);
          socket.on("connect_error", reject);
          socket.send("hi");
        });
        expect(answer).toBe(`${transport} a: hi`);
        socket.disconnect();
        const closed = await server.line({ closedIn: `${transport} a` });
        expect(closed["reason"]).toBe("client namespace disconnect");
      },
    );

    test.each(transports)("it may refuse, over %s", async (transport) => {
      const socket = officialClient(origin, {
        path: "/echo/closed",
        transports: [transport],
        reconnection: false,
        forceNew: true,
      });
      const error = await new Promise<unknown>((resolve) =>
        socket.on("connect_error", resolve),
      );
      expect(String(error)).toContain("Connection rejected by server");
      socket.disconnect();
    });

    test("a client of 0.6", async () => {
      const peer = client06();
      const socket = await peer.open(Number(new URL(origin).port), {
        transport: "xhr-polling",
        resource: "echo/old",
      });
      const heard = new Promise((resolve) => socket.on("message", resolve));
      socket.send("hi");
      expect(await heard).toBe("old: hi");
      await peer.shutDown();
    });

    test("the server's own path has no class", async () => {
      const socket = officialClient(origin, {
        transports: ["polling"],
        reconnection: false,
        forceNew: true,
      });
      const heard: unknown[] = [];
      socket.on("message", (message) => heard.push(message));
      socket.send("hi");
      expect(await socket.emitWithAck("echo", 1)).toBe(1);
      expect(heard).toEqual([]);
      socket.disconnect();
    });
  });
}

/** Clients that do not read, in every runtime: what waits for them has bounds. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Place } from "./paths-suite.js";
import type { Program } from "./process.js";

const BOUND = 256 * 1024;
/** What a line may hold beside the queue, and one more packet. */
const BESIDE = 256 * 1024;
const TIMES = 400;

export function pressureSuite({ name, start, webSockets }: Place): void {
  describe(`${name}, clients that do not keep up`, () => {
    let server: Program;
    let origin: string;

    beforeAll(async () => {
      [server, origin] = await start({
        maxBufferedBytes: BOUND,
        slowConsumerGrace: 0,
      });
    });

    afterAll(async () => {
      expect(await server.stop()).toBe(0);
    });

    async function opened(): Promise<{ socket: WebSocket; sid: string }> {
      const socket = new WebSocket(
        `${origin.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`,
      );
      socket.on("open", () => socket.send("40"));
      const sid = await new Promise<string>((resolve) =>
        socket.on("message", (data: Buffer) => {
          const text = String(data);
          if (text.startsWith("40{"))
            resolve((JSON.parse(text.slice(2)) as { sid: string }).sid);
        }),
      );
      return { socket, sid };
    }

    if (webSockets) {
      test("one that stops reading its WebSocket is let go", async () => {
        const { socket, sid } = await opened();
        socket.pause();
        socket.send('42["flood"]');
        const left = await server.line({ left: sid });
        expect(left["reason"]).toBe("slow consumer");
        const { most } = await server.line({ flooded: sid });
        expect(most).toBeGreaterThan(BOUND / 2);
        expect(most).toBeLessThan(BOUND + BESIDE);
        socket.terminate();
      });

      test("emit() says when to wait, drain when to go on, and nothing is lost", async () => {
        const { socket, sid } = await opened();
        const numbers: unknown[] = [];
        const all = new Promise<void>((resolve) =>
          socket.on("message", (data: Buffer) => {
            const [, number] = /^42\["filler",(\d+),/.exec(String(data)) ?? [];
            if (number !== undefined && numbers.push(Number(number)) === TIMES)
              resolve();
          }),
        );
        socket.send(`42["fill",${TIMES}]`);
        await all;
        expect(numbers).toEqual(Array.from({ length: TIMES }, (_, i) => i));
        const { waits, most } = await server.line({ filled: sid });
        expect(waits).toBeGreaterThan(10);
        expect(most).toBeLessThan(BOUND + BESIDE);
        socket.terminate();
      });
    }

    test("one that does not poll is let go", async () => {
      const url = `${origin}/socket.io/?EIO=4&transport=polling`;
      const opening = await (await fetch(url)).text();
      const { sid } = JSON.parse(opening.slice(1)) as { sid: string };
      const session = `${url}&sid=${sid}`;
      const post = (body: string) => fetch(session, { method: "POST", body });
      await post("40");
      const answer = await (await fetch(session)).text();
      const { sid: id } = JSON.parse(answer.slice(2)) as { sid: string };
      await post('42["flood"]');
      const left = await server.line({ left: id });
      expect(left["reason"]).toBe("slow consumer");
      const { most } = await server.line({ flooded: id });
      expect(most).toBeLessThan(BOUND + BESIDE);
    });
  });
}

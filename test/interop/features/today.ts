/** What came with 4.x: broadcasts that are acknowledged, recovered connections, other parsers. */
import { expect } from "vitest";
import type { ServerSocket } from "../peers/peer.js";
import { acked, next, within } from "../rig.js";
import type { Feature } from "./feature.js";
import { answer } from "./messages.js";

export const broadcastAcks: Feature = {
  name: "bcast ack",
  async run(rig) {
    const server = await rig.start();
    for (const name of ["ada", "bob", "cyd"]) {
      const { client } = await rig.ends(server);
      client.on("who", (what: unknown, done: (...values: unknown[]) => void) =>
        done({ name, what }),
      );
    }
    const bytes = Buffer.from([1, 2, 3]);
    const answers = await within(
      new Promise<unknown>((resolve, reject) => {
        server.io
          .timeout?.(5_000)
          .emit("who", bytes, (error: unknown, all: unknown[]) => {
            if (error) reject(new Error("not everybody answered"));
            else resolve(all);
          });
      }),
      "the answers to a broadcast",
    );
    expect(answers).toHaveLength(3);
    expect(answers).toEqual(
      expect.arrayContaining(
        ["ada", "bob", "cyd"].map((name) => ({ name, what: bytes })),
      ),
    );
  },
};

export const recovery: Feature = {
  name: "recovery",
  async run(rig) {
    const server = await rig.start({ recovery: true });
    const { client, server: socket } = await rig.settledEnds(server, {
      reconnection: true,
    });
    await rig.pair.server.join(socket, "red");
    const heard: unknown[] = [];
    const last = new Promise<void>((resolve) => {
      client.on("news", (...args: unknown[]) => {
        heard.push(args[0]);
        if (args[0] === "after") resolve();
      });
    });
    const first = next(client, "news");
    server.io.to("red").emit("news", "before");
    await first;
    const { id } = client;

    const gone = next(socket, "disconnect");
    const back = next(client, "connect", "the client is back");
    const again = next<[ServerSocket]>(server.io, "connection");
    client.io.engine.close();
    await gone;
    server.io.to("red").emit("news", "missed", Buffer.from([1]));
    server.io.to("blue").emit("news", "not for us");
    const [[returned]] = await Promise.all([again, back]);
    expect(client.recovered).toBe(true);
    expect([client.id, returned.id]).toEqual([id, id]);
    server.io.to("red").emit("news", "after");
    await within(last, "the event after the recovery");
    expect(heard).toEqual(["before", "missed", "after"]);
  },
};

export const msgpack: Feature = {
  name: "msgpack",
  async run(rig) {
    const server = await rig.start({ msgpack: true });
    const ends = await rig.ends(server, { msgpack: true });
    const values = [
      "€ 😀 \u0000",
      { list: [1, -1.5, 2 ** 40, null, true] },
      Buffer.from([0, 255, 4]),
    ];
    for (const [from, to] of [
      [ends.client, ends.server],
      [ends.server, ends.client],
    ] as const) {
      to.on("mirror", (...args: unknown[]) =>
        answer(args)(...args.slice(0, -1)),
      );
      expect(await acked(from, "mirror", ...values)).toEqual(values);
    }
  },
};

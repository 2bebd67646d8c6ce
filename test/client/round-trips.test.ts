/** How many round trips the client needs until it knows what a server speaks: each request that waits for the answer to another is one more. */
import { afterAll, expect, it } from "vitest";
import { PEERS, start, watch } from "./old-servers.js";
import { connect, next, old, reference } from "./support.js";

/** A request of a session, so its server is known. */
const KNOWN =
  /[?&]sid=|^\/socket\.io\/1\/[\w-]+\/[\w-]|^\/socket\.io\/xhr-polling\/\d/;

afterAll(async () => {
  for (const peer of Object.values(PEERS)) await peer.shutDown();
});

const later = async (serve: () => Promise<{ port: number }>) =>
  watch((await serve()).port);

it.each([
  ["4.8.4", 1, () => later(() => reference())],
  ["3.1.2", 1, () => later(() => old("sio3"))],
  ["2.5.1", 1, () => later(() => old("sio2"))],
  ["1.7.4", 1, () => later(() => old("sio1"))],
  ["0.9.19", 2, () => start(PEERS["0.9"])],
  ["0.8.7", 2, () => start(PEERS["0.8"])],
  ["0.7.11", 2, () => start(PEERS["0.7"])],
  ["0.6.18", 3, () => start(PEERS["0.6"])],
] as const)("socket.io %s is known after %d", async (_, count, serve) => {
  const { url, trips } = await serve();
  const socket = connect(url);
  await next(socket, "connect");
  await expect
    .poll(() => trips.findIndex((trip) => trip.some((url) => KNOWN.test(url))))
    .toBe(count);
});

it.each(["0.9", "0.8"] as const)(
  "a server of %s is known after two where WebSocket is the only transport",
  async (generation) => {
    const { url, trips } = await start(PEERS[generation]);
    const socket = connect(url, { transports: ["websocket"] });
    await next(socket, "connect");
    expect(trips.findIndex((trip) => trip.some((url) => KNOWN.test(url)))).toBe(
      2,
    );
  },
);

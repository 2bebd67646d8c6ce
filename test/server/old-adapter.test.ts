/**
 * Adapters for socket.io 3 hand what they have encoded, and programs what they
 * have not, to each socket's `packet()`. Ours and the reference.
 */
import { io as connect, type Socket as ClientSocket } from "socket.io-client";
import { Adapter } from "socket.io-adapter";
import { expect, test } from "vitest";
import type { AdapterConstructor } from "../../src/server/adapter.js";
import { atEnd, both } from "./beside.js";

interface Receiver {
  packet(packet: unknown, options?: object): void;
}

/** What it has of its base that is not declared. */
interface Parts {
  readonly nsp: { name: string; sockets: Map<string, Receiver> };
  readonly encoder: { encode(packet: object): unknown[] };
}

/** Broadcasts in the way of socket.io-adapter 2.2. */
class OldAdapter extends Adapter {
  override broadcast(
    packet: { nsp?: string },
    opts: Parameters<Adapter["broadcast"]>[1],
  ): void {
    const { nsp, encoder } = this as unknown as Parts;
    const { flags = {}, rooms, except = new Set() } = opts;
    const options = {
      preEncoded: true,
      volatile: flags.volatile,
      compress: flags.compress,
    };
    packet.nsp = nsp.name;
    const encoded = encoder.encode(packet);
    for (const [id, socket] of nsp.sockets) {
      const meant =
        rooms.size === 0 ||
        [...rooms].some((room) => this.rooms.get(room)?.has(id));
      if (meant && !except.has(id)) socket.packet(encoded, options);
    }
  }
}

const adapter = OldAdapter as unknown as AdapterConstructor;

/** All events until the one named `last`. */
function events(client: ClientSocket): Promise<unknown[]> {
  const heard: unknown[] = [];
  return new Promise((resolve) =>
    client.onAny((...args: unknown[]) => {
      if (args[0] === "last") resolve(heard);
      else heard.push(args);
    }),
  );
}

test.each(["/", "/chat"])("broadcasts of an old adapter in %s", async (nsp) => {
  const [ours, theirs] = await both({ adapter }, async ({ io, url }) => {
    const namespace = io.of(nsp);
    const clients: ClientSocket[] = [];
    for (const transports of [["websocket"], ["polling"]]) {
      const peer = new Promise<{ join(room: string): unknown }>((resolve) =>
        namespace.once("connection", resolve),
      );
      const client = connect(url + nsp, { transports, forceNew: true });
      atEnd(() => client.disconnect());
      clients.push(client);
      await (await peer).join(String(transports[0]));
    }
    const heard = Promise.all(clients.map(events));
    namespace.emit("everybody", "ü", { bytes: Buffer.from([1, 2]) });
    namespace.to("polling").emit("polling", 1);
    namespace.to("websocket").compress(false).emit("websocket", 2);
    namespace.emit("last");
    return heard;
  });
  expect(ours).toEqual(theirs);
  expect(ours.map((events) => events.length)).toEqual([2, 2]);
});

test("packets that a program makes itself", async () => {
  const [ours, theirs] = await both({}, async ({ io, url }) => {
    io.of("/chat").on("connection", (socket) => {
      const receiver = socket as unknown as Receiver;
      receiver.packet({ type: 2, data: ["by hand", Buffer.from([7])] });
      receiver.packet({ type: 2, nsp: "/other", data: ["here", 1] });
      receiver.packet({ type: 2, data: ["last"] }, { compress: false });
    });
    const client = connect(`${url}/chat`, { forceNew: true });
    atEnd(() => client.disconnect());
    return events(client);
  });
  expect(ours).toEqual(theirs);
  expect(ours).toHaveLength(2);
});

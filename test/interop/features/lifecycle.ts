/** Coming back after a restart, volatile events, and why a connection ended. */
import { expect } from "vitest";
import { acked, next, within, type Ends } from "../rig.js";
import type { ClientSocket, ServerSocket } from "../peers/peer.js";
import type { Feature } from "./feature.js";

export const reconnect: Feature = {
  name: "reconnect",
  async run(rig) {
    const first = await rig.start();
    const { client } = await rig.settledEnds(first, { reconnection: true });
    const lost = next<[string]>(
      client,
      "disconnect",
      "the client notices the stop",
    );
    const { port } = first;
    await rig.stop(first);
    expect((await lost)[0]).toMatch(/^transport (close|error)$/);
    client.emit("while away", 1);
    client.emit("while away", 2);

    const back = next(client, "connect", "the client connects again");
    const second = await rig.start({ port });
    const received: number[] = [];
    const both = new Promise<void>((resolve) => {
      second.io.on("connection", (socket: ServerSocket) => {
        socket.on("while away", (number: number) => {
          if (received.push(number) === 2) resolve();
        });
        socket.on("alive", (done: (id: string) => void) => done(socket.id));
      });
    });
    await back;
    await within(both, "what was emitted while the server was away");
    expect(received).toEqual([1, 2]);
    expect(await acked(client, "alive")).toEqual([client.id]);
  },
};

export const volatile: Feature = {
  name: "volatile",
  async run(rig) {
    const server = await rig.start();
    const { client, server: socket } = await rig.settledEnds(server);
    await arrives(() => socket.volatile.emit("maybe", 1), client);
    // The clients before 3.0 have no volatile events of their own.
    if (client.volatile === undefined) return;
    await arrives(() => client.volatile?.emit("maybe", 1), socket);

    // Before the connection stands, ordinary events wait and volatile ones are dropped.
    const heard: string[] = [];
    const arrived = new Promise<void>((resolve) => {
      server.io.on("connection", (late: ServerSocket) => {
        late.on("dropped", () => heard.push("dropped"));
        late.on("kept", () => {
          heard.push("kept");
          resolve();
        });
      });
    });
    const early = rig.open(server);
    early.volatile?.emit("dropped");
    early.emit("kept");
    await within(arrived, "the event that was kept");
    expect(heard).toEqual(["kept"]);
  },
};

/** Volatile events may be dropped; of many, some arrive. */
async function arrives(
  emit: () => void,
  to: ClientSocket | ServerSocket,
): Promise<void> {
  const repeat = setInterval(emit, 10);
  try {
    expect(await next(to, "maybe", "one of many volatile events")).toEqual([1]);
  } finally {
    clearInterval(repeat);
  }
}

type Way = readonly [
  name: string,
  end: (ends: Ends) => unknown,
  reasons: { client: string; server: string },
];

const WAYS: readonly Way[] = [
  [
    "socket.disconnect()",
    ({ server }) => server.disconnect(),
    { client: "io server disconnect", server: "server namespace disconnect" },
  ],
  [
    "socket.disconnect(true)",
    ({ server }) => server.disconnect(true),
    { client: "io server disconnect", server: "server namespace disconnect" },
  ],
  [
    "client.disconnect()",
    ({ client }) => client.disconnect(),
    { client: "io client disconnect", server: "client namespace disconnect" },
  ],
  [
    "client.io.engine.close()",
    ({ client }) => client.io.engine.close(),
    { client: "forced close", server: "transport close" },
  ],
];

export const disconnect: Feature = {
  name: "disconnect",
  async run(rig) {
    const server = await rig.start();
    for (const [name, end, expected] of WAYS) {
      const ends = await rig.settledEnds(server);
      const client = next<[string]>(
        ends.client,
        "disconnect",
        `${name} on the client`,
      );
      const socket = next<[string]>(
        ends.server,
        "disconnect",
        `${name} on the server`,
      );
      end(ends);
      const [[clientReason], [serverReason]] = await Promise.all([
        client,
        socket,
      ]);
      expect({ name, client: clientReason, server: serverReason }).toEqual({
        name,
        ...expected,
      });
    }
  },
};

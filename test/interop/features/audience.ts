/** Who hears what: namespaces, refusals, rooms and broadcasts. */
import { expect } from "vitest";
import { acked, next, type Ends, type Rig } from "../rig.js";
import type { RunningServer, ServerSocket } from "../peers/peer.js";
import type { Feature } from "./feature.js";

export const namespaces: Feature = {
  name: "namespaces",
  async run(rig) {
    const server = await rig.start();
    for (const name of ["/", "/admin", "/other"])
      server.io.of(name).on("connection", (socket: ServerSocket) => {
        socket.on("where", (done: (name: string) => void) => done(name));
        socket.on("credentials", (done: (token: unknown) => void) => {
          const { auth, query } = socket.handshake;
          done(auth?.["token"] ?? query["token"]);
        });
      });
    const root = await rig.ends(server, { shared: true });
    const admin = await rig.ends(server, {
      namespace: "/admin",
      credentials: { token: "secret & €" },
      shared: true,
    });
    const other = await rig.ends(server, { namespace: "/other", shared: true });
    expect(admin.client.io).toBe(root.client.io);
    expect(
      new Set([root, admin, other].map(({ server: socket }) => socket.id)).size,
    ).toBe(3);
    expect(await acked(admin.client, "credentials")).toEqual(["secret & €"]);
    const where = [root, admin, other].map(({ client }) =>
      acked(client, "where"),
    );
    expect(await Promise.all(where)).toEqual([["/"], ["/admin"], ["/other"]]);

    const heard: string[] = [];
    root.client.on("news", () => heard.push("/"));
    admin.client.on("news", () => heard.push("/admin"));
    other.client.on("news", () => heard.push("/other"));
    server.io.of("/admin").emit("news");
    await roundTrips(root, admin, other);
    expect(heard).toEqual(["/admin"]);

    const left = next(admin.server, "disconnect");
    admin.client.disconnect();
    await left;
    expect(await acked(other.client, "where")).toEqual(["/other"]);

    const stranger = rig.open(server, { namespace: "/nowhere", shared: true });
    const refusal = await rig.pair.client.refused(stranger);
    expect(refusalText(refusal)).toBe("Invalid namespace");
    expect(await acked(root.client, "where")).toEqual(["/"]);
  },
};

/** EIO3 clients get a bare string; where a server sends an object, its message counts. */
function refusalText({
  message,
  data,
}: {
  message: string | undefined;
  data: unknown;
}): unknown {
  if (message !== undefined) return message;
  return typeof data === "object" && data !== null && "message" in data
    ? data.message
    : data;
}

export const refusal: Feature = {
  name: "refusal",
  async run(rig) {
    const server = await rig.start();
    server.io.of("/bare").use((_, proceed) => proceed(new Error("not you: €")));
    server.io.of("/data").use((_, proceed) => {
      proceed(
        Object.assign(new Error("not you"), {
          data: { code: 42, why: ["a", null] },
        }),
      );
    });
    server.io.of("/open").use((_, proceed) => setImmediate(proceed));
    let entered = 0;
    for (const name of ["/bare", "/data"])
      server.io.of(name).on("connection", () => void entered++);
    const { server: peer, client } = rig.pair;

    const root = await rig.ends(server, { shared: true });
    root.server.on("alive", (done: () => void) => done());
    const bare = rig.open(server, { namespace: "/bare", shared: true });
    expect(await client.refused(bare)).toEqual({
      message: "not you: €",
      data: undefined,
    });
    expect(bare.connected).toBe(false);

    const data = rig.open(server, { namespace: "/data", shared: true });
    const seen = await client.refused(data);
    expect(seen.data).toEqual({ code: 42, why: ["a", null] });
    // Before 3.0 the data takes the message's place on the wire.
    if (peer.generation >= 3 && client.generation >= 3)
      expect(seen.message).toBe("not you");

    await rig.ends(server, { namespace: "/open", shared: true });
    await acked(root.client, "alive");
    expect(entered).toBe(0);
  },
};

export const rooms: Feature = {
  name: "rooms",
  async run(rig) {
    const server = await rig.start();
    const { server: peer } = rig.pair;
    const [ada, bob, cyd] = await three(rig, server);
    const heard = record({ ada, bob, cyd });
    await peer.join(ada.server, "red");
    await peer.join(bob.server, "red");
    await peer.join(cyd.server, "blue");

    server.io.emit("news", "all");
    server.io.to("red").emit("news", "red");
    ada.server.to("red").emit("news", "red but ada");
    bob.server.broadcast.emit("news", "all but bob");
    server.io.to(cyd.server.id).emit("news", "cyd alone");
    server.io.to("blue").emit("news", { bytes: Buffer.from([1, 2, 3]) });
    await roundTrips(ada, bob, cyd);
    expect(heard).toEqual({
      ada: ["all", "red", "all but bob"],
      bob: ["all", "red", "red but ada"],
      cyd: [
        "all",
        "all but bob",
        "cyd alone",
        { bytes: Buffer.from([1, 2, 3]) },
      ],
    });

    await peer.leave(ada.server, "red");
    server.io.to("red").emit("news", "red without ada");
    await roundTrips(bob);
    const gone = next(bob.server, "disconnect");
    bob.client.disconnect();
    await gone;
    server.io.to("red").emit("news", "nobody");
    await roundTrips(ada, cyd);
    expect(heard.bob?.at(-1)).toBe("red without ada");
    expect(heard.ada?.length).toBe(3);
  },
};

async function three(
  rig: Rig,
  server: RunningServer,
): Promise<[Ends, Ends, Ends]> {
  return [
    await rig.ends(server),
    await rig.ends(server),
    await rig.ends(server),
  ];
}

function record(people: Record<string, Ends>): Record<string, unknown[]> {
  const heard: Record<string, unknown[]> = {};
  for (const [name, { client }] of Object.entries(people)) {
    const list: unknown[] = (heard[name] = []);
    client.on("news", (value: unknown) => list.push(value));
  }
  return heard;
}

/** After this, everything that the server sent before has arrived. */
async function roundTrips(...all: Ends[]): Promise<void> {
  await Promise.all(
    all.map(async ({ client, server }) => {
      const arrived = next(client, "round trip");
      server.emit("round trip");
      await arrived;
    }),
  );
}

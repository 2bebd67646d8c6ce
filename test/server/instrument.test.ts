/** The official Admin UI's package on our server, with what its page asks for. */
import type { AddressInfo } from "node:net";
import { createServer } from "node:http";
import { io as connect, type Socket as ClientSocket } from "socket.io-client";
import { afterEach, expect, test } from "vitest";
import { Server, type InstrumentOptions } from "../../src/index.js";
import { optionalPackage } from "../../src/runtimes/optional-package.js";
import { serve } from "./fakes.js";

/** bcrypt of "opensesame", at its lowest cost. */
const PASSWORD = "$2a$04$LNPV3W3RiJbeATcKsFJtMeuBkVnImGuK4vtYe0HBO5AGoXMLLiBQy";

const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function instrumented(options: InstrumentOptions) {
  const http = createServer();
  const io = new Server(http).instrument(options);
  open.push(() => io.close());
  await new Promise<void>((resolve) => http.listen(0, resolve));
  const { port } = http.address() as AddressInfo;
  const join = (nsp: string, auth = {}) => {
    const socket = connect(`http://localhost:${port}${nsp}`, {
      auth,
      forceNew: true,
      reconnection: false,
    });
    open.push(() => socket.disconnect());
    return socket;
  };
  return { io, join };
}

/** Resolves to the arguments of the first such event that fits. */
function told(
  page: ClientSocket,
  event: string,
  fits: (...args: unknown[]) => boolean = () => true,
): Promise<unknown[]> {
  return new Promise((resolve) => {
    const listen = (...args: unknown[]) => {
      if (!fits(...args)) return;
      page.off(event, listen);
      resolve(args);
    };
    page.on(event, listen);
  });
}

test("the page sees who comes, moves, speaks, listens and goes", async () => {
  const { io, join } = await instrumented({ auth: false, mode: "development" });
  io.on("connection", (socket) =>
    socket.on("say", (text: string) => {
      socket.emit("said", text);
      void socket.join("room");
    }),
  );
  const page = join("/admin");
  const [[config], [sockets]] = await Promise.all([
    told(page, "config"),
    told(page, "all_sockets"),
  ]);
  expect(config).toEqual({
    supportedFeatures: expect.arrayContaining([
      "MJOIN",
      "MLEAVE",
      "MDISCONNECT",
      "ALL_EVENTS",
    ]) as unknown,
  });
  expect(sockets).toEqual([expect.objectContaining({ nsp: "/admin" })]);

  const comes = told(page, "socket_connected");
  const upgrades = told(
    page,
    "socket_updated",
    (socket) => (socket as { nsp: string }).nsp === "/",
  );
  const client = join("/");
  const [socket] = await comes;
  expect(socket).toMatchObject({ nsp: "/", transport: "polling" });
  const { id } = socket as { id: string };
  expect(await upgrades).toEqual([{ id, nsp: "/", transport: "websocket" }]);

  const speaks = [
    told(page, "event_received"),
    told(page, "event_sent"),
    told(page, "room_joined", (_, room) => room === "room"),
  ];
  client.emit("say", "hello");
  expect(await Promise.all(speaks)).toEqual([
    ["/", id, ["say", "hello"], expect.any(String)],
    ["/", id, ["said", "hello"], expect.any(String)],
    ["/", "room", id, expect.any(String)],
  ]);

  const goes = told(page, "socket_disconnected");
  client.disconnect();
  expect((await goes).slice(0, 3)).toEqual([
    "/",
    id,
    "client namespace disconnect",
  ]);
});

test("the page emits, moves sockets into rooms and disconnects them", async () => {
  const { io, join } = await instrumented({ auth: false });
  const page = join("/admin");
  const client = join("/");
  await Promise.all([told(page, "config"), told(client, "connect")]);
  const hears = told(client, "news");
  page.emit("emit", "/", client.id, "news", 1);
  expect(await hears).toEqual([1]);

  const moved = new Promise((resolve) =>
    io.sockets.adapter.on("join-room", resolve),
  );
  page.emit("join", "/", "room", client.id);
  expect(await moved).toBe("room");
  const left = new Promise((resolve) =>
    io.sockets.adapter.on("leave-room", resolve),
  );
  page.emit("leave", "/", "room", client.id);
  expect(await left).toBe("room");

  const gone = told(client, "disconnect");
  page.emit("_disconnect", "/", false, client.id);
  expect((await gone)[0]).toBe("io server disconnect");
});

test("sums: connections, and bytes in and out", async () => {
  const { join } = await instrumented({ auth: false, mode: "production" });
  const page = join("/admin");
  const sums = told(
    page,
    "server_stats",
    (stats) => (stats as { clientsCount: number }).clientsCount === 2,
  );
  const client = join("/");
  await told(client, "connect");
  const [stats] = await sums;
  expect(stats).toMatchObject({
    namespaces: expect.arrayContaining([
      { name: "/", socketsCount: 1 },
      { name: "/admin", socketsCount: 1 },
    ]) as unknown,
  });
  const { aggregatedEvents } = stats as {
    aggregatedEvents: { type: string }[];
  };
  expect(new Set(aggregatedEvents.map(({ type }) => type))).toEqual(
    new Set([
      "rawConnection",
      "packetsIn",
      "bytesIn",
      "packetsOut",
      "bytesOut",
    ]),
  );
});

test("a page without the password is refused, with it let in", async () => {
  const { join } = await instrumented({
    auth: { type: "basic", username: "admin", password: PASSWORD },
  });
  const stranger = join("/admin", { username: "admin", password: "guess" });
  const [error] = await told(stranger, "connect_error");
  expect(String(error)).toBe("Error: invalid credentials");
  const page = join("/admin", { username: "admin", password: "opensesame" });
  const [session] = await told(page, "session");
  const again = join("/admin", { sessionId: session });
  await told(again, "connect");
});

test("readonly: the page may not act", async () => {
  const { join } = await instrumented({ auth: false, readonly: true });
  const page = join("/admin");
  const [config] = await told(page, "config");
  const { supportedFeatures } = config as { supportedFeatures: string[] };
  expect(supportedFeatures).not.toContain("MDISCONNECT");
});

test("without auth, and without the package, it says what to do", () => {
  expect(() => new Server().instrument({} as InstrumentOptions)).toThrow(
    "instrument: expected the option auth",
  );
  expect(() => optionalPackage("@omnio/nothing", "io.instrument()")).toThrow(
    "io.instrument() needs the package @omnio/nothing, which is not installed: npm install @omnio/nothing",
  );
  // A runtime that cannot load it: the error comes through.
  expect(() => serve().io.instrument({ auth: false })).toThrow(
    "there is no @socket.io/admin-ui",
  );
});

/** The client and servers before 1.0, in processes of their own. */
import { afterAll, describe, expect, it, vi } from "vitest";
import {
  arrival,
  heard,
  GENERATIONS,
  PEERS,
  start,
  watch,
} from "./old-servers.js";
import {
  collect,
  connect,
  manager,
  next,
  nextValue,
  old,
  own,
  reference,
} from "./support.js";

const QUICK = { reconnectionDelay: 5 };
const TEXT = "aé€😀";

afterAll(async () => {
  for (const peer of Object.values(PEERS)) await peer.shutDown();
});

describe.each(GENERATIONS)("a server of %s", (generation) => {
  const peer = PEERS[generation];
  const speaksRfc6455 = ["0.9", "0.8"].includes(generation);

  it("is found by itself in four requests at most", async () => {
    const { url, requests, server } = await start(peer);
    const arrived = arrival(server);
    const socket = connect(url);
    let cost = Infinity;
    socket.once("connect", () => (cost = requests.length));
    await next(socket, "connect");
    await arrived;
    expect(requests[0]).toBe("GET /socket.io/");
    expect(requests[1]).toBe("GET /socket.io/1/");
    expect(cost, requests.join()).toBeLessThanOrEqual(4);
    expect(socket.io.engine?.transport.name).toBe(
      speaksRfc6455 ? "websocket" : "polling",
    );
    expect(socket.id).toEqual(expect.any(String));
  });

  it("is asked in its own words at once if it is pinned", async () => {
    const { url, requests } = await start(peer);
    const socket = connect(url, { protocol: generation });
    await next(socket, "connect");
    expect(requests[0]).toMatch(/^GET \/socket.io\/(1\/|xhr-polling\/\/\w+)$/);
  });

  it("is remembered when the connection is lost", async () => {
    const { url, requests, server } = await start(peer);
    const socket = connect(url, QUICK);
    await next(socket, "connect");
    const lost = nextValue<string>(socket, "disconnect");
    const again = next(socket, "connect");
    requests.length = 0;
    await server.cut();
    expect(await lost).toMatch(/^transport (close|error)$/);
    await again;
    expect(requests).not.toContain("GET /socket.io/");
  });

  describe.each(speaksRfc6455 ? ["polling", "websocket"] : ["polling"])(
    "over %s",
    (transport) => {
      it("exchanges messages, and ends from either side", async () => {
        const { url, server } = await start(peer);
        const arrived = arrival(server);
        const socket = connect(url, { transports: [transport], ...QUICK });
        await next(socket, "connect");
        expect(socket.io.engine?.transport.name).toBe(transport);
        const end = await arrived;
        const message = heard(end, "message");
        socket.send(TEXT);
        expect((await message)[0]).toBe(TEXT);
        const said = nextValue(socket, "message");
        end.send(TEXT);
        expect(await said).toBe(TEXT);
        const value = nextValue(socket, "message");
        end.json({ a: [1, TEXT] });
        expect(await value).toEqual({ a: [1, TEXT] });
        const left = heard(end, "disconnect");
        socket.disconnect();
        await left;
      });
    },
  );
});

describe.each(["0.9", "0.8", "0.7"] as const)(
  "a server of %s",
  (generation) => {
    const peer = PEERS[generation];

    describe.each(
      generation === "0.7" ? ["polling"] : ["polling", "websocket"],
    )("over %s", (transport) => {
      it("exchanges events, acks and receipts", async () => {
        const { url, server } = await start(peer);
        const arrived = arrival(server);
        const socket = connect(url, { transports: [transport] });
        socket.on("ask", (n: number, answer: (...args: unknown[]) => void) =>
          answer(n, TEXT),
        );
        await next(socket, "connect");
        const end = await arrived;
        end.on("echo", (value: unknown, answer: (v: unknown) => void) =>
          answer(value),
        );
        expect(await socket.emitWithAck("echo", TEXT)).toBe(TEXT);
        expect(await socket.emitWithAck("echo", { a: null })).toEqual({
          a: null,
        });
        const answer = new Promise((resolve) => {
          end.emit("ask", 7, (...args: unknown[]) => resolve(args));
        });
        expect(await answer).toEqual([7, TEXT]);
        await new Promise<void>((resolve) => end.send("receipt?", resolve));
      });

      it("lets sockets into namespaces, or refuses them", async () => {
        const { url, server } = await start(peer);
        const shared = manager(url, { transports: [transport] });
        const arrived = arrival(server, "/chat");
        const chat = shared.socket("/chat");
        const denied = shared.socket("/deny");
        const refused = nextValue<Error>(denied, "connect_error");
        await next(chat, "connect");
        const end = await arrived;
        const message = heard(end, "message");
        chat.send("to chat");
        expect((await message)[0]).toBe("to chat");
        expect((await refused).message).toBe("unauthorized");
      });

      it("may send clients away", async () => {
        const { url, server } = await start(peer);
        const arrived = arrival(server);
        const socket = connect(url, { transports: [transport], ...QUICK });
        await next(socket, "connect");
        const end = await arrived;
        const gone = nextValue(socket, "disconnect");
        // Between two polls it could not say so.
        end.on("now", () => end.disconnect());
        socket.emit("now");
        expect(await gone).toBe("io server disconnect");
        expect(socket.active).toBe(false);
      });
    });

    it("refuses handshakes, which ends the search", async () => {
      const { url, requests } = await start(peer);
      const socket = connect(url, {
        query: { token: "refused" },
        reconnection: false,
      });
      const error = await nextValue<Error & { description?: unknown }>(
        socket,
        "connect_error",
      );
      expect(error.description).toBe(403);
      expect(requests).toEqual(["GET /socket.io/", "GET /socket.io/1/"]);
    });
  },
);

describe("what keeps a connection alive", () => {
  it.each(["0.9", "0.8"] as const)("heartbeats of %s", async (generation) => {
    const heartbeats = { interval: 30, timeout: 1_000 };
    const { url } = await start(PEERS[generation], { heartbeats });
    const socket = connect(url);
    await next(socket, "connect");
    await collect(socket.io.engine, "ping", 4);
    expect(socket.connected).toBe(true);
  });

  it.each(GENERATIONS)("polls of %s that end", async (generation) => {
    const { url, server } = await start(PEERS[generation], { pollFor: 30 });
    const arrived = arrival(server);
    const socket = connect(url, { transports: ["polling"] });
    await next(socket, "connect");
    await collect(socket.io.engine.transport, "pollComplete", 4);
    const said = nextValue(socket, "message");
    (await arrived).send("still here");
    expect(await said).toBe("still here");
  });
});

describe("what has no words", () => {
  it("is warned of once, and not sent", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const { url, server } = await start(PEERS["0.6"]);
    const arrived = arrival(server);
    const socket = connect(url);
    await next(socket, "connect");
    const message = heard(await arrived, "message");
    socket.emit("event", 1);
    socket.emit("event", 2);
    socket.send("text");
    expect((await message)[0]).toBe("text");
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.lastCall?.[0]).toContain('"event"');
    warn.mockRestore();
  });
});

describe("a server of 0.6", () => {
  it("has no other namespaces", async () => {
    const { url } = await start(PEERS["0.6"]);
    const chat = manager(url, { reconnection: false }).socket("/chat");
    const { message } = await nextValue<Error>(chat, "connect_error");
    expect(message).toContain("no namespaces");
  });
});

describe("other servers", () => {
  it.each([
    ["4.8.4", () => reference()],
    ["3.1.2", () => old("sio3")],
    ["2.5.1", () => old("sio2")],
    ["1.7.4", () => old("sio1")],
  ])("socket.io %s is found with the first request", async (_, serve) => {
    const { port } = await serve();
    const { url, requests } = await watch(port);
    const socket = connect(url, { transports: ["polling"] });
    await next(socket, "connect");
    expect(new Set(requests.map((request) => request.slice(-11)))).toEqual(
      new Set(["/socket.io/"]),
    );
  });

  it.each(GENERATIONS)("ours speaks %s when asked to", async (generation) => {
    const { url, io } = await own({ generations: "all" } as object);
    io.on("connection", (peer) => {
      peer.on("message", (text: string) => peer.send(text));
    });
    const socket = connect(url, { protocol: generation });
    await next(socket, "connect");
    const answer = nextValue(socket, "message");
    socket.send(TEXT);
    expect(await answer).toBe(TEXT);
  });

  it("a refusal of Engine.IO ends the search", async () => {
    const { port } = await reference({
      allowRequest: (_request, done) => done("not today", false),
    });
    const { url, requests } = await watch(port);
    const socket = connect(url, { reconnection: false });
    await next(socket, "connect_error");
    expect(requests).toEqual(["GET /socket.io/"]);
  });
});

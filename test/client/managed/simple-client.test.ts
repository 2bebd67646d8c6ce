/** `SimpleClient`, and events that are asked for. */
import { describe, expect, it } from "vitest";
import {
  args,
  DisconnectedError,
  TimeoutError,
} from "../../../src/client/index.js";
import { cut, own, SERVERS } from "../support.js";
import { client, failure, simpleClient } from "./support.js";

describe.each(SERVERS)("with $name", ({ serve }) => {
  it("receives events in their order, those of before too", async () => {
    const { io, url } = await serve();
    io.on("connection", (socket) => {
      socket.emit("first", 1, "a");
      socket.emit("second");
      socket.on("go", () => socket.emit("third", 3));
    });
    const c = simpleClient();
    await c.connect(url);
    expect(c.sid).toEqual(expect.any(String));
    expect(c.transport).toEqual(expect.any(String));
    const [event, ...values] = await c.receive({ timeout: 5000 });
    expect([event, values]).toEqual(["first", [1, "a"]]);
    expect(await c.receive()).toEqual(["second"]);
    const third = c.receive();
    await c.emit("go");
    expect(await third).toEqual(["third", 3]);
    const late = await failure(c.receive({ timeout: 10 }));
    expect(late).toBeInstanceOf(TimeoutError);
    expect(late.message).toBe("no event was received within 10 ms");
  });

  it("calls, in a namespace of its own", async () => {
    const { io, url } = await serve();
    io.of("/chat").on("connection", (socket) => {
      socket.on("sum", (a: number, b: number, answer: (n: number) => void) =>
        answer(a + b),
      );
    });
    const c = simpleClient();
    await c.connect(url, { namespace: "/chat" });
    expect(await c.call("sum", args(1, 2))).toBe(3);
    const late = failure(c.call("nothing", 1, { timeout: 5 }));
    expect(await late).toBeInstanceOf(TimeoutError);
  });

  it("waits through a lost connection, and calls again", async () => {
    const { http, url, io } = await serve();
    const c = simpleClient();
    let asked = 0;
    io.on("connection", (socket) => {
      socket.on("ask", (answer: (n: number) => void) => {
        // The first answer does not get through.
        if (++asked === 1) cut(http);
        else answer(asked);
      });
    });
    await c.connect(url);
    expect(await c.call("ask")).toBe(2);
  });

  it("says that there is no connection, and will not be", async () => {
    const { io, url } = await serve();
    const c = simpleClient();
    for (const task of [c.emit("x"), c.call("x"), c.receive()])
      expect(await failure(task)).toBeInstanceOf(DisconnectedError);
    await c.connect(url);
    expect((await failure(c.connect(url))).message).toMatch(/already/);
    const waiting = failure(c.receive());
    io.disconnectSockets();
    expect(await waiting).toBeInstanceOf(DisconnectedError);
    expect(await failure(c.emit("x"))).toBeInstanceOf(DisconnectedError);
    await c.connect(url);
    await c.disconnect();
    expect(await failure(c.receive())).toBeInstanceOf(DisconnectedError);
  });
});

describe("for await", () => {
  it("gives the events of a client until it ends", async () => {
    const { io, url } = await own();
    for (const name of ["/", "/a"])
      io.of(name).on("connection", (socket) => socket.emit("news", name));
    const c = client();
    const seen: unknown[][] = [];
    const all = (async () => {
      for await (const [event, ...values] of c) {
        if (seen.push([event, ...values]) === 2) await c.disconnect();
      }
    })();
    await c.connect(url, { namespaces: ["/", "/a"] });
    await all;
    expect(seen.sort()).toEqual([
      ["news", "/"],
      ["news", "/a"],
    ]);
  });

  it("of one namespace, and as long as somebody listens", async () => {
    const { io, url } = await own();
    for (const name of ["/", "/a"])
      io.of(name).on("connection", (socket) => socket.emit("news", name));
    const c = client();
    const events = c.events({ namespace: "/a" });
    await c.connect(url, { namespaces: ["/", "/a"] });
    for await (const event of events) {
      expect(event).toEqual(["news", "/a"]);
      break;
    }
    expect(c.connected).toBe(true);
  });
});

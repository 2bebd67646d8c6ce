/** `Client` and the servers of each generation since 1.0. */
import { describe, expect, it } from "vitest";
import {
  args,
  BadNamespaceError,
  ConnectionError,
  DisconnectedError,
  TimeoutError,
} from "../../../src/client/index.js";
import { cut, old, own, reference, SERVERS } from "../support.js";
import { client, failure, happens, QUICK } from "./support.js";

describe.each(SERVERS)("with $name", ({ serve }) => {
  it("connects, has ids, and ends", async () => {
    const { io, url } = await serve();
    const c = client();
    const said: string[] = [];
    c.on("connect", () => void said.push("connect"));
    c.on("disconnect", (reason) => void said.push(`disconnect ${reason}`));
    c.on("disconnect_final", (reason) => void said.push(`final ${reason}`));
    expect(c.connected).toBe(false);
    expect(c.transport()).toBeUndefined();
    await c.connect(url);
    expect(c.connected).toBe(true);
    expect(io.sockets.sockets.has(c.sid ?? "")).toBe(true);
    expect(c.getSid("/")).toBe(c.sid);
    expect(c.getSid("/other")).toBeUndefined();
    expect(c.transport()).toMatch(/polling|websocket/);
    const over = c.wait();
    await c.disconnect();
    await over;
    expect(c.connected).toBe(false);
    expect(c.sid).toBeUndefined();
    expect(said).toEqual([
      "connect",
      "disconnect io client disconnect",
      "final io client disconnect",
    ]);
    await c.connect(url);
    expect(said.at(-1)).toBe("connect");
  });

  it("sends one value, several, none, and binary", async () => {
    const { url } = await serve();
    const c = client();
    await c.connect(url, { transports: ["websocket"] });
    expect(await c.call("echo", "text")).toBe("text");
    expect(await c.call("echo", [1, 2])).toEqual([1, 2]);
    expect(await c.call("echo", args(1, "two", null))).toEqual([
      1,
      "two",
      null,
    ]);
    expect(await c.call("echo")).toBeUndefined();
    expect(await c.call("echo", { deep: Buffer.from([1]) })).toEqual({
      deep: Buffer.from([1]),
    });
  });

  it("hands answers to callbacks, and waits for them", async () => {
    const { url } = await serve();
    const c = client();
    await c.connect(url);
    const answers: unknown[] = [];
    c.emit("echo", 1, { callback: (value) => answers.push(value) });
    c.emit("echo", 2, (value) => answers.push(value));
    c.emit("echo", args(3, 4), (...values) => answers.push(values));
    await c.waitForCallbacks();
    expect(answers).toEqual([1, 2, [3, 4]]);
  });

  it("answers with what handlers return", async () => {
    const { io, url } = await serve();
    const asked = new Promise<unknown[]>((resolve) => {
      io.on("connection", (socket) => {
        const ask = (event: string) =>
          new Promise((done) => {
            socket.emit(event, 1, (...values: unknown[]) => done(values));
          });
        void Promise.all(
          ["one", "several", "list", "later", "nothing", "nobody"].map(ask),
        ).then(resolve);
      });
    });
    const c = client();
    c.on("one", (n: number) => n + 1);
    c.on("several", (n: number) => ["OK", n]);
    c.on("list", () => [[1, 2]]);
    c.on("later", async (n: number) => {
      await c.sleep(0.001);
      return n;
    });
    c.on("nothing", () => undefined);
    await c.connect(url);
    expect(await asked).toEqual([[2], ["OK", 1], [[1, 2]], [1], [], []]);
  });

  it("names the event after the function, and the last handler counts", async () => {
    const { io, url } = await serve();
    io.on("connection", (socket) => {
      socket.emit("message", "first");
      socket.emit("message", "second");
    });
    const c = client();
    const heard: string[] = [];
    const over = new Promise<void>((resolve) => {
      c.on("message", () => void heard.push("never"));
      c.event(function message(text: string) {
        if (heard.push(text) === 2) resolve();
      });
    });
    await c.connect(url);
    await over;
    expect(heard).toEqual(["first", "second"]);
    expect(() => c.event(() => undefined)).toThrow(/a function with a name/);
  });

  it("connects the namespaces that are asked for, or that have handlers", async () => {
    const { io, url } = await serve();
    io.of("/a");
    io.of("/b");
    const c = client();
    await c.connect(url, { namespaces: ["/a", "/b"] });
    expect([...c.namespaces.keys()].sort()).toEqual(["/a", "/b"]);
    expect(c.sid).toBe(c.namespaces.values().next().value);
    const message = /"\/" is not connected \(\/[ab], \/[ab] is\)/;
    expect(() => c.emit("x")).toThrow(message);
    expect(() => c.emit("x")).toThrow(BadNamespaceError);

    const other = client();
    other.on("x", () => undefined, { namespace: "/b" });
    other.on("x", () => undefined, { namespace: "*" });
    await other.connect(url);
    expect([...other.namespaces.keys()]).toEqual(["/b"]);
  });

  it("says which namespaces were refused, and ends", async () => {
    const { io, url } = await serve();
    const left = new Promise((resolve) => {
      io.of("/a").on("connection", (socket) =>
        socket.on("disconnect", resolve),
      );
    });
    io.of("/b").use((_socket, go) =>
      go(Object.assign(new Error("not you"), { data: { code: 7 } })),
    );
    const c = client();
    const told = happens(c, "connect_error", "/b");
    const error = await failure(c.connect(url, { namespaces: ["/a", "/b"] }));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toBe(
      "one or more namespaces failed to connect: /b (not you)",
    );
    expect((error as ConnectionError).data).toEqual({ code: 7 });
    const [refusal] = await told;
    expect(refusal).toMatchObject({ message: "not you", data: { code: 7 } });
    expect(c.connected).toBe(false);
    await left;
  });

  it("goes on without those with wait: false", async () => {
    const { io, url } = await serve();
    io.of("/b").use((_socket, go) => go(new Error("not you")));
    const c = client();
    const told = happens(c, "connect_error", "/b");
    const joined = happens(c, "connect");
    await c.connect(url, { namespaces: ["/", "/b"], wait: false });
    await Promise.all([told, joined]);
    expect(await c.call("echo", 1)).toBe(1);
  });

  it("gives up on a server that does not answer for a namespace", async () => {
    const { io, url } = await serve();
    io.of("/slow").use(() => undefined);
    const error = await failure(
      client().connect(url, { namespaces: "/slow", waitTimeout: 30 }),
    );
    expect(error.message).toContain("/slow (no answer within 30 ms");
  });

  it("comes back after an accident, asking again for everything", async () => {
    const { io, http, url } = await serve();
    const came: unknown[][] = [];
    io.on("connection", ({ handshake: { headers, auth, query } }) =>
      came.push([headers["x-try"], auth, query.n]),
    );
    let tries = 0;
    const c = client();
    const said: string[] = [];
    let connected = () => {};
    c.on("connect", () => {
      said.push("connect");
      connected();
    });
    c.on("disconnect", (reason) => void said.push(reason));
    await c.connect(() => `${url}?n=${++tries}`, {
      headers: () => Promise.resolve({ "x-try": `header ${tries}` }),
      auth: () => Promise.resolve({ token: `auth ${tries}` }),
    });
    const back = new Promise<void>((resolve) => (connected = resolve));
    cut(http);
    await back;
    await c.call("echo", "settled");
    expect(said).toEqual([
      "connect",
      expect.stringContaining("transport"),
      "connect",
    ]);
    expect(came).toEqual([
      ["header 1", { token: "auth 1" }, "1"],
      ["header 2", { token: "auth 2" }, "2"],
    ]);
  });

  it("tries again while what it asks for fails or is refused", async () => {
    const { io, http, url } = await serve();
    io.use(({ handshake }, go) =>
      go(handshake.auth.token === "old" ? new Error("expired") : undefined),
    );
    const tokens: (() => string)[] = [
      () => "first",
      () => "old",
      () => {
        throw new Error("no token now");
      },
      () => "new",
    ];
    const c = client();
    const errors: string[] = [];
    c.on("connect_error", ({ message }) => void errors.push(message));
    await c.connect(url, { auth: () => ({ token: tokens.shift()?.() }) });
    const back = happens(c, "connect");
    cut(http);
    await back;
    expect(errors).toEqual([
      "expired",
      'the function for "auth" failed: no token now',
    ]);
  });

  it("does not come back when the server sent it away", async () => {
    const { io, url } = await serve();
    const c = client();
    const final = happens(c, "disconnect_final");
    await c.connect(url);
    io.disconnectSockets();
    expect(await final).toEqual(["io server disconnect"]);
    await c.wait();
    expect(c.connected).toBe(false);
  });

  it("keeps the other namespaces when one ends", async () => {
    const { io, url } = await serve();
    io.of("/a");
    const c = client();
    await c.connect(url, { namespaces: ["/", "/a"] });
    const final = happens(c, "disconnect_final", "/a");
    io.of("/a").disconnectSockets();
    await final;
    expect(await c.call("echo", 1)).toBe(1);
    await c.disconnect({ namespace: "/" });
    expect(c.connected).toBe(false);
    await c.wait();
  });

  it("rejects calls without an answer, by what happened", async () => {
    const { io, url } = await serve();
    const c = client();
    await c.connect(url);
    const late = await failure(c.call("silence", 1, { timeout: 10 }));
    expect(late).toBeInstanceOf(TimeoutError);
    expect(late.message).toContain('"silence" was not answered within 10 ms');
    const pending = failure(c.call("silence"));
    const callbacks = c.waitForCallbacks();
    io.disconnectSockets();
    expect(await pending).toBeInstanceOf(DisconnectedError);
    await callbacks;
    expect(await failure(c.call("echo"))).toBeInstanceOf(BadNamespaceError);
  });

  it("ends callbacks that are waited for when the server goes", async () => {
    const { io, url } = await serve();
    const c = client();
    await c.connect(url);
    c.emit("silence", 1, () => undefined);
    const settled = c.waitForCallbacks();
    io.disconnectSockets();
    await settled;
  });
});

describe("the first attempt", () => {
  it("fails at once, or is repeated with retry", async () => {
    const first = await own();
    const { port, url } = first;
    await first.io.close();
    const c = client();
    const told = happens(c, "connect_error");
    const error = await failure(c.connect(url));
    expect(error.message).toMatch(
      /could not connect to http:\/\/localhost:\d+ \(path \/socket.io\): xhr poll error: nothing listens there/,
    );
    expect((await told)[0]).toBeInstanceOf(ConnectionError);
    const failed = happens(c, "connect_error");
    const connecting = c.connect(url, { retry: true });
    await failed;
    await own({}, port);
    await connecting;
    expect(await c.call("echo", 1)).toBe(1);
  });

  it("is given up after the attempts", async () => {
    const c = client({ reconnectionAttempts: 2 });
    let tries = 0;
    const error = await failure(
      c.connect(
        () => {
          tries++;
          throw new Error("no address");
        },
        { retry: true },
      ),
    );
    expect(error.message).toBe('the function for "url" failed: no address');
    expect(tries).toBe(3);
  });

  it("is ended by disconnect() and shutdown()", async () => {
    const c = client({ reconnectionDelay: 60_000 });
    const failed = happens(c, "connect_error");
    const connecting = failure(
      c.connect("http://localhost:1", { retry: true }),
    );
    await failed;
    await c.shutdown();
    expect(await connecting).toBeInstanceOf(ConnectionError);
    await c.wait();
  });

  it("is one at a time", async () => {
    const { url } = await own();
    const c = client();
    const connecting = c.connect(url);
    expect((await failure(c.connect(url))).message).toMatch(/already/);
    await connecting;
  });

  it.each([
    ["http://localhost:1/chat", /has a path: name namespaces in `namespaces`/],
    ["gopher://x", /not an address/],
  ])("refuses the address %s", async (url, message) => {
    const error = await failure(client().connect(url));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toMatch(message);
  });
});

describe("a reconnection", () => {
  it("is given up after the attempts, which is final", async () => {
    const { io, http, url } = await own();
    const c = client({ reconnectionAttempts: 2 });
    const final = happens(c, "disconnect_final");
    await c.connect(url);
    void io.close();
    cut(http);
    expect(await final).toEqual([expect.stringContaining("transport")]);
    await c.wait();
  });

  it("is not tried without the option, and ended by shutdown()", async () => {
    const { http, url } = await own();
    const never = client({ reconnection: false });
    const final = happens(never, "disconnect_final");
    await never.connect(url, { transports: ["websocket"] });
    const later = client({ reconnectionDelay: 60_000 });
    await later.connect(url, { transports: ["websocket"] });
    const gone = happens(later, "disconnect");
    const laterFinal = happens(later, "disconnect_final");
    cut(http);
    expect(await final).toEqual(["transport close"]);
    await gone;
    await later.shutdown();
    expect(await laterFinal).toEqual(["io client disconnect"]);
    expect(QUICK.reconnectionDelay).toBeLessThan(60_000);
  });
});

describe("misuse", () => {
  it.each<[unknown, RegExp]>([
    [2, /several values of "move" go in args\(a, b\)/],
    [{ to: "room" }, /emit\(\) has no option "to"; there is namespace/],
    [{ callback: 1 }, /the callback of "move" must be a function/],
  ])("data is never taken for options: %j", async (third, message) => {
    const { url } = await own();
    const c = client();
    await c.connect(url);
    const emit = c.emit.bind(c) as (...all: unknown[]) => void;
    expect(() => emit("move", 1, third)).toThrow(message);
  });

  it("wrong options and handlers are refused", async () => {
    const c = client();
    expect(() => c.on("x", 1 as never)).toThrow(/must be a function/);
    const wrong = { namespace: "/" } as object;
    expect((await failure(c.connect("http://x", wrong))).message).toMatch(
      /connect\(\) has no option "namespace"; there is namespaces/,
    );
    expect(() => client({ logger: 1 as never })).toThrow(/option "logger"/);
    expect(() => c.emit("x")).toThrow(/\(none is\); await connect\(\) first/);
  });

  it("a failing handler ends nothing, and is reported", async () => {
    const { io, url } = await own();
    io.on("connection", (socket) => {
      socket.emit("throws");
      socket.emit("rejects");
      socket.emit("fine");
    });
    const failures: unknown[] = [];
    const c = client({
      onHandlerError: (error, context) => failures.push([error, context]),
    });
    const error = new Error("broken");
    c.on("throws", () => {
      throw error;
    });
    c.on("rejects", () => Promise.reject(error));
    const fine = new Promise<void>((resolve) => c.on("fine", () => resolve()));
    await c.connect(url);
    await fine;
    await expect(
      c.startBackgroundTask(function job() {
        throw error;
      }),
    ).rejects.toBe(error);
    expect(failures).toEqual([
      [error, { event: "throws", namespace: "/" }],
      [error, { event: "rejects", namespace: "/" }],
      [error, { event: "job", namespace: "none" }],
    ]);
  });
});

describe.each(["sio1", "sio2", "sio3"] as const)("with %s", (name) => {
  it("exchanges events and answers, in namespaces too", async () => {
    const { io, url } = await old(name);
    for (const nsp of [io, io.of("/a")])
      nsp.on("connection", (socket) => {
        socket.emit("ask", 1, (value: unknown) => socket.emit("told", value));
        socket.on("echo", (value: never, answer: never) =>
          (answer as (v: unknown) => void)(value),
        );
      });
    const c = client();
    c.on("ask", (n: number) => n + 1, { namespace: "/a" });
    const told = new Promise((resolve) => {
      c.on("told", (value: number) => resolve(value), { namespace: "/a" });
    });
    await c.connect(url, { namespaces: ["/", "/a"] });
    expect(await told).toBe(2);
    expect(await c.call("echo", "€", { namespace: "/a" })).toBe("€");
    expect(c.sid).toEqual(expect.any(String));
  });

  it("comes back with new headers", async () => {
    const { io, http, url } = await old(name);
    const seen: unknown[] = [];
    io.on("connection", (socket) => {
      const { headers } = socket.handshake as unknown as {
        headers: Record<string, string>;
      };
      seen.push(headers["x-n"]);
    });
    let n = 0;
    const c = client();
    await c.connect(url, { headers: () => ({ "x-n": String(++n) }) });
    const back = happens(c, "connect");
    cut(http);
    await back;
    expect(seen).toEqual(["1", "2"]);
  });
});

describe("the transport", () => {
  it("is told, also after the upgrade", async () => {
    const { io, url } = await reference();
    const c = client();
    const moved = new Promise<void>((resolve) =>
      io.engine.on("connection", (conn: { once: (...a: unknown[]) => void }) =>
        conn.once("upgrade", () => resolve()),
      ),
    );
    await c.connect(url, { transports: ["polling", "websocket"] });
    await moved;
    await c.call("echo", 1);
    expect(c.transport()).toBe("websocket");
  });
});

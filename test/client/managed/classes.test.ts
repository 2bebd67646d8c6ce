/** Classes that handle a namespace, the order of all handlers, and channels. */
import { describe, expect, it } from "vitest";
import {
  args,
  ClientNamespace,
  ConnectionError,
  SocketHandler,
  type Client,
} from "../../../src/client/index.js";
import { cut, own, SERVERS, type Served } from "../support.js";
import { client, failure } from "./support.js";

type Calls = unknown[][];

/** A server whose namespaces say what they are told to. */
function saying(
  { io }: Pick<Served<Awaited<ReturnType<typeof own>>["io"]>, "io">,
  namespace: string,
  ...events: [string, ...unknown[]][]
): void {
  io.of(namespace).on("connection", (socket) => {
    for (const event of events) socket.emit(...event);
    socket.emit("over");
    socket.on("echo", (...all: ((...values: unknown[]) => void)[]) =>
      all.at(-1)?.(...all.slice(0, -1)),
    );
  });
}

class Notes extends ClientNamespace {
  readonly calls: Calls = [];
  readonly over: Promise<void>;
  private _over!: () => void;

  constructor(namespace?: string) {
    super(namespace);
    this.over = new Promise((resolve) => (this._over = resolve));
  }

  override onConnect(socket: this) {
    this.calls.push(["connect", socket === this]);
  }

  override onDisconnect(reason: string) {
    this.calls.push(["disconnect", reason]);
  }

  onChatMessage(...values: unknown[]) {
    this.calls.push(["chat message", ...values]);
  }

  override onUnknownEvent(event: string, ...values: unknown[]) {
    this.calls.push(["unknown", event, ...values]);
  }

  onOver() {
    this._over();
  }
}

describe.each(SERVERS)("with $name", ({ serve }) => {
  it("methods get events of all spellings, and what is left", async () => {
    const server = await serve();
    saying(
      server,
      "/chat",
      ["chat message", 1],
      ["chat_message", 2],
      ["chat-message", 3],
      ["chatMessage", 4],
      ["chat.message", 5, "more"],
      ["other event", 6],
    );
    const c = client();
    const chat = c.register(new Notes("/chat"));
    await c.connect(server.url);
    await chat.over;
    expect(chat.sid).toBe(c.getSid("/chat"));
    await chat.disconnect();
    expect(chat.calls).toEqual([
      ["connect", true],
      ["chat message", 1],
      ["chat message", 2],
      ["chat message", 3],
      ["chat message", 4],
      ["chat message", 5, "more"],
      ["unknown", "other event", 6],
      ["disconnect", "io client disconnect"],
    ]);
    expect(c.connected).toBe(false);
  });

  it("what methods return is the acknowledgement; without a method there is an empty one", async () => {
    class Answers extends ClientNamespace {
      onOne(n: number) {
        return n + 1;
      }
      async onTwo() {
        await Promise.resolve();
        return ["OK", 123];
      }
    }
    const { io, url } = await serve();
    const answers = new Promise<unknown>((resolve) => {
      io.on("connection", (socket) => {
        const ask = (event: string) =>
          new Promise((done) => {
            socket.emit(event, 1, (...values: unknown[]) => done(values));
          });
        void Promise.all(["one", "two", "three"].map(ask)).then(resolve);
      });
    });
    const c = client();
    c.register(new Answers());
    await c.connect(url);
    expect(await answers).toEqual([[2], ["OK", 123], []]);
  });

  it("emits, calls and sends to its namespace", async () => {
    const server = await serve();
    saying(server, "/chat");
    const message = new Promise((resolve) => {
      server.io
        .of("/chat")
        .on("connection", (socket) => socket.on("message", resolve));
    });
    const c = client();
    const chat = c.register(new Notes("/chat"));
    await c.connect(server.url);
    expect(await chat.call("echo", args(1, 2))).toEqual([1, 2]);
    const answer = new Promise((resolve) => chat.emit("echo", 5, resolve));
    expect(await answer).toBe(5);
    chat.send("hi");
    expect(await message).toBe("hi");
  });

  it("a server's words cannot reach the methods of the connection", async () => {
    const server = await serve();
    saying(
      server,
      "/",
      ["connect error", "x"],
      ["unknown event", "x"],
      ["disconnect_final", "x"],
      ["disconnect-final", "x"],
    );
    const c = client();
    const notes = c.register(new Notes());
    const finals: unknown[] = [];
    c.on("disconnect_final", (reason) => void finals.push(reason));
    await c.connect(server.url);
    await notes.over;
    expect(finals).toEqual([]);
    expect(notes.calls.slice(1)).toEqual([
      ["unknown", "connect error", "x"],
      ["unknown", "unknown event", "x"],
      ["unknown", "disconnect_final", "x"],
      ["unknown", "disconnect-final", "x"],
    ]);
  });
});

describe("the order of handlers", () => {
  const calls: string[] = [];
  const note =
    (name: string) =>
    (...values: unknown[]) =>
      void calls.push([name, ...values].join(" "));

  class Own extends ClientNamespace {
    onX = note("class");
  }

  /** All of them, the first to be asked first. */
  const all: [string, (c: Client) => void][] = [
    ["function 1", (c) => c.on("x", note("function"), { namespace: "/a" })],
    ["any x 1", (c) => c.on("*", note("any"), { namespace: "/a" })],
    ["spaces /a 1", (c) => c.on("x", note("spaces"), { namespace: "*" })],
    ["both x /a 1", (c) => c.on("*", note("both"), { namespace: "*" })],
    ["class 1", (c) => c.register(new Own("/a"))],
    ["class /a 1", (c) => c.register(new Own("*"))],
  ];

  it.each(all.map(([expected], i) => [expected, i] as const))(
    "%s",
    async (expected, i) => {
      const server = await own();
      saying(server, "/a", ["x", 1]);
      calls.length = 0;
      const c = client();
      for (const [, add] of all.slice(i)) add(c);
      const events = c.events();
      await c.connect(server.url, { namespaces: "/a" });
      await events.next();
      expect(calls[0]).toBe(expected);
      expect(calls.filter((call) => call.endsWith("1"))).toHaveLength(1);
    },
  );

  it("the catch-all does not get what happens to the connection", async () => {
    const server = await own();
    const c = client();
    const caught: unknown[] = [];
    c.on("*", (event: string) => void caught.push(event));
    const spaces: unknown[] = [];
    c.on("connect", (namespace: unknown) => void spaces.push(namespace), {
      namespace: "*",
    });
    await c.connect(server.url);
    await c.disconnect();
    expect(caught).toEqual([]);
    expect(spaces).toEqual(["/"]);
  });

  it("a handler that is removed is not asked", async () => {
    const server = await own();
    saying(server, "/", ["x", 1]);
    const c = client();
    calls.length = 0;
    c.on("x", note("function")).off("x");
    const notes = c.register(new Notes());
    await c.connect(server.url);
    await notes.over;
    expect(calls).toEqual([]);
    expect(notes.calls).toContainEqual(["unknown", "x", 1]);
  });
});

describe("triggerEvent()", () => {
  it("can be overridden", async () => {
    class Loud extends Notes {
      override triggerEvent(event: string, ...values: unknown[]) {
        this.calls.push(["saw", event]);
        return super.triggerEvent(event, ...values);
      }
    }
    const server = await own();
    saying(server, "/", ["chat message", 1]);
    const c = client();
    const loud = c.register(new Loud());
    await c.connect(server.url);
    await loud.over;
    expect(loud.calls.slice(1)).toEqual([
      ["saw", "chat message"],
      ["chat message", 1],
      ["saw", "over"],
    ]);
  });
});

describe("registering", () => {
  it("refuses methods that no event reaches", () => {
    class Snake extends ClientNamespace {
      on_chat_message() {}
    }
    expect(() => client().register(new Snake())).toThrow(
      'no event reaches Snake.on_chat_message(): call it onChatMessage(), which the events "chat_message" and the like reach',
    );
    class Fine extends ClientNamespace {
      once() {}
      online = true;
    }
    client().register(new Fine());
  });

  it("takes one instance for each namespace, and one client for each instance", () => {
    const c = client();
    const notes = c.register(new Notes("/a"));
    c.register(notes);
    expect(() => c.register(new Notes("/a"))).toThrow(
      '"/a" is handled by an instance of Notes already',
    );
    expect(() => client().register(notes)).toThrow(/with another client/);
    expect(() => new Notes("chat")).toThrow('"chat" is no namespace');
    expect(() => new Notes("/b").emit("x")).toThrow(/belongs to no client yet/);
  });
});

class Channel extends SocketHandler {
  readonly calls: Calls = [];
  override onOpen = () => this.calls.push(["open"]);
  override onConnect = () => this.calls.push(["connect"]);
  override onClose = (reason: string) => this.calls.push(["close", reason]);
  override onRetry = (n: number) => this.calls.push(["retry", n]);
  override onError = (reason: string, advice: unknown) =>
    this.calls.push(["error", reason, advice]);
  override onReconnect = (n: number) => {
    this.calls.push(["reconnect", n]);
    this.back();
  };
  override onUnknownEvent = (event: string) => {
    this.calls.push(["unknown", event]);
  };
  back = () => {};
}

describe("channels", () => {
  it("are opened on the connection that there is", async () => {
    const server = await own();
    for (const name of ["/", "/chat", "/keystore"]) saying(server, name);
    const socket = client();
    const main = await socket.connect(server.url, new Notes());
    const chat = await socket.connect("/chat", new Notes());
    const keys = await socket.connect("/keystore", new Notes());
    expect(await chat.call("echo", "chat")).toBe("chat");
    expect(await keys.call("echo", "keys")).toBe("keys");
    await Promise.all([main.over, chat.over, keys.over]);
    expect([...socket.namespaces.keys()]).toEqual(["/", "/chat", "/keystore"]);
    expect(await socket.connect("/chat", chat)).toBe(chat);
    await chat.disconnect();
    expect(await keys.call("echo", 1)).toBe(1);
    expect(() => chat.emit("x")).toThrow(/"\/chat" is not connected/);
  });

  it("may be refused, which ends nothing else", async () => {
    const { io, url } = await own();
    io.of("/deny").use((_socket, go) =>
      go(Object.assign(new Error("unauthorized"), { data: "log in" })),
    );
    const socket = client();
    await socket.connect(url);
    const handler = new Channel();
    const error = await failure(socket.connect("/deny", handler));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toBe(
      'namespace "/deny" failed to connect: unauthorized',
    );
    expect(handler.calls).toEqual([["error", "unauthorized", "log in"]]);
    expect(await socket.call("echo", 1)).toBe(1);
  });

  it("need a connection, and one instance each", async () => {
    const { url } = await own();
    const socket = client();
    expect(
      (await failure(socket.connect("/chat", new Notes()))).message,
    ).toMatch(/"\/chat" before the client is connected/);
    await socket.connect(url);
    const main = new Notes();
    socket.register(main);
    expect((await failure(socket.connect("/chat", main))).message).toMatch(
      /Notes handles "\/" already/,
    );
  });

  it("hear of the connection below, and of nothing that only sounds like it", async () => {
    const { io, http, url } = await own();
    io.on("connection", (socket) => socket.emit("open", "the door"));
    const socket = client();
    const handler = new Channel();
    const back = new Promise<void>((resolve) => (handler.back = resolve));
    await socket.connect(url, handler);
    await socket.call("echo", 1);
    cut(http);
    await back;
    await socket.call("echo", 1);
    const { calls } = handler;
    const reason = expect.stringContaining("transport") as string;
    const heard = ["error", "unknown"];
    expect(calls.filter(([name]) => name === "unknown")).toEqual([
      ["unknown", "open"],
      ["unknown", "open"],
    ]);
    expect(calls.filter(([name]) => !heard.includes(String(name)))).toEqual([
      ["open"],
      ["connect"],
      ["close", reason],
      ["retry", 1],
      ["open"],
      ["connect"],
      ["reconnect", 1],
    ]);
  });
});

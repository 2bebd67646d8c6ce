/** Handlers as methods of a class. */
import { describe, expect, test, vi } from "vitest";
import { NamespaceHandler, on, type Socket } from "../../../src/index.js";
import { serve, settle } from "../fakes.js";
import { ask, clients, heard, listen } from "./support.js";

class Chat extends NamespaceHandler {
  readonly story: unknown[] = [];

  onConnect(_socket: Socket, auth: { name?: string }) {
    this.story.push(["connect", auth]);
    return auth.name !== "nobody";
  }

  onDisconnect(_socket: Socket, reason: string) {
    this.story.push(["disconnect", reason]);
  }

  onChatMessage(socket: Socket, text: string) {
    this.nsp.emit("said", text);
    return socket.id;
  }

  onMessage = (_socket: Socket, text: string) => `field: ${text}`;

  async onSum(_socket: Socket, ...numbers: number[]) {
    await Promise.resolve();
    return numbers.reduce((a, b) => a + b, 0);
  }

  onUnknownEvent(event: string, _socket: Socket, ...args: unknown[]) {
    return [event, ...args];
  }

  @on("any/name, whatever it is")
  anything(_socket: Socket, text: string) {
    return `decorated: ${text}`;
  }
}

describe.each(Object.keys(clients))("with %s", (client) => {
  test("a class handles the events of its namespace", async () => {
    const { io, join } = await listen();
    const chat = new Chat("/chat");
    io.register(chat);
    const socket = join("/chat", { client });
    const said = heard(socket, "said");
    const [id] = await ask(socket, "chat message", "hi");
    expect(await said).toEqual(["hi"]);
    expect(io.of("/chat").sockets.has(String(id))).toBe(true);
    expect(await ask(socket, "message", "m")).toEqual(["field: m"]);
    expect(await ask(socket, "sum", 1, 2, 3)).toEqual([6]);
    expect(await ask(socket, "other", 1)).toEqual(["other", 1]);
    expect(await ask(socket, "any/name, whatever it is", "x")).toEqual([
      "decorated: x",
    ]);
  });
});

async function answers(handler: NamespaceHandler, ...events: string[]) {
  const { io, connect, failures } = serve();
  io.register(handler);
  const client = await connect();
  const got: unknown[][] = [];
  for (const [id, event] of events.entries()) {
    client.send({ type: "event", nsp: "/", args: [event], id });
    await settle();
    got.push(client.last("ack").args);
  }
  return { io, client, got, failures };
}

test("names with spaces, dashes, dots and underscores reach one method", async () => {
  class Names extends NamespaceHandler {
    onChatMessage() {
      return 1;
    }
  }
  const { got } = await answers(
    new Names(),
    "chat message",
    "chat-message",
    "chat.message",
    "chat_message",
    "chatMessage",
  );
  expect(got).toEqual([[1], [1], [1], [1], [1]]);
});

test("an event without a method is answered with nothing, if there is no onUnknownEvent", async () => {
  class Nothing extends NamespaceHandler {}
  expect((await answers(new Nothing(), "x")).got).toEqual([[]]);
});

test("clients cannot name the methods that are called for other reasons", async () => {
  const chat = new Chat();
  const { got } = await answers(
    chat,
    "Connect",
    "con nect",
    "Disconnect",
    "unknown event",
    "constructor",
    "__proto__",
    "triggerEvent",
    "nsp",
  );
  expect(chat.story).toEqual([["connect", {}]]);
  expect(got.map(([name]) => name)).toEqual([
    "Connect",
    // Not "con nect": that is onConNect.
    "con nect",
    "Disconnect",
    "unknown event",
    "constructor",
    "__proto__",
    "triggerEvent",
    "nsp",
  ]);
});

test("onConnect refuses, onDisconnect hears why", async () => {
  const { io, connect, open } = serve();
  const chat = new Chat("/chat");
  io.register(chat);
  const refused = open();
  refused.join("/chat", { name: "nobody" });
  await settle();
  expect(refused.last("refuse").message).toBe("Connection rejected by server");
  const client = await connect("/chat", { name: "Ada" });
  client.end("ping timeout");
  expect(chat.story).toEqual([
    ["connect", { name: "nobody" }],
    ["connect", { name: "Ada" }],
    ["disconnect", "ping timeout"],
  ]);
});

test("functions come before the class, also those for all namespaces", async () => {
  const { io, connect } = serve();
  io.register(new Chat());
  const client = await connect();
  const asked = async (event: string) => {
    client.send({ type: "event", nsp: "/", args: [event, "x"], id: 1 });
    await settle();
    return client.last("ack").args;
  };
  io.handle("message", () => "function");
  expect(await asked("message")).toEqual(["function"]);
  expect(await asked("other")).toEqual(["other", "x"]);
  io.handle("*", () => "all", { namespace: "*" });
  expect(await asked("other")).toEqual(["all"]);
});

test("a class for all namespaces, and one for those of a regular expression", async () => {
  const { io, connect } = serve();
  const who = (socket: Socket) => socket.nsp.name;
  class All extends NamespaceHandler {
    onWhere = (socket: Socket) => `all: ${who(socket)}`;
    broken() {
      return this.nsp;
    }
  }
  class Rooms extends NamespaceHandler {
    onWhere = (socket: Socket) => `rooms: ${who(socket)}`;
  }
  const all = new All("*");
  io.register(all);
  io.register(new Rooms(/^\/room-/));
  io.of("/other");
  for (const [nsp, answer] of [
    ["/other", "all: /other"],
    ["/room-1", "rooms: /room-1"],
  ] as const) {
    const client = await connect(nsp);
    client.send({ type: "event", nsp, args: ["where"], id: 1 });
    await settle();
    expect(client.last("ack").args).toEqual([answer]);
  }
  expect(() => all.broken()).toThrow("All is for all namespaces");
});

test("the dispatcher can be overridden", async () => {
  const story: unknown[] = [];
  class Watched extends Chat {
    override triggerEvent(event: string, socket: Socket, ...args: unknown[]) {
      story.push([event, ...args]);
      if (event === "secret") return "no";
      return super.triggerEvent(event, socket, ...args);
    }
  }
  const { got, client } = await answers(new Watched(), "secret", "sum");
  client.end("transport close");
  expect(got).toEqual([["no"], [0]]);
  expect(story).toEqual([
    ["connect", {}],
    ["secret"],
    ["sum"],
    ["disconnect", "transport close", undefined],
  ]);
});

test("a method that takes the callback is left alone", async () => {
  class Callback extends NamespaceHandler {
    onAsk(_socket: Socket, answer: (value: string) => void) {
      answer("called");
    }
  }
  expect((await answers(new Callback(), "ask")).got).toEqual([["called"]]);
});

test("decorators go with inheritance", async () => {
  class Base extends NamespaceHandler {
    @on("base")
    one() {
      return "base";
    }
  }
  class Derived extends Base {
    @on("derived")
    protected two() {
      return `derived of ${this.constructor.name}`;
    }
  }
  const { got } = await answers(new Derived(), "base", "derived");
  expect(got).toEqual([["base"], ["derived of Derived"]]);
});

describe("bad input", () => {
  const register = (handler: unknown) =>
    serve().io.register(handler as NamespaceHandler);

  test.each([
    ["on_chat_message", 'write onChatMessage, which "chat_message"'],
    ["onChat_message", "write onChatMessage"],
    ["onmessage", "write onMessage"],
    ["onconnect", "write onConnect"],
    ["onError", "errors go to the server's option onHandlerError"],
    ["onConnectError", "see onConnect"],
    ["onDisconnecting", "there is onDisconnect"],
    ["on_", "neither letters nor digits"],
  ])("a method %s, which no event can reach", (name, advice) => {
    class Faulty extends NamespaceHandler {}
    Object.assign(Faulty.prototype, { [name]: () => {} });
    expect(() => register(new Faulty())).toThrow(
      `Faulty.${name} can be reached by no event: `,
    );
    expect(() => register(new Faulty())).toThrow(advice);
  });

  test("methods that only begin like it are nothing to us", async () => {
    class Fine extends NamespaceHandler {
      once = vi.fn();
      online() {
        return "helper";
      }
    }
    expect((await answers(new Fine(), "ce", "line")).got).toEqual([[], []]);
  });

  test("something else than a handler", () => {
    expect(() => register({ onX() {} })).toThrow(
      "expected an object of a class that extends NamespaceHandler",
    );
  });

  test("two classes for one namespace, one object for two", () => {
    const { io } = serve();
    const chat = new Chat("/chat");
    io.register(chat);
    expect(() => io.register(new Chat("/chat"))).toThrow(
      'namespace "/chat" already has a class for its events, Chat',
    );
    expect(() => io.register(chat)).toThrow(
      'this Chat already belongs to namespace "/chat"',
    );
  });

  test("an object without a namespace", () => {
    expect(() => new Chat().nsp).toThrow(
      "Chat belongs to no namespace yet: pass it to io.register() first",
    );
  });

  test("@on for what no client can send, twice, or in the wrong place", () => {
    expect(() => on("connect_error")).toThrow(
      '@on("connect_error"): no client',
    );
    expect(() => {
      class Twice extends NamespaceHandler {
        @on("x") a() {}
        @on("x") b() {}
      }
      return new Twice();
    }).toThrow('Twice has two methods with @on("x")');
    expect(() => {
      class Static extends NamespaceHandler {
        // @ts-expect-error there is no object to call it on
        @on("x") static a() {}
      }
      return Static;
    }).toThrow('@on("x"): expected a method that is not static');
    expect(() => {
      class Elsewhere {
        // @ts-expect-error not a NamespaceHandler
        @on("x") a() {}
      }
      return new Elsewhere();
    }).toThrow("a is no method of a NamespaceHandler");
    const legacy = on("x") as unknown as (target: object, key: string) => void;
    expect(() => legacy({}, "a")).toThrow("turn experimentalDecorators off");
  });
});

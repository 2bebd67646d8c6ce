/** The clients of the documents that this project began with, translated. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { server09 } from "../interop/old/peers/old-servers.js";
import { afterTest, own, reference } from "../client/support.js";
import { build, start } from "./program.js";

beforeAll(build, 120_000);

/** What the servers of this test have in common, whatever their generation. */
interface Listens {
  on(event: string, listener: (...args: never[]) => void): unknown;
}
interface ServerSocket extends Listens {
  emit(event: string, ...args: unknown[]): unknown;
}

interface Served {
  port: number;
  of(namespace: string): Listens;
}

const sio09 = server09();
afterAll(() => sio09.shutDown());

const current = (serve: typeof own) => async (): Promise<Served> => {
  const { io, port } = await serve();
  return { port, of: (namespace) => io.of(namespace || "/") as Listens };
};

/** Name, server, and a namespace of it for keys. */
const SERVERS: [string, () => Promise<Served>, string][] = [
  ["ours", current(own), "/keystore"],
  ["socket.io 4.8.4", current(reference), "/keystore"],
  [
    "socket.io 0.9.19",
    async () => {
      const server = await sio09.start();
      afterTest(() => server.close());
      return server;
    },
    "/other",
  ],
];

describe.each(SERVERS)("at %s", (_, serve, keystore) => {
  it("the chat bot joins, complains and leaves", async () => {
    const server = await serve();
    const heard: unknown[] = [];
    const gone = new Promise<void>((resolve) => {
      server.of("").on("connection", (end: ServerSocket) => {
        end.on("nickname", (name: unknown) => {
          heard.push(["nickname", name]);
          end.emit("announcement", `${String(name)} is here`);
          end.emit("topic", "weather", 1);
          end.emit("msg to room", "Ada", "is this a bot?");
        });
        end.on("user message", (text: unknown) => {
          heard.push(["user message", text]);
          end.emit("msg_to_room", "bot", text);
          end.emit("msg_to_room", "Ada", "ok, bye");
        });
        end.on("disconnect", () => resolve());
      });
    });
    const bot = start("seeds/chat-bot.mjs", "localhost", String(server.port));
    expect(await bot.ended, bot.lines.join("\n")).toBe(0);
    await gone;
    expect(heard).toEqual([
      ["nickname", "bot"],
      ["user message", "who are you calling bot?!"],
    ]);
    expect(bot.lines).toEqual([
      "connected",
      "announcement: bot is here",
      'unknown event: topic ["weather",1]',
      "Ada: is this a bot?",
      "bot: who are you calling bot?!",
      "Ada: ok, bye",
      "disconnected: io client disconnect",
    ]);
  });

  it("channels are apart, and answer", async () => {
    const server = await serve();
    server.of("/chat").on("connection", (end: ServerSocket) => {
      let name: unknown;
      end.on("nickname", (given: unknown) => (name = given));
      end.on("user message", (text: unknown, done: (r: string) => void) => {
        // Delivered is what the other end has answered.
        end.emit("user message", name, text, () => done("yes"));
      });
    });
    server.of(keystore).on("connection", (end: ServerSocket) => {
      const keys = new Map<string, string>();
      type Answer = (...values: unknown[]) => void;
      end.on("set", (key: string, value: string, answer: Answer) => {
        keys.set(key, value);
        end.emit("user message", "for the other channel");
        end.emit("stored", key, () => answer("done"));
      });
      end.on("get", (key: string, answer: Answer) =>
        answer(keys.get(key), keys.has(key)),
      );
    });
    const program = start(
      "seeds/channels.mjs",
      "localhost",
      String(server.port),
      keystore,
    );
    expect(await program.ended, program.lines.join("\n")).toBe(0);
    const inOrder = [...program.lines].sort();
    expect(inOrder).toEqual(
      [
        "open",
        "/chat is connected",
        "bot: I'm a bot",
        "delivered: yes",
        "stored: colour",
        "unknown event: user message for the other channel",
        "set: done",
        "get: blue true",
        `left: / ${keystore}`,
        "close: forced close",
      ].sort(),
    );
  });
});

it("the client guide", async () => {
  const guide = start("seeds/client-guide.mjs");
  expect(await guide.ended, guide.lines.join("\n")).toBe(0);
  // Both ends write to the same output, each in its own order.
  expect([...guide.lines].sort()).toEqual(
    [
      "- Creating a client instance; debugging and troubleshooting",
      "- Defining event handlers",
      "- Event callbacks",
      "- Class-based namespaces",
      "- Connecting to a server",
      "I'm connected!",
      "/chat is connected",
      "my sid is one of the server's: true",
      "over a line",
      "server got on /chat: 42",
      "/chat was answered: thanks",
      "- Emitting events",
      'server got: {"foo":"bar"}',
      'server got: "several", ["values"], 2 bytes',
      'server got: "with a callback"',
      "callback: OK 123",
      'server got: "called"',
      "call: OK 123",
      "server got on /chat: by name",
      "I received a message: hello",
      'I received: {"spaces":"in names"}',
      "my handler's answer: OK 123",
      "- Managing background tasks",
      "task done with 123",
      "- Disconnecting from the server",
      "I'm disconnected: io client disconnect",
      "/chat is disconnected: io client disconnect",
      "logged: true",
      "- A simple client",
      "received: welcome 1 2",
      'server got: "simple"',
      "call: OK 123",
      "done",
    ].sort(),
  );
});

/**
 * Calls that cannot mean anything: each says what was wrong and what to do,
 * where it is made, and the connection lives on. Beside it, what the reference
 * does with the same call.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server as Reference } from "socket.io";
import { io as connect, type Socket } from "socket.io-client";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Client, withContract as guarded } from "../../src/client/index.js";
import { contract } from "../../src/contract/index.js";
import { Server, withContract, type ServerOptions } from "../../src/index.js";

type Loose = (...args: unknown[]) => unknown;

/** A method without its types, as a program in JavaScript has it. */
const loose = (target: object, method: string): Loose =>
  (Reflect.get(target, method) as Loose).bind(target);

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(
  Kind: typeof Server | typeof Reference,
  options: ServerOptions = {},
) {
  const http = createServer();
  const Constructor: new (...args: never[]) => unknown = Kind;
  const io = Reflect.construct(Constructor, [http, options]) as Server;
  closing.push(() => io.close());
  await new Promise<void>((resolve) => http.listen(0, resolve));
  const { port } = http.address() as AddressInfo;
  const join = (nsp = "/"): Socket => {
    const socket = connect(`http://127.0.0.1:${port}${nsp}`, {
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
    });
    closing.push(() => socket.disconnect());
    return socket;
  };
  return { io, join };
}

const next = (socket: Socket, event: string) =>
  new Promise<unknown>((resolve) => socket.once(event, resolve));

describe("an event without a name", () => {
  const names = [undefined, null, {}, [], true, Symbol("x")];

  test.each(names)("%s is refused where it is emitted", async (name) => {
    const { io, join } = await serve(Server);
    io.on("connection", (socket) => {
      for (const target of [socket, io, io.of("/"), io.to("room")])
        expect(() => loose(target, "emit")(name, 1)).toThrow(
          "emit: the first argument is the event's name, a string, but it is",
        );
      socket.emit("still", "here");
    });
    expect(await next(join(), "still")).toBe("here");
  });

  test("cuts the client off with the reference", async () => {
    const { io, join } = await serve(Reference);
    io.on("connection", (socket) => loose(socket, "emit")(undefined, 1));
    expect(await next(join(), "disconnect")).toBe("parse error");
  });

  test.each([
    ["omnio", Server],
    ["the reference", Reference],
  ] as const)("a number is a name with %s", async (_, Kind) => {
    const { io, join } = await serve(Kind);
    io.on("connection", (socket) => loose(socket, "emit")(7, "seven"));
    expect(await next(join(), 7 as never)).toBe("seven");
  });
});

describe("a middleware that refuses by a text", () => {
  const refusedBy = async (Kind: typeof Server | typeof Reference) => {
    const { io, join } = await serve(Kind);
    io.use((_socket, next) => (next as Loose)("not you"));
    return ((await next(join(), "connect_error")) as Error).message;
  };

  test("is heard by the client", async () => {
    expect(await refusedBy(Server)).toBe("not you");
  });

  test("is an empty message with the reference", async () => {
    expect(await refusedBy(Reference)).toBe("");
  });
});

describe("what failed is called by its name", () => {
  test.each([
    [
      "a middleware of the namespace",
      (io: Server) =>
        io.use(() => {
          throw new Error("broken");
        }),
      "a middleware or the connect handler failed",
    ],
    [
      "the connect handler",
      (io: Server) =>
        io.handle("connect", () => {
          throw new Error("broken");
        }),
      "a middleware or the connect handler failed",
    ],
    [
      "a middleware of the socket",
      (io: Server) =>
        io.on("connection", (socket) =>
          socket.use(() => {
            throw new Error("broken");
          }),
        ),
      'a middleware, for the event "hello", failed',
    ],
    [
      "a handler",
      (io: Server) =>
        io.on("connection", (socket) =>
          socket.on("hello", () => {
            throw new Error("broken");
          }),
        ),
      'the handler of "hello" failed',
    ],
  ] as const)("%s", async (_, prepare, sentence) => {
    const { io, join } = await serve(Server);
    prepare(io);
    const printed = new Promise<string>((resolve) =>
      vi
        .spyOn(console, "error")
        .mockImplementation((text: string) => resolve(text)),
    );
    const client = join();
    client.emit("hello");
    expect(await printed).toContain(`omnio: ${sentence}`);
    vi.restoreAllMocks();
  });
});

describe("declarations", () => {
  test.each<[string, () => unknown, string]>([
    [
      'handle("connection")',
      () => new Server().handle("connection", () => {}),
      'handle("connect")',
    ],
    [
      "handle without a handler",
      () => loose(new Server(), "handle")("say"),
      'handle("say"): expected a function as handler, got undefined',
    ],
    [
      "handle of a reserved event",
      () => new Server().handle("disconnecting", () => {}),
      "no client can send this event",
    ],
    [
      "register without an object",
      () => loose(new Server(), "register")({}),
      "expected an object of a class that extends NamespaceHandler",
    ],
    [
      "on without a listener",
      () => loose(new Server(), "on")("connection", undefined),
      'The "listener" argument must be of type function',
    ],
    [
      "contract()",
      () => (contract as Loose)(),
      "a contract is { toServer: { event: validator }",
    ],
    [
      "contract of a text",
      () => (contract as Loose)("x"),
      "a contract is { toServer: { event: validator }",
    ],
    [
      "contract with a misspelt side",
      () => (contract as Loose)({ toSever: {} }),
      'but got "toSever"',
    ],
    [
      "withContract of a text",
      () => (withContract as Loose)("x", {}),
      "the first argument is a server or a namespace",
    ],
    [
      "withContract without a contract",
      () => (withContract as Loose)(new Server()),
      "a contract is { toServer",
    ],
    [
      "withContract of a client of the other side",
      () => (withContract as Loose)(new Client(), {}),
      "the first argument is a server or a namespace",
    ],
    [
      "the client's withContract of a text",
      () => (guarded as Loose)("x", {}),
      "the first argument is a Client, or a socket",
    ],
    [
      "the client's withContract without a contract",
      () => (guarded as Loose)(new Client()),
      "a contract is { toServer",
    ],
    [
      "the client's register without an instance",
      () => loose(new Client(), "register")({}),
      "an instance of a class that extends ClientNamespace",
    ],
    [
      "the client's handler that is none",
      () => loose(new Client(), "on")("x"),
      'the handler of "x" must be a function',
    ],
  ])("%s", (_, call, sentence) => {
    expect(call).toThrow(sentence);
  });

  test.each([undefined, null, 3000, {}])(
    "connect() with %s for an address",
    async (address) => {
      await expect(
        loose(new Client(), "connect")(address) as Promise<void>,
      ).rejects.toThrow("connect() takes the server's address");
    },
  );
});

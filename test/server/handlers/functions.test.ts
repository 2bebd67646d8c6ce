/** Handlers that are declared once, with the official clients. */
import { describe, expect, test, vi } from "vitest";
import {
  AckError,
  args,
  ConnectionRefusedError,
  type Socket,
} from "../../../src/index.js";
import { serve, settle } from "../fakes.js";
import { ask, clients, heard, listen } from "./support.js";

describe.each(Object.keys(clients))("with %s", (client) => {
  test("what a handler returns answers the client", async () => {
    const { io, join } = await listen();
    io.handle("one", (_socket, text: string) => `got ${text}`)
      .handle("several", () => ["OK", 123])
      .handle("promise", async () => {
        await Promise.resolve();
        return "later";
      })
      .handle("callback", (_socket, n: number, answer: (n: number) => void) =>
        answer(n + 1),
      )
      .handle("refused", () => {
        throw new AckError("no such room", { room: 5 });
      });
    const socket = join("/", { client });
    expect(await ask(socket, "one", "€")).toEqual(["got €"]);
    expect(await ask(socket, "several")).toEqual(["OK", 123]);
    expect(await ask(socket, "promise")).toEqual(["later"]);
    expect(await ask(socket, "callback", 1)).toEqual([2]);
    expect(await ask(socket, "refused")).toEqual([
      { error: { message: "no such room", data: { room: 5 } } },
    ]);
  });

  test("connect refuses by false or by an error", async () => {
    const { io, join } = await listen();
    const left = vi.fn();
    io.of("/no").handle("connect", () => false);
    io.of("/why")
      .handle("connect", async () => {
        await Promise.resolve();
        throw new ConnectionRefusedError("banned", 1, "week");
      })
      .handle("disconnect", left);
    const event = /[12]$/.test(client) ? "error" : "connect_error";
    const messageOf = ([error]: unknown[]) =>
      typeof error === "object" && error !== null && "message" in error
        ? { ...error, message: error.message }
        : error;
    const [no, why] = await Promise.all([
      heard(join("/no", { client }), event),
      heard(join("/why", { client }), event),
    ]);
    if (event === "error") {
      expect(no).toEqual(["Connection rejected by server"]);
      expect(why).toEqual([[1, "week"]]);
    } else {
      expect(messageOf(no)).toMatchObject({
        message: "Connection rejected by server",
      });
      expect(messageOf(why)).toMatchObject({
        message: "banned",
        data: [1, "week"],
      });
    }
    expect(io.of("/why").sockets.size).toBe(0);
    expect(left).not.toHaveBeenCalled();
  });
});

const answersOf = async (
  declare: (io: ReturnType<typeof serve>["io"]) => unknown,
  ...events: [string, ...unknown[]][]
) => {
  const { io, connect, failures } = serve();
  declare(io);
  const client = await connect();
  events.forEach((args, id) =>
    client.send({ type: "event", nsp: "/", args, id }),
  );
  await settle();
  const answers = client.received.flatMap((packet) =>
    packet.type === "ack" ? [packet.args] : [],
  );
  return { answers, failures, client };
};

test("what kinds of results there are", async () => {
  const { answers, failures } = await answersOf(
    (io) =>
      io
        .handle("nothing", () => undefined)
        .handle("null", () => null)
        .handle("list", () => [[1, 2]])
        .handle("empty", () => [])
        .handle("args", () => args([1], 2))
        .handle("false", () => false),
    ["nothing"],
    ["null"],
    ["list"],
    ["empty"],
    ["args"],
    ["false"],
  );
  expect(answers).toEqual([[], [null], [[1, 2]], [], [[1], 2], [false]]);
  expect(failures).toEqual([]);
});

test("nobody answers for a handler that does not exist", async () => {
  const { answers } = await answersOf(
    (io) => io.handle("other", () => 1),
    ["this"],
  );
  expect(answers).toEqual([]);
});

test("a handler that takes the callback is left alone; whoever answers first counts", async () => {
  type Answer = (value: unknown) => void;
  const kept: Answer[] = [];
  const { answers, client } = await answersOf(
    (io) =>
      io
        .handle("later", (_socket, _text, answer: Answer) => {
          kept.push(answer);
        })
        .handle("both", (_socket, answer: Answer) => {
          answer("first");
          return "second";
        })
        // It has no parameter for the callback, so it never sees one.
        .handle("rest", (_socket, ...rest: unknown[]) => rest.length),
    ["later", "text"],
    ["both"],
    ["rest", 1, 2],
  );
  expect(answers).toEqual([["first"], [2]]);
  kept[0]?.("now");
  expect(client.last("ack")).toMatchObject({ id: 0, args: ["now"] });
});

test("a failure is reported, and the client learns that there was one", async () => {
  const mine = new Error("mine");
  const { answers, failures } = await answersOf(
    (io) =>
      io
        .handle("throws", () => {
          throw mine;
        })
        .handle("rejects", () => Promise.reject(mine))
        .handle("unsendable", () => {
          const data: { self?: unknown } = {};
          data.self = data;
          return data;
        }),
    ["throws"],
    ["rejects"],
    ["unsendable"],
  );
  const failed = [{ error: { message: "internal error" } }];
  expect(answers).toEqual([failed, failed, failed]);
  expect(failures.map(({ event }) => event).sort()).toEqual([
    "rejects",
    "throws",
    "unsendable",
  ]);
  expect(failures).toContainEqual(
    expect.objectContaining({ error: mine, event: "throws", namespace: "/" }),
  );
});

describe("who handles an event", () => {
  /** Declares handlers one by one, from the last in the order to the first. */
  test("a listener of the socket, then functions, from near to far", async () => {
    const { io, connect } = serve();
    const parent = io.of(/^\/room-/);
    const client = await connect("/room-1");
    const nsp = io.of("/room-1");
    const asked = async () => {
      client.send({ type: "event", nsp: "/room-1", args: ["x", "arg"], id: 1 });
      await settle();
      return client.last("ack").args;
    };
    io.handle("*", (event) => `everywhere *: ${event}`, { namespace: "*" });
    expect(await asked()).toEqual(["everywhere *: x"]);
    io.handle("x", () => "everywhere", { namespace: "*" });
    expect(await asked()).toEqual(["everywhere"]);
    parent.handle("*", (event, _socket, arg) => `parent *: ${event} ${arg}`);
    expect(await asked()).toEqual(["parent *: x arg"]);
    parent.handle("x", () => "parent");
    expect(await asked()).toEqual(["parent"]);
    nsp.handle("*", () => "own *");
    expect(await asked()).toEqual(["own *"]);
    nsp.handle("x", () => "own");
    expect(await asked()).toEqual(["own"]);
    nsp.handle("x", () => "own again");
    expect(await asked()).toEqual(["own again"]);
    const [socket] = nsp.sockets.values();
    socket?.on("x", (_arg: unknown, answer: (value: string) => void) =>
      answer("socket"),
    );
    expect(await asked()).toEqual(["socket"]);
  });

  test("`*` is not for connect, disconnect and what clients may not send", async () => {
    const { io, connect } = serve();
    const caught = vi.fn();
    io.handle("*", caught);
    const client = await connect();
    client.emitEvent("/", "error", "words");
    client.emitEvent("/", "hello");
    client.end("transport close");
    await settle();
    expect(caught.mock.calls.map(([event]) => String(event))).toEqual([
      "hello",
    ]);
  });

  test("middlewares and catch-all listeners come before", async () => {
    const { io, connect } = serve();
    const order: string[] = [];
    io.on("connection", (socket) => {
      socket.onAny(() => order.push("any"));
      socket.use((_event, next) => {
        order.push("middleware");
        next();
      });
    });
    io.handle("x", () => order.push("handler"));
    const client = await connect();
    client.emitEvent("/", "x");
    await settle();
    expect(order).toEqual(["any", "middleware", "handler"]);
  });
});

describe("connect and disconnect", () => {
  test("run once each, with what was told and why it ended", async () => {
    const { io, connect } = serve();
    const story: unknown[] = [];
    io.use((_socket, next) => {
      story.push("middleware");
      next();
    });
    io.handle("connect", (socket: Socket, auth) =>
      story.push(["connect", socket.connected, auth]),
    );
    io.on("connection", () => story.push("connection"));
    io.handle("disconnect", (socket, reason) =>
      story.push(["disconnect", socket.rooms.size, reason]),
    );
    const client = await connect("/", { token: "t" });
    client.end("transport close");
    expect(story).toEqual([
      "middleware",
      ["connect", false, { token: "t" }],
      "connection",
      ["disconnect", 0, "transport close"],
    ]);
  });

  test("connect also decides on recovered sessions", async () => {
    const { io, connect, open } = serve({ connectionStateRecovery: {} });
    const seen: boolean[] = [];
    io.handle("connect", (socket) => {
      seen.push(socket.recovered);
      return !socket.recovered;
    });
    const client = await connect();
    const { pid, offset } = client.last("connect");
    client.end("transport close");
    const again = open();
    again.join("/", { pid, offset });
    await settle();
    expect(seen).toEqual([false, true]);
    expect(again.received.map(({ type }) => type)).toEqual(["refuse"]);
  });

  test("a connect handler that fails refuses, and tells nobody why", async () => {
    const { io, connect, failures } = serve();
    io.handle("connect", () => Promise.reject(new Error("mine")));
    const client = await connect();
    expect(client.received).toEqual([
      { type: "refuse", nsp: "/", message: "internal error" },
    ]);
    expect(failures).toMatchObject([{ event: "connect" }]);
  });
});

describe("order", () => {
  const slow = () => {
    const ends: (() => void)[] = [];
    const story: string[] = [];
    const handler = async (_socket: unknown, name: string) => {
      story.push(`${name} begins`);
      await new Promise<void>((resolve) => ends.push(resolve));
      story.push(`${name} ends`);
    };
    return { ends, story, handler };
  };

  test("by default handlers run at the same time", async () => {
    const { io, connect } = serve();
    const { ends, story, handler } = slow();
    io.handle("work", handler);
    const client = await connect();
    client.emitEvent("/", "work", "a");
    client.emitEvent("/", "work", "b");
    ends[1]?.();
    await settle();
    expect(story).toEqual(["a begins", "b begins", "b ends"]);
  });

  test("with `handlersInOrder` one after another, for each socket alone", async () => {
    const { io, connect } = serve({ handlersInOrder: true });
    const { ends, story, handler } = slow();
    io.handle("work", handler).handle("disconnect", () => story.push("gone"));
    const one = await connect();
    const other = await connect();
    one.emitEvent("/", "work", "a");
    one.emitEvent("/", "work", "b");
    other.emitEvent("/", "work", "c");
    one.end("transport close");
    await settle();
    expect(story).toEqual(["a begins", "c begins"]);
    ends[0]?.();
    await settle();
    ends[2]?.();
    await settle();
    expect(story.slice(2)).toEqual(["a ends", "b begins", "b ends", "gone"]);
  });

  test("a handler that never ends is given up after `handlerTimeout`", async () => {
    const { io, connect, clock, failures } = serve({
      handlersInOrder: true,
      handlerTimeout: 5000,
    });
    io.handle("stuck", () => new Promise(() => {})).handle("next", () => "ok");
    const client = await connect();
    client.send({ type: "event", nsp: "/", args: ["stuck"], id: 1 });
    client.send({ type: "event", nsp: "/", args: ["next"], id: 2 });
    clock.advance(5000);
    await settle();
    expect(client.received.filter(({ type }) => type === "ack")).toMatchObject([
      { id: 1, args: [{ error: { message: "internal error" } }] },
      { id: 2, args: ["ok"] },
    ]);
    expect(failures).toMatchObject([
      {
        event: "stuck",
        error: {
          message:
            'the handler of "stuck" in namespace "/" has not come to an end within 5000 ms',
        },
      },
    ]);
    expect(clock.pending).toBe(0);
  });
});

describe("bad input", () => {
  test.each(["error", "connect_error", "disconnecting", "newListener"])(
    "handle(%j)",
    (event) => {
      expect(() => serve().io.handle(event, () => {})).toThrow(
        `handle("${event}"): no client can send this event`,
      );
    },
  );

  test("a handler that is no function", () => {
    expect(() =>
      serve().io.handle("x", "text" as unknown as () => void),
    ).toThrow('handle("x"): expected a function as handler, got string');
  });

  test("handlers of another namespace", () => {
    const { io } = serve();
    expect(() =>
      io.of("/a").handle("x", () => {}, { namespace: "/b" }),
    ).toThrow('this is namespace "/a": use io.handle() for "/b"');
  });
});

/** A contract in force, with the validators that people use and official clients. */
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { z } from "zod";
import {
  contract,
  ValidationError,
  type ServerEmits,
  type ServerListens,
} from "../../src/contract/index.js";
import {
  NamespaceHandler,
  refusals,
  withContract,
  type Server,
  type Socket,
} from "../../src/index.js";
import { serve, settle } from "./fakes.js";
import { ask, clients, heard, listen } from "./handlers/support.js";

const libraries = {
  zod: contract({
    toServer: {
      say: { args: z.object({ text: z.string() }), ack: z.number() },
      join: z.string(),
    },
    toClient: { ask: { args: z.string(), ack: z.boolean() } },
  }),
  valibot: contract({
    toServer: {
      say: { args: v.object({ text: v.string() }), ack: v.number() },
      join: v.string(),
    },
    toClient: { ask: { args: v.string(), ack: v.boolean() } },
  }),
  arktype: contract({
    toServer: {
      say: { args: type({ text: "string" }), ack: type("number") },
      join: type("string"),
    },
    toClient: { ask: { args: type("string"), ack: type("boolean") } },
  }),
};
const chat = libraries.zod;

describe.each(Object.entries(libraries))("%s", (_, shapes) => {
  test.each(Object.keys(clients))(
    "with %s, what fits arrives, and the sender of what does not is told",
    async (client) => {
      const { io, join } = await listen();
      const got = vi.fn();
      const nsp = withContract(io.of("/chat"), shapes as typeof chat);
      nsp.handle("say", (_socket, { text }) => {
        got(text);
        return text.length;
      });
      const socket = join("/chat", { client });
      expect(await ask(socket, "say", { text: "hi" })).toEqual([2]);
      const [answer] = await ask(socket, "say", { text: 5 });
      expect(answer).toMatchObject({
        error: {
          message: expect.stringMatching(
            /^"say" was refused: argument 1, text: .*string/,
          ) as string,
          issues: [{ argument: 0, path: ["text"] }],
        },
      });
      expect(got.mock.calls).toEqual([["hi"]]);
      expect(refusals(nsp)).toEqual(new Map([["say", 1]]));
    },
  );
});

test("a bad payload reaches neither listener, middleware, handler nor class", async () => {
  const { io, connect, failures } = serve();
  const reached = vi.fn();
  const invalid = vi.fn();
  withContract(io, chat, { onInvalid: invalid });
  io.handle("say", reached).handle("*", reached);
  io.register(
    new (class extends NamespaceHandler {
      onSay = reached;
      onUnknownEvent = reached;
    })(),
  );
  const errors: Error[] = [];
  io.on("connection", (socket) => {
    socket.use((_event, next) => {
      reached();
      next();
    });
    socket.on("join", reached);
    socket.on("error", (error) => errors.push(error));
  });
  const client = await connect();
  const socketId = client.last("connect").sid;
  client.emitEvent("/", "say", { text: 5 });
  client.emitEvent("/", "join");
  client.emitEvent("/", "join", "a", "b");
  client.emitEvent("/", "other", "a");
  client.emitEvent("/", "toString");
  await settle();
  expect(reached).not.toHaveBeenCalled();
  expect(failures).toEqual([]);
  const refused = ["say", "join", "join", "other", "toString"];
  expect(invalid.mock.calls).toEqual(
    refused.map((event): unknown[] => [
      expect.any(ValidationError),
      { event, namespace: "/", socketId },
    ]),
  );
  expect(errors.map((error) => error instanceof ValidationError)).toEqual(
    refused.map(() => true),
  );
  expect(refusals(io)).toEqual(
    new Map([
      ["say", 1],
      ["join", 2],
      ["*", 2],
    ]),
  );
});

test("handlers get what the validators make of it, and arguments keep their place", async () => {
  const { io, connect } = serve();
  const nsp = withContract(
    io,
    contract({
      toServer: {
        when: {
          args: [
            z.string().transform((text) => new Date(text)),
            z.number().default(7),
          ],
          ack: z.string(),
        },
        slow: z.string().transform((text) => Promise.resolve(`${text}!`)),
      },
    }),
  );
  const slow = vi.fn();
  nsp.handle("when", (_socket, date, n, answer) =>
    answer(`${date.getUTCFullYear()} ${n}`),
  );
  nsp.handle("slow", (_socket, text) => slow(text));
  const client = await connect();
  client.send({ type: "event", nsp: "/", args: ["when", "2020-01-02"], id: 1 });
  client.emitEvent("/", "slow", "later");
  await settle();
  expect(client.last("ack").args).toEqual(["2020 7"]);
  expect(slow.mock.calls).toEqual([["later!"]]);
});

test("a validator that fails is reported, and the client hears of a failure", async () => {
  const { io, connect, failures } = serve();
  const broken = z.string().transform(() => {
    throw new Error("mine");
  });
  withContract(io, contract({ toServer: { x: { args: broken } } }));
  const client = await connect();
  client.send({ type: "event", nsp: "/", args: ["x", "y"], id: 1 });
  await settle();
  expect(client.last("ack").args).toEqual([
    { error: { message: "internal error" } },
  ]);
  expect(failures).toMatchObject([{ event: "x", error: { message: "mine" } }]);
});

describe("answers of clients", () => {
  const asked = async () => {
    const served = serve();
    const invalid = vi.fn();
    const nsp = withContract(served.io, chat, { onInvalid: invalid });
    const client = await served.connect();
    const [socket] = nsp.sockets.values();
    if (socket === undefined) throw new Error("nobody is there");
    const answer = (value: unknown) => {
      const { id = -1 } = client.last("event");
      client.send({ type: "ack", nsp: "/", id, args: [value] });
    };
    return { ...served, nsp, socket, client, answer, invalid };
  };

  test("one that fits is passed on", async () => {
    const { socket, answer, invalid } = await asked();
    const answered = socket.emitWithAck("ask", "well?");
    answer(true);
    expect(await answered).toBe(true);
    expect(invalid).not.toHaveBeenCalled();
  });

  test("one that does not is an error, with or without time", async () => {
    const { io, nsp, socket, answer, invalid, client, clock } = await asked();
    const answered = socket.emitWithAck("ask", "well?");
    answer("yes");
    await expect(answered).rejects.toThrow('"ask" was refused: argument 1');
    const inTime = socket.timeout(1000).emitWithAck("ask", "well?");
    answer("yes");
    await expect(inTime).rejects.toThrow('"ask" was refused');
    const called = nsp.call("ask", "well?", { to: socket.id });
    answer("yes");
    await expect(called).rejects.toThrow('"ask" was refused');
    const never = vi.fn();
    socket.emit("ask", "well?", never);
    answer("yes");
    const all = nsp.timeout(1000).emitWithAck("ask", "all?");
    answer("yes");
    await expect(all).rejects.toThrow('"ask" was refused');
    expect(never).not.toHaveBeenCalled();
    expect(client.readyState).toBe("open");
    expect(refusals(io)).toEqual(new Map([["ask", 5]]));
    expect(invalid).toHaveBeenCalledTimes(5);
    expect(clock.pending).toBe(0);
  });
});

test("namespaces of a regular expression, and recovered sockets, are checked too", async () => {
  const { io, connect, open } = serve({ connectionStateRecovery: {} });
  const nsp = withContract(io.of(/^\/room-/), chat);
  const client = await connect("/room-1");
  const { pid, offset } = client.last("connect");
  client.end("transport close");
  const again = open();
  again.join("/room-1", { pid, offset });
  await settle();
  again.emitEvent("/room-1", "say", "nothing");
  expect(refusals(nsp)).toEqual(new Map([["say", 1]]));
});

test("without a contract nothing is added to a socket", async () => {
  const { io, connect } = serve();
  withContract(io.of("/other"), chat);
  await connect();
  const [socket] = io.sockets.sockets.values();
  expect(io.sockets.listenerCount("connect")).toBe(0);
  expect(io.sockets._checkAnswer).toBeUndefined();
  expect(socket?.listenersAny()).toEqual([]);
  expect(refusals(io)).toEqual(new Map());
});

test("a second contract for a namespace", () => {
  const { io } = serve();
  withContract(io, chat);
  expect(() => withContract(io.sockets, chat)).toThrow(
    'namespace "/" already has a contract',
  );
});

test("with a real client over polling", async () => {
  const { io, join } = await listen();
  withContract(io, chat);
  const client = join("/", { transports: ["polling"] });
  await heard(client, "connect");
  expect(await ask(client, "join", 5)).toMatchObject([
    { error: { issues: [{ argument: 0, path: [] }] } },
  ]);
});

test("types follow from the contract", () => {
  type C = typeof chat;
  const program = (io: Server) => {
    const nsp = withContract(io.of("/chat"), chat);
    nsp.on("connection", (socket) => {
      expectTypeOf(socket).toEqualTypeOf<
        Socket<ServerListens<C>, ServerEmits<C>>
      >();
      socket.on("say", ({ text }, answer) => {
        expectTypeOf(text).toBeString();
        answer(5);
        // @ts-expect-error a number
        answer("5");
      });
      // @ts-expect-error no such event
      socket.on("nothing", () => {});
      socket.emit("ask", "well?", (yes) => expectTypeOf(yes).toBeBoolean());
      // @ts-expect-error text
      socket.emit("ask", 5, () => {});
    });
    nsp.handle("say", (_socket, { text }) => text.length);
    // @ts-expect-error the answer is a number
    nsp.handle("say", (_socket, { text }) => text);
    // @ts-expect-error clients do not send this
    nsp.handle("ask", () => true);
    nsp.handle("join", (_socket, room) => expectTypeOf(room).toBeString());
    const answer = nsp.call("ask", "well?", { to: "id" });
    expectTypeOf(answer).resolves.toBeBoolean();
    // @ts-expect-error clients send this
    nsp.emit("join", "room");
  };
  expectTypeOf(program).parameters.toEqualTypeOf<[Server]>();
  expectTypeOf<
    Parameters<ServerListens<typeof libraries.arktype>["say"]>[0]
  >().toEqualTypeOf<{ text: string }>();
  expectTypeOf<
    Parameters<ServerListens<typeof libraries.valibot>["say"]>[0]
  >().toEqualTypeOf<{ text: string }>();
});

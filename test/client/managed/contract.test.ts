/** A contract at the client's end, and at both. */
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import * as v from "valibot";
import { z } from "zod";
import {
  AnswerError,
  args,
  withContract,
  type ConnectionError,
} from "../../../src/client/index.js";
import {
  contract,
  isAckFailure,
  ValidationError,
  type ClientListens,
} from "../../../src/contract/index.js";
import {
  Server,
  withContract as withContractAtServer,
} from "../../../src/index.js";
import { afterTest, connect, next, own } from "../support.js";
import { client, failure } from "./support.js";

const chat = contract({
  toServer: {
    say: { args: z.string(), ack: z.object({ id: z.number() }) },
    move: [v.number(), v.number()],
  },
  toClient: {
    said: [z.string(), z.string()],
    ask: { args: z.number(), ack: z.string() },
    when: z.string().transform((text) => new Date(text)),
    later: z.string().refine((text) => Promise.resolve(text !== "bad")),
  },
});

/** A server that says what the contract does not have, too. */
async function serve() {
  const { io, url } = await own();
  const answers = new Promise<unknown[]>((resolve) => {
    io.on("connection", (socket) => {
      const all: unknown[] = [];
      const ask = (value: unknown) =>
        socket.emit("ask", value, (answer: unknown) => {
          if (all.push(answer) === 2) resolve(all);
        });
      socket.on("start", () => {
        socket.emit("said", "Ada", 7);
        socket.emit("said", "Ada");
        socket.emit("weather");
        socket.emit("when", "2026-01-01");
        socket.emit("later", "bad");
        socket.emit("said", "Ada", "hi");
        ask("many");
        ask(3);
      });
      socket.on("say", (text: string, answer: (value: unknown) => void) =>
        answer(text === "wrong" ? { id: "text" } : { id: text.length }),
      );
    });
  });
  return { io, url, answers };
}

describe("a client", () => {
  it("gets what the contract has, as its validators made it", async () => {
    const { url, answers } = await serve();
    const plain = client();
    const invalid: string[] = [];
    const c = withContract(plain, chat, {
      onInvalid: ({ message }, namespace) =>
        void invalid.push(`${namespace} ${message}`),
    });
    const heard: unknown[] = [];
    c.on("said", (by, text) => {
      expectTypeOf(by).toEqualTypeOf<string>();
      heard.push(by, text);
    });
    c.on("when", (date) => {
      expectTypeOf(date).toEqualTypeOf<Date>();
      heard.push(date);
    });
    c.on("later", (text) => void heard.push(text));
    c.on("ask", (n) => "x".repeat(n));
    await c.connect(url);
    plain.emit("start");
    const [refused, answered] = await answers;
    expect(refused).toMatchObject({
      error: { issues: [{ argument: 0, path: [] }] },
    });
    expect(answered).toBe("xxx");
    expect(heard).toEqual([new Date("2026-01-01"), "Ada", "hi"]);
    // What is checked in its own time may be later.
    expect(invalid.sort()).toEqual([
      expect.stringMatching(/^\/ "ask" was refused: argument 1: .*number/),
      expect.stringMatching(/^\/ "later" was refused/),
      expect.stringMatching(/^\/ "said" was refused: argument 2: .*string/),
      expect.stringMatching(/^\/ "said" was refused: argument 2: .*string/),
      expect.stringMatching(/^\/ "weather" .*the contract has no such event/),
    ]);
  });

  it("has its answers checked", async () => {
    const { url } = await serve();
    const c = withContract(client(), chat);
    await c.connect(url);
    const answer = await c.call("say", "four");
    expectTypeOf(answer).toEqualTypeOf<{ id: number }>();
    expect(answer).toEqual({ id: 4 });
    const error = await failure(c.call("say", "wrong"));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error.message).toMatch(
      /"say" was refused: argument 1, id: .*number/,
    );
  });

  it("has the answers to its callbacks checked", async () => {
    const { url } = await serve();
    const invalid: string[] = [];
    const c = withContract(client(), chat, {
      onInvalid: ({ message }) => void invalid.push(message),
    });
    await c.connect(url);
    const answers: unknown[] = [];
    const keep = (answer: { id: number }) => void answers.push(answer);
    c.emit("say", "wrong", keep);
    c.emit("say", "four", { callback: keep });
    await c.waitForCallbacks();
    expect(answers).toEqual([{ id: 4 }]);
    expect(invalid).toEqual([
      expect.stringMatching(/"say" was refused: argument 1, id: .*number/),
    ]);
  });

  it("is told by the server what was wrong", async () => {
    const io = new Server(0);
    afterTest(() => io.close());
    withContractAtServer(io, chat);
    const { port } = io.httpServer.address() as { port: number };
    const c = withContract(client(), chat);
    await c.connect(`http://localhost:${port}`);
    const error = await failure(c.call("say", 1 as unknown as string));
    expect(error).toBeInstanceOf(AnswerError);
    expect(error).toMatchObject({
      issues: [{ argument: 0, path: [] }],
      message: expect.stringMatching(/"say" was refused: argument 1/) as string,
    });
    const refused = await new Promise((resolve) =>
      c.emit("say", 1 as unknown as string, resolve),
    );
    expect(isAckFailure(refused)).toBe(true);
    c.emit("move", args(1, 2));
  });

  it("takes one contract for a namespace, before it connects", async () => {
    const { url } = await serve();
    const c = client();
    withContract(c, chat, { namespace: "/a" });
    expect(() => withContract(c, chat, { namespace: "/a" })).toThrow(
      'namespace "/a" already has a contract',
    );
    await c.connect(url);
    expect(() => withContract(c, chat)).toThrow(/before connect\(\)/);
    expectTypeOf<ConnectionError>().toExtend<Error>();
  });
});

describe("a socket of io()", () => {
  it("is guarded the same", async () => {
    const { url, answers } = await serve();
    const error = vi.spyOn(console, "error").mockReturnValue();
    const plain = connect(url, { autoConnect: false });
    const socket = withContract(plain, chat);
    const heard: unknown[] = [];
    socket.on("said", (by, text) => void heard.push(by, text));
    socket.on("ask", (n, answer) => answer("x".repeat(n)));
    expectTypeOf<
      Parameters<ClientListens<typeof chat>["said"]>
    >().toEqualTypeOf<[string, string]>();
    socket.connect();
    await next(socket, "connect");
    plain.emit("start");
    expect(await answers).toEqual([
      expect.objectContaining({ error: expect.anything() as unknown }),
      "xxx",
    ]);
    expect(heard).toEqual(["Ada", "hi"]);
    expect(error.mock.calls[0]?.[0]).toMatch(
      /an event of the server's does not keep to the contract \(namespace \/\): "said"/,
    );
    error.mockRestore();
  });
});

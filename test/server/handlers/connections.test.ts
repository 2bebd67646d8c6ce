/** A class with one object for each connection. */
import { afterAll, describe, expect, test } from "vitest";
import {
  ConnectionHandler,
  ConnectionRefusedError,
} from "../../../src/index.js";
import { client06 } from "../../interop/old/peers/old-clients.js";
import { next } from "../../interop/old/rig.js";
import { serve, settle } from "../fakes.js";
import { ask, clients, heard, listen } from "./support.js";

const old = client06();
afterAll(() => old.shutDown());

const story: unknown[][] = [];

class Echo extends ConnectionHandler {
  #count = 0;

  onOpen(_request: unknown, params: Readonly<Record<string, string>>) {
    story.push(["open", this.protocol, params]);
    if (params.room === "closed") throw new ConnectionRefusedError("closed", 1);
    return params.room !== "nobody";
  }

  onMessage(message: unknown) {
    this.send(`[echo] ${String(message)}`, ++this.#count);
    return "got it";
  }

  onClose(reason: string) {
    story.push(["close", reason]);
  }
}

describe.each(Object.keys(clients))("with %s", (client) => {
  test("every connection has an object of its own", async () => {
    const { io, join } = await listen();
    io.serve(Echo);
    for (let i = 0; i < 2; i++) {
      const socket = join("/", { client });
      const messages: unknown[] = [];
      const both = new Promise<void>((resolve) =>
        socket.on("message", (message) => {
          if (messages.push(message) === 2) resolve();
        }),
      );
      expect(await ask(socket, "message", "OMG! Ponies!")).toEqual(["got it"]);
      await both;
      expect(messages).toEqual(["[echo] OMG! Ponies!", 1]);
    }
  });
});

test("a client of 0.6, over WebSocket and over polling, at a path of its own", async () => {
  const { io, port } = await listen({
    generations: "all",
    transports: ["websocket", "polling"],
  });
  io.serve(Echo, { path: "/echo/:room" });
  for (const transport of ["websocket", "xhr-polling"] as const) {
    story.length = 0;
    const closed = new Promise((resolve) =>
      io.once("connection", (socket) => socket.on("disconnect", resolve)),
    );
    const client = await old.open(port, {
      transport,
      resource: "echo/a%20b",
    });
    const heard = next(client, "message", "the echo comes back");
    client.send("hi");
    expect(await heard).toEqual(["[echo] hi"]);
    client.disconnect();
    await closed;
    expect(story[0]).toEqual(["open", transport, { room: "a b" }]);
    expect(story[1]?.[0]).toBe("close");
  }
});

test("objects go both ways, and what knows its own JSON is sent as that", async () => {
  class Decimal {
    constructor(readonly digits: string) {}
    toJSON() {
      return this.digits;
    }
  }
  const { io, port } = await listen({ generations: "all" });
  io.serve(
    class extends ConnectionHandler {
      onMessage({ item }: { item: string }) {
        this.send({ item, price: new Decimal("1.10") });
      }
    },
  );
  const client = await old.open(port, { transport: "websocket" });
  const priced = next(client, "message", "the object comes back");
  client.json({ item: "tea" });
  expect(await priced).toEqual([{ item: "tea", price: "1.10" }]);
});

describe("paths", () => {
  const which = (name: string) =>
    class extends ConnectionHandler {
      params: unknown = undefined;
      onOpen(_request: unknown, params: unknown) {
        this.params = params;
      }
      onMessage() {
        return { name, params: this.params };
      }
    };

  test("each class has its path, the server's own is for the rest", async () => {
    const { io, join, port } = await listen();
    io.serve(which("rest"));
    io.serve(which("echo"), { path: "/echo/:room" });
    io.serve(which("deep"), { path: /^\/deep\/(?<a>\d+)(?:\/(?<b>\w+))?/ });
    const at = async (path: string, transports: string[]) => {
      const client = join("/", { path, transports });
      return (await ask(client, "message", 1))[0];
    };
    for (const transports of [["websocket"], ["polling"]]) {
      expect(await at("/socket.io", transports)).toEqual({
        name: "rest",
        params: {},
      });
      expect(await at("/echo/a%20%E2%82%AC", transports)).toEqual({
        name: "echo",
        params: { room: "a €" },
      });
      expect(await at("/deep/12/x", transports)).toEqual({
        name: "deep",
        params: { a: "12", b: "x" },
      });
      expect(await at("/deep/12", transports)).toEqual({
        name: "deep",
        params: { a: "12" },
      });
    }
    // Other requests are not ours.
    for (const path of ["/echo", "/echo/", "/deep/x", "/echoes/a"]) {
      const response = await fetch(
        `http://localhost:${port}${path}?EIO=4&transport=polling`,
      );
      expect(response.status).toBe(404);
    }
  });

  test("a path may be added while the server listens", async () => {
    const { io, join } = await listen();
    await heard(join(), "connect");
    io.serve(which("late"), { path: "/late" });
    expect(await ask(join("/", { path: "/late" }), "message")).toEqual([
      { name: "late", params: {} },
    ]);
  });
});

describe("refusing", () => {
  test("by false or by an error", async () => {
    const { io, join } = await listen();
    io.serve(Echo, { path: "/echo/:room" });
    story.length = 0;
    const errors = await Promise.all(
      ["nobody", "closed"].map((room) =>
        heard(join("/", { path: `/echo/${room}` }), "connect_error"),
      ),
    );
    expect(errors).toMatchObject([
      [{ message: "Connection rejected by server" }],
      [{ message: "closed", data: 1 }],
    ]);
    expect(story.map(([what]) => what)).toEqual(["open", "open"]);
  });

  test("a client of 0.6 has no words for it and is disconnected", async () => {
    const { io, port } = await listen({ generations: "all" });
    io.serve(Echo, { path: "/echo/:room" });
    const client = await old.open(port, {
      transport: "websocket",
      resource: "echo/nobody",
    });
    await next(client, "disconnect", "the client is disconnected");
    expect(io.engine.clientsCount).toBe(0);
  });
});

test("what is known of a connection", async () => {
  const { io, connect } = serve();
  const known: unknown[] = [];
  io.serve(
    class extends ConnectionHandler {
      onOpen() {
        known.push(this.protocol, this.session, this.socket.id);
      }
      onMessage() {
        this.close();
      }
    },
  );
  const client = await connect();
  const { sid } = client.last("connect");
  expect(known).toEqual(["websocket", { id: sid, dialect: "eio4" }, sid]);
  // Nothing in it writes past the grammar.
  expect("write" in ConnectionHandler.prototype).toBe(false);
  client.emitEvent("/", "message");
  expect(client.readyState).toBe("closed");
});

test("other handlers come first, and other events are not messages", async () => {
  const { io, connect } = serve();
  const got: unknown[] = [];
  io.serve(
    class extends ConnectionHandler {
      onMessage(message: unknown) {
        got.push(message);
      }
    },
  );
  const client = await connect();
  client.emitEvent("/", "other", 1);
  client.emitEvent("/", "message", 2);
  io.handle("message", (_socket, message) => got.push(["handle", message]));
  client.emitEvent("/", "message", 3);
  await settle();
  expect(got).toEqual([2, ["handle", 3]]);
});

describe("bad input", () => {
  const io = serve().io;

  test("no class, no onMessage, methods that nothing calls", () => {
    const broken = (Class: unknown) => () => io.serve(Class as typeof Echo);
    expect(broken(new Echo())).toThrow("expected a class that extends");
    expect(broken(class Other {})).toThrow("expected a class that extends");
    const base: unknown = ConnectionHandler;
    expect(broken(class Deaf extends (base as typeof Echo) {})).toThrow(
      "serve: Deaf has no method onMessage",
    );
    expect(
      broken(
        class Typo extends Echo {
          onOpened() {}
        },
      ),
    ).toThrow(
      "Typo.onOpened is called by nothing: a ConnectionHandler has onOpen, onMessage and onClose",
    );
    expect(
      broken(
        class Snake extends Echo {
          on_message() {}
        },
      ),
    ).toThrow("Snake.on_message can be reached by no event: write onMessage");
  });

  test("paths that cannot work", () => {
    expect(() => io.serve(Echo, { path: "echo" })).toThrow(
      'path must be a string that starts with "/"',
    );
    expect(() => io.serve(Echo, { path: /\/echo/g })).toThrow("flag g or y");
  });

  test("two classes for the server's own path", () => {
    const { io } = serve();
    io.serve(Echo);
    expect(() => io.serve(Echo)).toThrow(
      "the server's own path already has a class: give Echo a path",
    );
  });

  test("the connection is not there in the constructor", () => {
    expect(() => new Echo().protocol).toThrow(
      "Echo has no connection in its constructor: use onOpen",
    );
  });
});

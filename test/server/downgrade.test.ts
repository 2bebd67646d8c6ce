/** What a generation has no words for, and what the application gives in its place. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Server, type ServerOptions, type Socket } from "../../src/index.js";
import { afterTest, connect, next, nextValue } from "../client/support.js";
import { listening } from "../interop/peers/listening.js";

const warn = vi.spyOn(console, "warn");

beforeEach(() => {
  warn.mockImplementation(() => undefined);
});

afterEach(() => warn.mockReset());

/** A server with a client of this generation, and its socket there. */
async function meet(
  protocol: "4.x" | "0.9" | "0.6",
  downgrade?: ServerOptions["downgrade"],
) {
  const io = new Server({
    generations: "all",
    ...(downgrade && { downgrade }),
  });
  const site = await listening(0, (http) => void io.attach(http));
  afterTest(async () => {
    await io.close();
    await site.stop();
  });
  const arrived = new Promise<Socket>((resolve) => {
    io.on("connection", resolve);
  });
  const client = connect(`http://127.0.0.1:${site.port}`, { protocol });
  await next(client, "connect");
  return { io, client, socket: await arrived };
}

describe("an event without words", () => {
  it("is left out, which is said once for each namespace", async () => {
    const { io, client, socket } = await meet("0.6");
    const heard = nextValue(client, "message");
    io.emit("news", 1);
    socket.emit("news", 2);
    socket.send("the end");
    expect(await heard).toBe("the end");
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.lastCall?.[0]).toContain(
      '"news" of / is not sent to clients of Socket.IO 0.6',
    );
  });

  it("becomes what the application gives", async () => {
    const asked: unknown[] = [];
    const { io, client } = await meet("0.6", (event, dialect) => {
      asked.push([event, dialect.generations]);
      return { name: "message", args: [`news: ${String(event.args[0])}`] };
    });
    const heard = nextValue(client, "message");
    io.emit("news", 1);
    expect(await heard).toBe("news: 1");
    expect(asked).toEqual([
      [{ name: "news", args: [1], namespace: "/" }, ["0.6"]],
    ]);
  });

  it("is left out without a word where the application says so", async () => {
    const { client, socket } = await meet("0.6", () => undefined);
    const heard = nextValue(client, "message");
    socket.emit("news", 1);
    socket.send("the end");
    expect(await heard).toBe("the end");
    expect(warn).not.toHaveBeenCalled();
  });

  it("is binary data before 1.0", async () => {
    const { client, socket } = await meet("0.9", ({ name, args }) => ({
      name,
      args: args.map((arg) =>
        arg instanceof Uint8Array ? Buffer.from(arg).toString("hex") : arg,
      ),
    }));
    const heard = nextValue(client, "file");
    socket.emit("file", Buffer.from([1, 255]));
    expect(await heard).toBe("01ff");
  });
});

it.each([
  ["4.x", "eio4", ["4.x", "3.x"], 4],
  ["0.9", "v09", ["0.9", "0.8", "0.7"], 1],
  ["0.6", "v06", ["0.6"], 0],
] as const)(
  "socket.dialect tells what a client of %s speaks",
  async (generation, name, generations, protocol) => {
    const { socket } = await meet(generation);
    expect(socket.dialect.name).toBe(name);
    expect(socket.dialect.generations).toEqual(generations);
    expect(socket.conn.protocol).toBe(protocol);
    expect(socket.handshake.query).toBeDefined();
  },
);

/**
 * `socketio-wildcard`, as npm has it: it sets `socket.onevent` in a middleware,
 * and answers by `socket.ack()`. The same with the few lines that programs
 * write themselves, which wrap the `onevent` that is there.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { io as connect } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Project } from "../package/project.js";
import { atEnd, both, site, type Site } from "../server/beside.js";
import { Server, type Socket } from "../../src/index.js";

type Plugin = (socket: Socket, next: () => void) => void;

interface Packet {
  type: number;
  nsp: string;
  data: unknown[];
  id?: number;
}

/** What plugins find on a socket. */
type Pluggable = Socket & {
  onevent: (packet: Packet) => void;
  leaveAll(): void;
};

let project: Project;
let wildcard: () => Plugin;

beforeAll(async () => {
  project = await Project.create({
    private: true,
    dependencies: { "socketio-wildcard": "2.0.0" },
  });
  await project.install();
  const require = createRequire(join(project.folder, "program.js"));
  wildcard = require("socketio-wildcard") as () => Plugin;
}, 120_000);

afterAll(() => project.remove());

/** Functions are compared by being there, bytes by what is in them. */
const plain = (value: unknown): unknown =>
  typeof value === "function"
    ? "a function"
    : Buffer.isBuffer(value)
      ? value.toString("hex")
      : Array.isArray(value)
        ? value.map(plain)
        : value;

/** What a program with this middleware hears of a client that says a few things. */
function program(middleware: () => Plugin, nsp = "/") {
  return async (site: Site) => {
    // Apart, as listeners are called in the same tick here, and in a later one there.
    const packets: unknown[] = [];
    const heard: unknown[] = [];
    const namespace = site.io.of(nsp);
    namespace.use(middleware());
    namespace.on("connection", (socket) => {
      socket.on("*", (packet: Packet) =>
        packets.push({ ...packet, data: plain(packet.data) }),
      );
      socket.on("ask", (value: unknown, answer: (value: unknown) => void) =>
        answer(value),
      );
      socket.on("plain", (...args: unknown[]) => heard.push(plain(args)));
    });
    const client = connect(site.url + nsp, {
      transports: ["websocket"],
      forceNew: true,
    });
    atEnd(() => client.disconnect());
    client.emit("plain", 1, "é");
    client.emit("nobody listens", { a: 1 });
    client.emit("plain", Buffer.from([1, 2]));
    heard.push(await client.emitWithAck("ask", "what"));
    return { packets, heard };
  };
}

describe.each(["/", "/chat"])("in the namespace %s", (nsp) => {
  test("socketio-wildcard hears what it hears there", async () => {
    const [ours, theirs] = await both({}, program(wildcard, nsp));
    expect(ours).toEqual(theirs);
    expect(ours.packets).toContainEqual({
      type: 2,
      nsp,
      data: ["nobody listens", { a: 1 }],
    });
    expect(ours.heard).toEqual([[1, "é"], ["0102"], "what"]);
  });

  test("who wraps onevent hears what it hears there", async () => {
    const wrapping: () => Plugin = () => (socket, next) => {
      const pluggable = socket as Pluggable;
      const { onevent } = pluggable;
      pluggable.onevent = function (this: Pluggable, packet) {
        socket.listeners("*").forEach((listener) => listener(packet));
        onevent.call(this, packet);
      };
      next();
    };
    const [ours, theirs] = await both({}, program(wrapping, nsp));
    expect(ours).toEqual(theirs);
    expect(ours.packets).toHaveLength(4);
    expect(ours.heard).toEqual([[1, "é"], ["0102"], "what"]);
  });
});

test("who sets onevent twice is heard the last time", async () => {
  const [ours, theirs] = await both({}, async (site) => {
    const heard: string[] = [];
    const done = new Promise<void>((resolve) => {
      site.io.on("connection", (socket) => {
        const pluggable = socket as Pluggable;
        pluggable.onevent = () => heard.push("first");
        pluggable.onevent = ({ data }) => {
          heard.push(String(data[0]));
          resolve();
        };
      });
    });
    const client = connect(site.url, { forceNew: true });
    atEnd(() => client.disconnect());
    client.emit("hello");
    await done;
    return heard;
  });
  expect(ours).toEqual(theirs);
  expect(ours).toEqual(["hello"]);
});

test("leaveAll() leaves all rooms, its own as well", async () => {
  const [ours, theirs] = await both({}, async (site) => {
    const left = new Promise<unknown>((resolve) => {
      site.io.on("connection", async (socket) => {
        await socket.join(["a", "b"]);
        (socket as Pluggable).leaveAll();
        resolve([[...socket.rooms], site.io.of("/").adapter.rooms.size]);
      });
    });
    const client = connect(site.url, { forceNew: true });
    atEnd(() => client.disconnect());
    return left;
  });
  expect(ours).toEqual(theirs);
  expect(ours).toEqual([[], 0]);
});

test("an onevent that throws is reported, and the connection lives on", async () => {
  const reported: unknown[] = [];
  const { io, url } = await site(Server, {
    onHandlerError: (error, { event }) => reported.push([String(error), event]),
  });
  io.on("connection", (socket) => {
    (socket as Pluggable).onevent = () => {
      throw new Error("a plugin's");
    };
    socket.emit("go");
  });
  const client = connect(url, { forceNew: true });
  atEnd(() => client.disconnect());
  const going = new Promise((resolve) =>
    client.on("go", resolve as () => void),
  );
  await going;
  client.emit("hello");
  while (reported.length === 0) await new Promise(setImmediate);
  expect(reported).toEqual([["Error: a plugin's", "hello"]]);
  expect(client.connected).toBe(true);
});

/**
 * Clients that ask for Engine.IO 4 and speak Engine.IO 3: they are let in as
 * what they are, as servers of 2.x let them in, and nobody else is taken for one.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { spawn } from "node:child_process";
import { io as connect } from "socket.io-client";
import { Server as Reference } from "socket.io";
import { describe, expect, onTestFinished, test } from "vitest";
import { io as connectOurs } from "../../../src/client/index.js";
import { Server, type ServerOptions, type Socket } from "../../../src/index.js";
import { server2 } from "../../interop/peers/official-servers.js";
import { text, type Wire } from "../../security/wire.js";
import {
  bytes,
  CPP_1,
  CPP_1_CHAT,
  CPP_3,
  CPP_3_AUTH,
  CPP_3_CHAT,
  greetings,
  JAVA_2,
  old,
  open,
  play,
  SWIFT_16,
  UNITY,
  type Script,
} from "./clients.js";

/** What a program does, in any server: the part of its API that all have. */
interface AnySocket {
  id: string;
  conn: object;
  on(event: string, listener: (...args: never[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  disconnect(): unknown;
}

interface AnyServer {
  on(event: "connection", listener: (socket: never) => void): unknown;
  of(nsp: string): {
    on(event: "connection", listener: (socket: never) => void): unknown;
  };
}

/** Ids and reasons of the sockets of a program that answers all that it hears. */
class Program {
  readonly joined: string[] = [];
  readonly left: string[] = [];
  readonly sockets: AnySocket[] = [];
  #wake: (() => void)[] = [];

  constructor(io: AnyServer) {
    const serve = (nsp: string) => (socket: AnySocket) => {
      this.joined.push(nsp);
      this.sockets.push(socket);
      socket.on("say", (...args: unknown[]) => {
        const done = args.at(-1);
        if (typeof done === "function") (done as (x: unknown) => void)(args[0]);
        else socket.emit("said", ...args);
      });
      socket.on("disconnect", (reason: string) => {
        this.left.push(reason);
        for (const wake of this.#wake.splice(0)) wake();
      });
    };
    io.on("connection", serve("/"));
    io.of("/chat").on("connection", serve("/chat"));
  }

  async leaving(): Promise<string | undefined> {
    while (this.left.length === 0)
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    return this.left[0];
  }
}

interface Served {
  port: number;
  program: Program;
}

async function ours(
  options: ServerOptions = {},
): Promise<Served & { io: Server }> {
  const http = createServer();
  const io = new Server(http, options);
  const program = new Program(io);
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  onTestFinished(() => io.close());
  return { port: (http.address() as AddressInfo).port, program, io };
}

async function reference(options: object = {}): Promise<Served> {
  const http = createServer();
  const io = new Reference(http, options);
  const program = new Program(io);
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  onTestFinished(() => io.close());
  return { port: (http.address() as AddressInfo).port, program };
}

async function reference2(): Promise<Served> {
  const server = await server2().start({});
  onTestFinished(() => server.close());
  return {
    port: server.port,
    program: new Program(server.io),
  };
}

const SERVERS: [string, () => Promise<Served>][] = [
  ["socket.io 2.5", reference2],
  ["ours", ours],
  ["ours, with compression, over ws", () => ours({ perMessageDeflate: true })],
];

/** A client of 1.x pings when the greeting's interval is over: then it is known here. */
async function begin(wire: Wire): Promise<Wire> {
  wire.send(text("2"));
  await wire.hears(/^40/);
  await wire.hears(/^3$/);
  return wire;
}

describe.each(SERVERS)("the C++ client of 1.x at %s", (_, serve) => {
  test("is let in, and understood", async () => {
    const { port, program } = await serve();
    const wire = await begin(await play(port, CPP_1));
    const [{ sid }] = greetings(wire);
    expect(program.joined).toEqual(["/"]);
    expect(program.sockets[0].id).toBe(sid);
    expect(greetings(wire).at(-1)).toMatchObject({ sid, pingInterval: 25_000 });

    wire.send(text('42["say","hé \u20ac"]'));
    const said = await wire.hears(/said/);
    expect(JSON.parse(said.slice(2))).toEqual(["said", "hé \u20ac"]);
    wire.send(text('427["say",[1,{"a":null}]]'));
    await wire.hears(/^437\[\[1,{"a":null}\]\]$/);
    wire.send(
      text('451-["say",{"_placeholder":true,"num":0}]'),
      old(0, 1, 4, 255),
    );
    await wire.until(() => bytes(wire).length > 0);
    expect(bytes(wire)).toEqual([[4, 0, 1, 4, 255]]);
    wire.send(text("2"));
    await wire.until(() => count(wire, "3") === 2);
    wire.send(text("41"));
    expect(await program.leaving()).toBe("client namespace disconnect");
  });

  test("joins another namespace beside the root", async () => {
    const { port, program } = await serve();
    const wire = await play(port, CPP_1_CHAT);
    await wire.hears(/^40\/chat/);
    wire.send(text("2"));
    await wire.hears(/^40($|\{)/);
    wire.send(text('42/chat,["say","there"]'), text('42["say","here"]'));
    await wire.hears(/^42\/chat,\["said","there"\]$/);
    await wire.hears(/^42\["said","here"\]$/);
    expect(program.joined.sort()).toEqual(["/", "/chat"]);
  });

  test("is told when it has to leave", async () => {
    const { port, program } = await serve();
    const wire = await begin(await play(port, CPP_1));
    program.sockets[0].disconnect();
    await wire.hears(/^41$/);
  });

  test("the component for Unity is let in by its first ping", async () => {
    const { port, program } = await serve();
    const wire = await play(port, UNITY);
    await wire.hears(/^40$/);
    await wire.hears(/^3$/);
    // Its greeting was true, so it gets no other.
    expect(greetings(wire)).toHaveLength(1);
    wire.send(text('42["say",{"x":1}]'));
    await wire.hears(/^42\["said",{"x":1}\]$/);
    expect(program.joined).toEqual(["/"]);
  });
});

const count = (wire: Wire, message: string): number =>
  wire.messages.filter((other) => other === message).length;

test("its request does not say what it speaks: it is asked to ping soon, with the same patience as ever", async () => {
  const { port, io } = await ours({
    pingInterval: 25_000,
    pingTimeout: 20_000,
  });
  const wire = await play(port, CPP_1);
  expect(greetings(wire)).toMatchObject([
    { pingInterval: 100, pingTimeout: 44_900 },
  ]);
  expect(wire.messages).toHaveLength(1);
  const connection = once(io, "connection");
  wire.send(text("2"));
  const [socket] = (await connection) as [Socket];
  await wire.hears(/^3$/);
  expect(wire.messages.slice(1).sort()).toEqual([
    expect.stringContaining('"pingInterval":25000,"pingTimeout":20000'),
    "3",
    "40",
  ]);
  expect(socket.conn.protocol).toBe(3);
  expect(socket.dialect.generations).toEqual(["2.x", "1.x"]);
});

test("socket.io 4 with allowEIO3 ends its connection, and so do we where 1.x is not let in", async () => {
  for (const serve of [
    () => reference({ allowEIO3: true }),
    () => ours({ allowEIO3: false }),
    () => ours({ generations: ["4.x"] }),
  ]) {
    const { port, program } = await serve();
    const wire = await play(port, CPP_1);
    expect(greetings(wire)).toMatchObject([{ pingInterval: 25_000 }]);
    wire.send(text("2"));
    await wire.ended();
    expect(wire.messages).toHaveLength(1);
    expect(program.joined).toEqual([]);
  }
});

test("events for all reach it in its own words, beside clients of 4.x and of 2.x", async () => {
  const { port, io } = await ours();
  const url = `http://127.0.0.1:${port}`;
  const modern = connect(url, { transports: ["websocket"] });
  onTestFinished(() => void modern.disconnect());
  const heard = new Promise((resolve) => modern.once("all", resolve));
  await once(modern as never, "connect");
  const wire = await begin(await play(port, CPP_1));
  const two = await play(port, {
    ...UNITY,
    path: "/socket.io/?EIO=3&transport=websocket",
  });
  await two.hears(/^40$/);
  io.emit("all", Buffer.from([1, 2]));
  await wire.until(() => bytes(wire).length > 0);
  await two.until(() => bytes(two).length > 0);
  expect(bytes(wire)).toEqual([[4, 1, 2]]);
  expect(bytes(two)).toEqual([[4, 1, 2]]);
  expect([...((await heard) as Buffer)]).toEqual([1, 2]);
});

const OTHERS: [string, Script, string[]][] = [
  ["C++ 3.0", CPP_3, ["/"]],
  ["C++ 3.x with a namespace", CPP_3_CHAT, ["/chat", "/"]],
  ["C++ 3.1 with auth", CPP_3_AUTH, ["/"]],
  ["Java 2.x", JAVA_2, ["/"]],
  ["Swift 16", SWIFT_16, ["/"]],
];

describe.each([
  ["socket.io 4.8", reference],
  ["ours", ours],
] as const)("who speaks what it says, at %s", (_, serve) => {
  test.each(OTHERS)("%s", async (_name, script, joined) => {
    const { port, program } = await serve({
      pingInterval: 300,
      pingTimeout: 20_000,
    });
    const wire = await play(port, script);
    await wire.hears(/^40\{"sid":/);
    // It waits so long for the server's next word before it takes it for dead.
    const [{ pingInterval, pingTimeout }] = greetings(wire);
    expect(Number(pingInterval) + Number(pingTimeout)).toBe(20_300);
    for (let beat = 1; beat <= 2; beat++) {
      await wire.until(() => count(wire, "2") === beat);
      wire.send(text("3"));
    }
    wire.send(text('421["say","still here"]'));
    await wire.hears(/^431\["still here"\]$/);
    expect(greetings(wire)).toHaveLength(1);
    expect(program.joined).toEqual(joined);
    expect(program.sockets.map(({ conn }) => conn)).toMatchObject(
      joined.map(() => ({ protocol: 4 })),
    );
  });

  test("a ping of a client that has joined the root namespace ends its connection", async () => {
    const { port, program } = await serve();
    const wire = await play(port, CPP_3);
    await wire.hears(/^40\{/);
    wire.send(text("2"));
    expect(await program.leaving()).toBe("transport error");
    await wire.ended();
    expect(count(wire, "3")).toBe(0);
  });

  test.each(["2probe", "2{}", "3"])("%j instead of a ping", async (said) => {
    const { port, program } = await serve();
    const wire = await play(port, CPP_1);
    wire.send(text(said));
    // The reference takes a pong that nobody waits for.
    if (said === "3") wire.send(text('42["say"]'));
    await wire.ended();
    expect(program.joined).toEqual([]);
    expect(wire.messages).toHaveLength(1);
  });
});

test("a client whose root namespace is being decided on has asked for it", async () => {
  const { port, io } = await ours();
  io.use(() => {});
  const wire = await play(port, CPP_3);
  wire.send(text("2"));
  await wire.ended();
  expect(greetings(wire)).toHaveLength(1);
});

test("middlewares see it as any client of 1.x, and may refuse it", async () => {
  const { port, io } = await ours();
  io.use((socket, next) =>
    next(new Error(JSON.stringify(socket.handshake.auth))),
  );
  const wire = await play(port, CPP_1);
  wire.send(text("2"));
  expect(await wire.hears(/^44/)).toBe('44"{}"');
});

test("who begins with polls, or wants no bytes, is not doubted", async () => {
  const { port, io } = await ours();
  const conns: { protocol: number }[] = [];
  io.engine.on("connection", (conn: { protocol: number }) => conns.push(conn));
  const text64 = await play(port, { ...CPP_1, path: `${CPP_1.path}&b64=1` });
  expect(greetings(text64)).toMatchObject([{ pingInterval: 25_000 }]);
  text64.send(text("2"));
  await text64.ended();

  const polling = `http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`;
  const polled = await fetch(polling, {
    headers: { "User-Agent": CPP_1.headers["User-Agent"] },
  });
  const greeting = await polled.text();
  expect(greeting).toContain('"pingInterval":25000');
  const { sid } = JSON.parse(greeting.slice(1)) as { sid: string };
  const upgrade = await open(port, {
    ...CPP_1,
    path: `${CPP_1.path}&sid=${sid}`,
  });
  upgrade.send(text("2probe"));
  await upgrade.hears(/^3probe$/);
  upgrade.send(text("5"), text("2"));
  await upgrade.ended();
  expect(upgrade.messages).toEqual(["3probe"]);
  expect(conns).toMatchObject([{ protocol: 4 }, { protocol: 4 }]);
});

describe("clients in programs, which say that they are WebSocket++", () => {
  const agent = { "User-Agent": "WebSocket++/0.8.2" };

  test.each([
    ["socket.io-client 4.8", connect],
    ["ours", connectOurs as unknown as typeof connect],
  ])("%s", async (_, make) => {
    const { port, program, io } = await ours({ pingInterval: 200 });
    const socket = make(`http://127.0.0.1:${port}/chat`, {
      transports: ["websocket"],
      extraHeaders: agent,
      auth: { token: "123" },
    });
    onTestFinished(() => void socket.disconnect());
    const pinged = new Promise<void>((resolve) => {
      let beats = 0;
      socket.io.on("ping", () => ++beats === 2 && resolve());
    });
    expect(await socket.emitWithAck("say", "hello")).toBe("hello");
    await pinged;
    expect(await socket.emitWithAck("say", "again")).toBe("again");
    expect(program.joined).toEqual(["/chat"]);
    const [served] = await io.of("/chat").fetchSockets();
    expect(served.handshake.headers["user-agent"]).toBe(agent["User-Agent"]);
    expect(served.handshake.auth).toEqual({ token: "123" });
    expect(program.sockets[0].conn).toMatchObject({ protocol: 4 });
  });

  const python = process.env["PYTHON"];

  test.skipIf(python === undefined)("python-socketio", async () => {
    const { port, program } = await ours({ pingInterval: 200 });
    const child = spawn(
      python ?? "",
      [
        "-c",
        `
import sys, socketio
client = socketio.Client()
client.connect(sys.argv[1], transports=["websocket"], headers={"User-Agent": "WebSocket++/0.8.2"})
print(client.call("say", "hello"))
client.sleep(1)
print(client.call("say", "again"))
client.disconnect()
`,
        `http://127.0.0.1:${port}`,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    onTestFinished(() => void child.kill());
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    await once(child, "close");
    expect(printed.trim().split(/\s+/)).toEqual(["hello", "again"]);
    expect(program.joined).toEqual(["/"]);
    expect(program.sockets[0].conn).toMatchObject({ protocol: 4 });
  });
});

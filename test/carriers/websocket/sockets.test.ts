/**
 * The carrier on real sockets, with `ws` as the client, and with clients that
 * break the protocol while others go on.
 */
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { Outgoing } from "../../../src/dialects/outgoing.js";
import {
  echoServer,
  rawClient,
  restOf,
  type EchoServer,
} from "./echo-server.js";
import {
  binary,
  clientFrame,
  close,
  closePayload,
  concat,
  continuation,
  cut,
  hex,
  ping,
  serverFrames,
  text,
  toHex,
  utf8,
} from "./support.js";

const LIMIT = 200_000;
let server: EchoServer;
const clients: WebSocket[] = [];

beforeAll(async () => {
  server = await echoServer(LIMIT);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.terminate();
});
afterAll(() => server.close());

async function open(...protocols: string[]): Promise<WebSocket> {
  const client = new WebSocket(server.url, protocols);
  clients.push(client);
  await once(client, "open");
  return client;
}

/** The next message, or the code of the close. */
function next(client: WebSocket): Promise<unknown> {
  return new Promise((done, fail) => {
    client.once("message", (data: Buffer, isBinary: boolean) =>
      done(isBinary ? toHex(data) : data.toString()),
    );
    client.once("close", (code) => done(code));
    client.once("error", fail);
  });
}

async function echo(
  client: WebSocket,
  message: string | Uint8Array,
): Promise<unknown> {
  const answer = next(client);
  client.send(message);
  return answer;
}

describe("a ws client", () => {
  it.each([0, 1, 125, 126, 1000, 65535, 65536, LIMIT])(
    "gets back %i bytes",
    async (size) => {
      const client = await open();
      const bytes = new Uint8Array(size).map((_byte, i) => i * 7);
      expect(await echo(client, bytes)).toBe(toHex(bytes));
      const content = "z".repeat(size);
      expect(await echo(client, content)).toBe(content);
    },
  );

  it("gets back text of any script", async () => {
    const client = await open();
    for (const content of [
      "äöü€",
      "😀".repeat(10_000),
      "\ufeffmark",
      "κόσμε\0",
    ]) {
      expect(await echo(client, content)).toBe(content);
    }
  });

  it("may send in fragments, with pings in between", async () => {
    const client = await open();
    const answer = next(client);
    const ponged = once(client, "pong");
    client.send("one ", { fin: false });
    client.ping("now");
    client.send("two ", { fin: false });
    client.send("€", { fin: true });
    expect(await answer).toBe("one two €");
    expect(await ponged).toEqual([Buffer.from("now")]);
  });

  it("gets a batch in order", async () => {
    const client = await open();
    const got: unknown[] = [];
    const all = new Promise<void>((done) => {
      client.on("message", (data: Buffer) => {
        if (got.push(data.toString()) === 100) done();
      });
    });
    const batch = Array.from(
      { length: 100 },
      (_, i) => new Outgoing([`packet ${i}`]),
    );
    server.latest().carrier.write(batch);
    await all;
    expect(got).toEqual(batch.map(({ units }) => units[0]));
  });

  it("gets the subprotocol that the server picks", async () => {
    expect((await open("other", "echo")).protocol).toBe("echo");
  });

  it("closes with its own code and reason", async () => {
    const client = await open();
    const { end } = server.latest();
    const closed = once(client, "close");
    client.close(4000, "därum");
    expect(await end).toEqual({ code: 4000, reason: "därum" });
    expect((await closed)[0]).toBe(4000);
  });

  it.each([
    [undefined, "", 1005],
    [1001, "going", 1001],
    [4001, "x".repeat(200), 4001],
  ])("is closed with %s", async (code, reason, told) => {
    const client = await open();
    const { end } = server.latest();
    const closed = once(client, "close");
    server.latest().carrier.close(code, reason);
    const [seen, why] = (await closed) as [number, Buffer];
    expect(seen).toBe(told);
    expect(why.toString()).toBe(reason.slice(0, 123));
    expect(await end).toMatchObject({ code: told });
  });

  it("sending too much is told 1009", async () => {
    const client = await open();
    const { end } = server.latest();
    expect(await echo(client, new Uint8Array(LIMIT + 1))).toBe(1009);
    expect(await end).toMatchObject({ error: { code: 1009 } });
  });

  it("that goes away without a word is reported with 1006", async () => {
    const client = await open();
    const { end } = server.latest();
    client.terminate();
    expect(await end).toEqual({ code: 1006, reason: "" });
  });
});

const ATTACKS: [string, Uint8Array, number | undefined][] = [
  ["a frame without a mask", text("a", { mask: null }), 1002],
  ["a reserved bit", text("a", { reserved: 4 }), 1002],
  ["an opcode that does not exist", clientFrame({ opcode: 11 }), 1002],
  ["plain HTTP", utf8("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 1002],
  ["a TLS greeting", hex("1603010200010001fc0303"), 1002],
  [
    "text that is not UTF-8",
    clientFrame({ opcode: 1, payload: hex("c328") }),
    1007,
  ],
  [
    "a character broken at the end of a fragment",
    concat([
      clientFrame({ opcode: 1, payload: hex("e282"), fin: false }),
      continuation(utf8("a")),
    ]),
    1007,
  ],
  [
    "2^63 bytes announced",
    binary(new Uint8Array(10), { announced: 1n << 63n }),
    1009,
  ],
  ["a megabyte in a limit of 200 KB", binary(new Uint8Array(1e6)), 1009],
  ["a close code of 1006", close(1006), 1002],
  [
    "a close code of one byte",
    clientFrame({ opcode: 8, payload: hex("03") }),
    1002,
  ],
  [
    "a close reason that is not UTF-8",
    clientFrame({ opcode: 8, payload: hex("03e8ff") }),
    1007,
  ],
  [
    "fragments without end",
    concat([
      text("", { fin: false }),
      ...Array<Uint8Array>(5000).fill(continuation(utf8(""), { fin: false })),
    ]),
    1008,
  ],
  ["a continuation of nothing", continuation(utf8("a")), 1002],
  ["a frame that is cut off", text("hello").subarray(0, 8), undefined],
  ["a header that is cut off", hex("81fe00"), undefined],
  ["half of a fragmented message", text("hello", { fin: false }), undefined],
];

describe("an attack", () => {
  it.each(ATTACKS)(
    "%s: ends that connection, and no other notices",
    async (_name, wire, code) => {
      const bystander = await open();
      expect(await echo(bystander, "before")).toBe("before");
      for (const chunks of [
        [wire],
        cut(wire, [Math.max(3, Math.ceil(wire.length / 50))]),
      ]) {
        const attacker = await rawClient(server.port);
        const { end } = server.latest();
        attacker.on("error", () => attacker.destroy());
        const rest = restOf(attacker);
        for (const chunk of chunks) attacker.write(chunk);
        if (code === undefined) {
          attacker.end();
          expect(await end).toEqual({ code: 1006, reason: "" });
          expect(await rest).toHaveLength(0);
        } else {
          expect(await end).toMatchObject({
            error: { name: "WebSocketError", code },
          });
          expect(serverFrames(await rest)).toEqual([
            { first: 0x88, payload: closePayload(code) },
          ]);
        }
      }
      expect(await echo(bystander, "after")).toBe("after");
      expect(await echo(await open(), "newcomer")).toBe("newcomer");
    },
  );

  it("with frames in the packet of the handshake is no attack", async () => {
    const socket = await rawClient(server.port);
    const rest = restOf(socket);
    socket.write(concat([text("a"), ping(utf8("p")), text("b"), close(1000)]));
    const [first, second, third, fourth] = serverFrames(await rest);
    expect(
      [first, second, third, fourth].map((frame) => frame?.payload.toString()),
    ).toEqual(["a", "p", "b", Buffer.from(closePayload(1000)).toString()]);
  });

  it("by pings that are never read does not fill our memory", async () => {
    const attacker = await rawClient(server.port);
    attacker.on("error", () => attacker.destroy());
    attacker.pause();
    const { carrier } = server.latest();
    const pings = concat(
      Array<Uint8Array>(500).fill(ping(new Uint8Array(125))),
    );
    let most = 0;
    // 10 MB of pings: what is not read stays in the kernel's buffers, and then here.
    for (let i = 0; i < 160; i++) {
      await new Promise((done) => attacker.write(pings, done));
      most = Math.max(most, carrier.bufferedBytes);
    }
    expect(carrier.state).toBe("open");
    expect(most).toBeLessThan(1_000_000);
    attacker.destroy();
  });
});

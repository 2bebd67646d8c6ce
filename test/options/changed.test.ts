/** Options that are changed after the start, with both packages, and the log of those that nobody can have meant. */
import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Server as Reference } from "socket.io";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { Manager } from "../../src/client/index.js";
import { Server } from "../../src/index.js";
import { unlikelyOptions } from "../../src/options/unlikely.js";

const PACKAGES = [
  ["omnio", Server],
  ["the reference", Reference],
] as const;

type Package = (typeof PACKAGES)[number][1];

/** Options as programs without types pass them. */
type Loose = Readonly<Record<string, unknown>>;

function make(Kind: Package, ...given: unknown[]): Server {
  const Constructor: new (...args: never[]) => unknown = Kind;
  const io = Reflect.construct(Constructor, given) as Server;
  onTestFinished(() => io.close());
  return io;
}

async function serve(io: Server): Promise<number> {
  const http = createServer((_, response) => response.writeHead(404).end());
  io.attach(http);
  await once(http.listen(0, "127.0.0.1"), "listening");
  return (http.address() as AddressInfo).port;
}

async function ask(port: number, path: string) {
  const sent = get(`http://127.0.0.1:${port}${path}`);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  return { response, body: await text(response) };
}

const HANDSHAKE = "/socket.io/?EIO=4&transport=polling";

/** Of the handshake's payload; a text of a number means the number. */
async function hello(port: number) {
  const { response, body } = await ask(port, HANDSHAKE);
  if (response.statusCode !== 200) return { status: response.statusCode };
  const { sid, ...said } = JSON.parse(body.slice(1)) as Loose;
  expect(sid).toBeTypeOf("string");
  return {
    ...said,
    pingInterval: Number(said["pingInterval"]),
    pingTimeout: Number(said["pingTimeout"]),
    maxPayload: Number(said["maxPayload"]),
  };
}

describe("io.engine.opts", () => {
  const CHANGES: readonly Loose[] = [
    { pingInterval: "5000" },
    { pingTimeout: 1234 },
    { maxHttpBufferSize: "1e8" },
    { allowUpgrades: 0 },
    { allowUpgrades: "yes" },
    { transports: ["websocket"] },
    { allowRequest: null },
  ];

  test.each(CHANGES)("%j", async (change) => {
    const [ours, theirs] = await Promise.all(
      PACKAGES.map(async ([, Kind]) => {
        const io = make(Kind);
        const port = await serve(io);
        Object.assign(io.engine.opts, change);
        return hello(port);
      }),
    );
    expect(ours).toEqual(theirs);
  });

  test("what cannot work is one sentence, and the old value stays", async () => {
    const io = make(Server);
    const port = await serve(io);
    const before = { ...io.engine.opts };
    expect(() => Object.assign(io.engine.opts, { pingTimeout: "5s" })).toThrow(
      'pingTimeout must be a number of milliseconds from 0 to 2147483647, but it is "5s"',
    );
    expect(() =>
      Object.assign(io.engine.opts, { transports: "websocket" }),
    ).toThrow(/^transports must be a list/);
    expect({ ...io.engine.opts }).toEqual(before);
    expect(await hello(port)).toMatchObject({ pingTimeout: 20_000 });
  });

  test("belongs to one server", async () => {
    const [one, other] = [make(Server), make(Server)];
    await Promise.all([serve(one), serve(other)]);
    one.engine.opts.pingInterval = 1;
    expect(other.engine.opts.pingInterval).toBe(25_000);
  });
});

describe("setters of the server", () => {
  test.each(PACKAGES)("%s: path, serveClient", async (_, Kind) => {
    const io = make(Kind);
    io.path("/chat/").serveClient(0 as never);
    expect(io.path()).toBe("/chat");
    const port = await serve(io);
    const statuses = ["/chat/?EIO=4&transport=polling", HANDSHAKE].map(
      async (path) => (await ask(port, path)).response.statusCode,
    );
    expect(await Promise.all(statuses)).toEqual([200, 404]);
    const { response } = await ask(port, "/chat/socket.io.js");
    expect(response.statusCode).toBe(400);
  });

  test.each(PACKAGES)("%s: connectTimeout", async (_, Kind) => {
    const io = make(Kind, { pingInterval: 60_000 });
    io.connectTimeout("20" as never);
    expect(Number(io.connectTimeout())).toBe(20);
    const port = await serve(io);
    const { body } = await ask(port, HANDSHAKE);
    const { sid } = JSON.parse(body.slice(1)) as { sid: string };
    // The first answer says that it is over, unless it is already.
    const poll = () => ask(port, `${HANDSHAKE}&sid=${sid}`);
    const first = await poll();
    const { response } =
      first.response.statusCode === 400 ? first : await poll();
    expect(response.statusCode).toBe(400);
  });

  test.each([
    ["path", "chat"],
    ["path", null],
    ["path", ""],
    ["connectTimeout", "1m"],
    ["connectTimeout", {}],
    ["adapter", null],
    ["adapter", "redis"],
  ])("%s(%j) is one sentence", (name, value) => {
    const io = make(Server) as unknown as Record<
      string,
      (value: unknown) => unknown
    >;
    expect(() => io[name](value)).toThrow(
      new RegExp(`^${name} must be [^\\n]+, but it is [^\\n]+$`),
    );
  });
});

describe("values that nobody can have meant", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  const ODD: Loose = {
    pingTimeout: "5000",
    serveClient: "false",
    cookie: "io",
    cors: { origin: "*" },
    pingInterval: 25_000,
    allowUpgrades: true,
    connectTimeout: "",
    upgradeTimeout: null,
  };
  const SAID = [
    'the option pingTimeout is "5000", and surely meant to be the number 5000, which it counts as',
    'the option serveClient is "false", and surely meant to be true or false',
    'the option cookie is "io", and surely meant to be true, false or an object',
    'the option connectTimeout is "", and surely meant to be a number',
  ];

  test("are told apart from those that are as documented", () => {
    const kinds = { numbers: ["n"], switches: ["s"], settings: ["o"] };
    const sound = [
      { n: 1, s: true, o: false, other: "5" },
      { n: null, s: undefined, o: null },
      { o: {} },
      { o: () => {} },
    ];
    for (const options of sound)
      expect(unlikelyOptions(options, kinds)).toEqual([]);
    for (const options of [{ n: "1" }, { n: false }, { s: 0 }, { o: 1 }])
      expect(unlikelyOptions(options, kinds)).toHaveLength(1);
  });

  test("of the server are logged once", async () => {
    const lines: string[] = [];
    const logger = {
      warn: (line: string) => lines.push(line),
      info: () => {},
      error: (line: string) => lines.push(line),
    };
    const io = make(Server, { ...ODD, logger });
    await hello(await serve(io));
    expect(lines).toEqual(SAID.map((line) => `omnio:server ${line}`));
  });

  test("of the client are logged once", () => {
    const lines: string[] = [];
    const logger = {
      warn: (line: string) => lines.push(line),
      error: (line: string) => lines.push(line),
    };
    const manager = new Manager("http://127.0.0.1:1", {
      reconnectionDelay: "10",
      upgrade: "no",
      autoConnect: false,
      logger,
    } as never);
    manager.open().engine?.close();
    manager.open().engine?.close();
    manager._close();
    expect(lines.filter((line) => line.includes(" option "))).toEqual([
      'omnio:client the option reconnectionDelay is "10", and surely meant to be the number 10, which it counts as',
      'omnio:client the option upgrade is "no", and surely meant to be true or false',
    ]);
  });

  test("are printed for DEBUG, and never by default", () => {
    const printed = vi.spyOn(console, "error").mockReturnValue();
    const others = (["log", "warn", "info"] as const).map((name) =>
      vi.spyOn(console, name),
    );
    vi.stubEnv("DEBUG", "");
    make(Server, ODD);
    expect(printed).not.toHaveBeenCalled();
    vi.stubEnv("DEBUG", "omnio:server");
    make(Server, ODD);
    expect(printed).toHaveBeenCalledTimes(SAID.length);
    expect(printed.mock.calls[0]).toEqual([
      expect.stringContaining(`WARN omnio:server ${SAID[0]}`),
    ]);
    for (const other of others) expect(other).not.toHaveBeenCalled();
  });
});

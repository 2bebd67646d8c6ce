/**
 * The load generator against servers whose faults are known: whatever is
 * lost, sent twice or changed on the way has to end the measurement, and what
 * arrives in odd pieces must not.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Server as SocketIoServer } from "socket.io";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocketServer } from "ws";

interface Outcome {
  requests: number;
  messages: number;
}

const CONNECTIONS = 5;
const TIME_LIMIT = 20_000;

let generator: ChildProcess;
let stderr: string;
const opened: { close: () => unknown }[] = [];

beforeEach(() => {
  stderr = "";
  generator = fork("bench/load/generator.mjs", { silent: true, execArgv: [] });
  generator.stderr?.on("data", (text) => (stderr += String(text)));
});

afterEach(async () => {
  const closed = once(generator, "close");
  if (generator.kill()) await closed;
  for (const server of opened.splice(0)) server.close();
});

/** The generator's answer, or what it said at its end. */
async function ask(command: string, argument?: unknown) {
  const settled = Promise.race([
    once(generator, "message"),
    once(generator, "close"),
  ]);
  generator.send({ id: 0, command, argument });
  const [reply] = (await settled) as [
    { result?: unknown; error?: string } | number | null,
  ];
  if (
    typeof reply === "object" &&
    reply !== null &&
    reply.error === undefined
  ) {
    return reply.result;
  }
  throw new Error(
    typeof reply === "object" && reply !== null ? reply.error : stderr,
  );
}

/** What to send for the nth event of all; `send` is for what comes later. */
type Answers = (
  text: string,
  nth: number,
  send: (answer: string) => void,
) => string[];

/** A server that echoes events the way `answers` says, once the request is `verified`. */
async function faultyServer(answers: Answers) {
  const server = new WebSocketServer({
    port: 0,
    host: "127.0.0.1",
    path: "/socket.io/",
  });
  opened.push({
    close: () => {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  });
  const seen = { events: 0 };
  server.on("connection", (socket) => {
    const send = (answer: string) => socket.send(answer);
    socket.send(
      '0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}',
    );
    socket.on("message", (data: Buffer, isBinary) => {
      const text = data.toString();
      if (text === "40") {
        socket.send('40{"sid":"b"}');
        return;
      }
      if (isBinary) {
        socket.send(data);
        return;
      }
      if (!text.startsWith("451-")) seen.events++;
      for (const answer of answers(text, seen.events, send)) send(answer);
    });
  });
  await once(server, "listening");
  return { port: portOf(server.address()), seen };
}

function portOf(address: AddressInfo | string | null) {
  if (typeof address !== "object" || address === null)
    throw new Error("no address");
  return address.port;
}

/** Stands between generator and server and hands the server's bytes on in pieces of 1 to 5. */
async function raggedProxy(target: number) {
  const proxy: Server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    near.setNoDelay(true);
    near.pipe(far);
    near.on("error", () => far.destroy());
    near.on("close", () => far.destroy());
    far.on("error", () => near.destroy());
    void (async () => {
      let size = 1;
      for await (const chunk of far as AsyncIterable<Buffer>) {
        for (let at = 0; at < chunk.length; at += size, size = (size % 5) + 1) {
          near.write(chunk.subarray(at, at + size));
          await nextTurn();
        }
      }
    })().catch(() => near.destroy());
  });
  opened.push(proxy);
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return portOf(proxy.address());
}

async function measure(
  port: number,
  topic: object,
  course: object = {},
  transport = "websocket",
) {
  await ask("connect", {
    port,
    transport,
    count: CONNECTIONS,
    atOnce: 2,
  });
  await ask("verify", topic);
  return (await ask("run", {
    course: "closed",
    details: { inFlight: 1 },
    bounds: { seconds: 0.2, limit: 1e6, patience: 10 },
    ...course,
  })) as Outcome;
}

const echo = (text: string) => [text];

test(
  "every request is counted once at both ends",
  async () => {
    const { port, seen } = await faultyServer(echo);
    const outcome = await measure(
      port,
      { kind: "echo" },
      { details: { inFlight: 16 } },
    );
    expect(outcome.messages).toBeGreaterThan(CONNECTIONS);
    expect(outcome.requests).toBe(outcome.messages);
    expect(seen.events).toBe(outcome.requests + CONNECTIONS);
  },
  TIME_LIMIT,
);

test.each([
  { kind: "echo", bytes: 1 },
  { kind: "echo", bytes: 4096 },
  { kind: "echo", bytes: 66_000 },
  { kind: "binary", bytes: 1024 },
])(
  "$kind of $bytes bytes in pieces of 1 to 5 bytes",
  async (topic) => {
    const { port, seen } = await faultyServer(echo);
    const ragged = await raggedProxy(port);
    const bounds = { seconds: 0.2, limit: 200, patience: 10 };
    const outcome = await measure(ragged, topic, {
      details: { inFlight: 2 },
      bounds,
    });
    expect(outcome.messages).toBeGreaterThan(0);
    expect(outcome.requests).toBe(outcome.messages);
    if (topic.kind === "echo")
      expect(seen.events).toBe(outcome.requests + CONNECTIONS);
  },
  TIME_LIMIT,
);

test(
  "the limit of requests is kept",
  async () => {
    const { port } = await faultyServer(echo);
    const bounds = { seconds: 5, limit: 100, patience: 10 };
    const outcome = await measure(port, { kind: "echo" }, { bounds });
    expect(outcome.requests).toBe(100);
  },
  TIME_LIMIT,
);

/** Right while the first round of requests is compared, then wrong once. */
const wrongOnce =
  (wrong: Answers): Answers =>
  (text, nth, send) =>
    nth === CONNECTIONS + 20 ? wrong(text, nth, send) : [text];

/** Long enough to come to the fault, and short in waiting for what is lost. */
const faulty = { bounds: { seconds: 1, limit: 1e6, patience: 0.3 } };

test.each([
  ["a lost reply", wrongOnce(() => []), /^1 replies never came$/],
  ["a reply too many", wrongOnce((text) => [text, text]), /reply too many/],
  [
    "a reply too many that comes later",
    wrongOnce((text, _nth, send) => {
      setTimeout(send, 10, text);
      return [text];
    }),
    /nobody waits for|reply too many/,
  ],
  [
    "a shorter reply",
    wrongOnce(() => ['42["echo",""]']),
    /a reply has 13 bytes/,
  ],
  [
    "an unknown message",
    wrongOnce((text) => ["44{}", text]),
    /it begins with "44"/,
  ],
  [
    "a wrong first reply",
    () => ['42["echo","nothing of that"]'],
    /differs from what was expected/,
  ],
])(
  "%s is an error",
  async (_name, answers, message) => {
    const { port } = await faultyServer(answers);
    await expect(measure(port, { kind: "echo" }, faulty)).rejects.toThrow(
      message,
    );
  },
  TIME_LIMIT,
);

/** The reference, emitting what `answers` says for the nth event of all. */
async function reference(answers: (text: string, nth: number) => string[]) {
  const httpServer = createHttpServer();
  const io = new SocketIoServer(httpServer);
  opened.push({ close: () => io.close() });
  const seen = { events: 0, transports: new Set<string>() };
  io.on("connection", (socket) => {
    socket.on("echo", (text: string) => {
      seen.events++;
      seen.transports.add(socket.conn.transport.name);
      for (const answer of answers(text, seen.events))
        socket.emit("echo", answer);
    });
  });
  httpServer.listen(0, "127.0.0.1");
  await once(httpServer, "listening");
  return { port: portOf(httpServer.address()), seen };
}

test.each([
  ["polling", "polling"],
  ["upgrade", "websocket"],
])(
  "with %s every request is counted once and comes by %s",
  async (transport, expected) => {
    const { port, seen } = await reference(echo);
    const outcome = await measure(port, { kind: "echo" }, {}, transport);
    expect(outcome.messages).toBeGreaterThan(0);
    expect(outcome.requests).toBe(outcome.messages);
    expect(seen.events).toBe(outcome.requests + CONNECTIONS);
    expect([...seen.transports]).toEqual([expected]);
  },
  TIME_LIMIT,
);

test.each([
  ["a lost reply", () => [], /^1 replies never came$/],
  ["a reply too many", (text: string) => [text, text], /reply too many/],
  ["a shorter reply", () => [""], /a reply has 13 bytes/],
])(
  "over polling %s is an error",
  async (_name, wrong, message) => {
    const { port } = await reference((text, nth) =>
      nth === CONNECTIONS + 20 ? wrong(text) : [text],
    );
    await expect(
      measure(port, { kind: "echo" }, faulty, "polling"),
    ).rejects.toThrow(message);
  },
  TIME_LIMIT,
);

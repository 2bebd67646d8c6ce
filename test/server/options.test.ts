/** Options: defaults, and one sentence for each that cannot work. */
import { expect, test } from "vitest";
import type { ServerOptions } from "../../src/server/options.js";
import { resolveOptions } from "../../src/server/resolve-options.js";
import { BaseServer } from "../../src/server/server.js";
import { FakeRuntime } from "./fakes.js";

test("the defaults are those of socket.io 4.8 and engine.io 6.6", () => {
  const { engine, attach, server } = resolveOptions();
  expect(engine).toEqual({
    pingTimeout: 20000,
    pingInterval: 25000,
    upgradeTimeout: 10000,
    maxHttpBufferSize: 1e6,
    allowRequest: undefined,
    transports: ["polling", "websocket"],
    allowUpgrades: true,
    perMessageDeflate: false,
    httpCompression: { threshold: 1024 },
    wsEngine: undefined,
    initialPacket: undefined,
    cookie: false,
    cors: false,
    // The reference keeps 1.x and 2.x out; here they are let in.
    allowEIO3: true,
    httpRequestBodyTimeout: 30_000,
    maxBufferedChunks: 10_000,
    maxAttachments: 10,
    enforceOrigin: false,
    maxBufferedBytes: 1024 * 1024,
    maxBufferedPackets: 20_000,
    slowConsumerGrace: 20_000,
    limits: {
      eventsPerSecond: { rate: Infinity, burst: Infinity },
      namespaces: 1000,
      roomsPerSocket: Infinity,
      pendingAcks: Infinity,
      waitingEvents: 1000,
      connectionsPerAddress: Infinity,
      halfOpen: Infinity,
    },
  });
  expect(attach).toEqual({
    path: "/socket.io",
    destroyUpgrade: true,
    destroyUpgradeTimeout: 1000,
    addTrailingSlash: true,
    flashPolicy: false,
  });
  expect(server).toMatchObject({
    serveClient: true,
    connectTimeout: 45000,
    cleanupEmptyChildNamespaces: false,
    eio3Text: "auto",
    recovery: {
      enabled: false,
      skipMiddlewares: true,
      bounds: { maxDisconnectionDuration: 120000 },
    },
  });
});

test.each<[ServerOptions, object]>([
  [
    { cookie: true },
    { name: "io", path: "/", httpOnly: true, sameSite: "lax" },
  ],
  [
    { cookie: { name: "id", httpOnly: false } },
    { name: "id", path: "/", httpOnly: false, sameSite: "lax" },
  ],
])("the cookie of %j", (options, cookie) => {
  expect(resolveOptions(options).engine.cookie).toEqual(cookie);
});

test("what the reference works with is taken, and means the same", () => {
  const { engine, server } = resolveOptions({
    pingTimeout: "5000",
    maxHttpBufferSize: "1e8",
    upgradeTimeout: null,
    allowRequest: null,
    allowUpgrades: 0,
    perMessageDeflate: "yes",
    cookie: "sid",
    cors: true,
    serveClient: "true",
    connectTimeout: Infinity,
    connectionStateRecovery: { maxDisconnectionDuration: Infinity },
  } as unknown as ServerOptions);
  expect(engine).toMatchObject({
    pingTimeout: 5000,
    maxHttpBufferSize: 1e8,
    upgradeTimeout: 10_000,
    allowRequest: undefined,
    allowUpgrades: false,
    perMessageDeflate: true,
    cookie: { name: "io" },
    cors: {},
  });
  expect(server).toMatchObject({
    serveClient: true,
    connectTimeout: 2 ** 31 - 1,
    recovery: {
      enabled: true,
      bounds: { maxDisconnectionDuration: 2 ** 31 - 1 },
    },
  });
});

test("undefined is the default, what is unknown is left alone, 0 is a time where it can be", () => {
  const options = {
    pingTimeout: undefined,
    namespace: "/nest",
    connectTimeout: 0,
    httpCompression: false,
    connectionStateRecovery: true,
  };
  const { engine, server } = resolveOptions(options);
  expect(engine.pingTimeout).toBe(20000);
  expect(engine.httpCompression).toBe(false);
  expect(server.connectTimeout).toBe(45000);
  expect(server.recovery.enabled).toBe(true);
  expect(
    resolveOptions({ connectionStateRecovery: false }).server.recovery.enabled,
  ).toBe(false);
});

test.each<[Record<string, unknown>, string]>([
  [
    { pingInterval: "25s" },
    'pingInterval must be a number of milliseconds from 0 to 2147483647, but it is "25s"',
  ],
  [{ pingTimeout: -1 }, "pingTimeout must be"],
  [{ pingTimeout: Infinity }, "pingTimeout must be"],
  [{ upgradeTimeout: NaN }, "upgradeTimeout must be"],
  [{ maxHttpBufferSize: 0 }, "maxHttpBufferSize must be a number of bytes"],
  [{ maxAttachments: 1.5 }, "maxAttachments must be a whole number"],
  [{ maxBufferedBytes: 0 }, "maxBufferedBytes must be a number of bytes"],
  [{ maxBufferedPackets: -1 }, "maxBufferedPackets must be a whole number"],
  [{ slowConsumer: "wait" }, 'slowConsumer must be "disconnect" or "drop-'],
  [{ limits: 10 }, "limits must be an object such as"],
  [{ limits: { halfOpen: -1 } }, "halfOpen must be a whole number"],
  [
    { limits: { eventsPerSecond: { rate: 10 } } },
    "limits.eventsPerSecond must be a number of 1 or more",
  ],
  [{ limits: { eventsPerSecond: 0 } }, "limits.eventsPerSecond must be"],
  [{ limits: { eventsPerSecond: "10" } }, "limits.eventsPerSecond must be"],
  [{ maxNamespaces: "many" }, "maxNamespaces must be a whole number"],
  [{ transports: [] }, "transports must be a list of"],
  [{ transports: "websocket" }, "transports must be a list of"],
  [{ transports: ["websockets"] }, 'but it is ["websockets"]'],
  [{ generations: ["5.x"] }, 'generations must be "all", or a list of "4.x", '],
  [{ flashPolicy: { port: -1 } }, "flashPolicy.port must be a port number"],
  [{ flashPolicy: { rules: ["*"] } }, "flashPolicy.rules must be a list"],
  [{ generations: [] }, "generations must be"],
  [{ legacy: { closeTimeout: "long" } }, "closeTimeout must be a number"],
  [{ allowRequest: true }, "allowRequest must be a function, but it is true"],
  [
    { httpCompression: { threshold: "1k" } },
    "threshold must be a number of bytes",
  ],
  [{ initialPacket: 1 }, "initialPacket must be a string or bytes"],
  [{ wsEngine: "ws" }, "wsEngine must be a function"],
  [
    { path: "chat" },
    'path must be a string that starts with "/", but it is "chat"',
  ],
  [{ adapter: {} }, "adapter must be a function, but it is {}"],
  [
    { parser: {} },
    "parser must be an object with the classes Encoder and Decoder",
  ],
  [
    { connectionStateRecovery: { maxPackets: -1 } },
    "maxPackets must be a whole number",
  ],
  [{ eio3Text: "3.x" }, 'eio3Text must be "auto" or "1.0" or "1.x" or "2.x"'],
  [{ onHandlerError: "log" }, "onHandlerError must be a function"],
])("%j is refused at construction", (options, sentence) => {
  expect(() => new BaseServer(new FakeRuntime(), options)).toThrow(sentence);
});

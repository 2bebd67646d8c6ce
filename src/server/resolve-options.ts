/**
 * From the options that the application passes to those that the server works
 * with: defaults are filled in, and what cannot work is refused in one sentence
 * when the server is made. Options that we do not know are left alone, as
 * frameworks pass theirs along.
 */
import type { Parser } from "../dialects/dialect.js";
import { GENERATIONS, type Generation } from "../dialects/generations.js";
import type { LegacyTimes } from "../dialects/host.js";
import type { SlowConsumer } from "../dialects/outgoing.js";
import type { RecoveryBounds } from "../hub/recovery.js";
import type { AdapterConstructor } from "./adapter.js";
import { resolveLimits, type Limits } from "./limits.js";
import {
  boolean,
  choice,
  count,
  fail,
  fn,
  isObject,
  ms,
  patience,
  patienceIfAny,
  size,
  truthy,
  unlessFalse,
} from "./option-checks.js";
import type {
  AttachOptions,
  EngineOptions,
  FlashPolicy,
  HandlerErrorContext,
  ServerOptions,
} from "./options.js";
import { checkOtherApp, checkStaticFiles } from "./site-options.js";

/** What the public API itself goes by. */
export interface ServerSettings {
  serveClient: boolean;
  connectTimeout: number;
  adapter: AdapterConstructor | undefined;
  parser: Parser | undefined;
  cleanupEmptyChildNamespaces: boolean;
  slowConsumer: SlowConsumer;
  limits: Limits;
  eio3Text: NonNullable<ServerOptions["eio3Text"]>;
  generations: ReadonlySet<Generation>;
  /** Whatever does not say that it speaks Engine.IO 4 is taken for 3, as in the reference. */
  anyRevision: boolean;
  legacy: LegacyTimes;
  downgrade: ServerOptions["downgrade"];
  handlersInOrder: boolean;
  /** 0: no limit. */
  handlerTimeout: number;
  onHandlerError: (error: unknown, context: HandlerErrorContext) => void;
  recovery: {
    enabled: boolean;
    skipMiddlewares: boolean;
    bounds: RecoveryBounds;
  };
}

export interface ResolvedOptions {
  engine: EngineOptions;
  attach: AttachOptions;
  server: ServerSettings;
}

/** The transports that an application may name. Not every runtime serves all of them. */
const TRANSPORTS = ["polling", "websocket", "webtransport"];

/** @throws {TypeError | RangeError} an option cannot work; the message says which, and what would */
export function resolveOptions(options: ServerOptions = {}): ResolvedOptions {
  if (!isObject(options))
    fail("the options", options, "an object such as { pingInterval: 25000 }");
  return {
    engine: engineOptions(options),
    attach: attachOptions(options),
    server: serverSettings(options),
  };
}

/** Whether options are among these that the engine takes when it is made. */
export function hasEngineOptions(options: ServerOptions): boolean {
  const names = Object.keys(engineOptions({}));
  return names.some((name) => name in options);
}

/** Those of the engine. @throws {TypeError} as {@link resolveOptions} */
export function engineOptions(options: ServerOptions): EngineOptions {
  return {
    pingTimeout: ms(options, "pingTimeout", 20_000),
    pingInterval: ms(options, "pingInterval", 25_000),
    upgradeTimeout: patience(options, "upgradeTimeout", 10_000),
    maxHttpBufferSize: size(options, "maxHttpBufferSize", 1e6),
    allowRequest: fn(options, "allowRequest"),
    transports: transports(options),
    allowUpgrades: truthy(options, "allowUpgrades", true),
    perMessageDeflate: deflate(options),
    httpCompression: compression(options),
    wsEngine: fn(options, "wsEngine"),
    initialPacket: initialPacket(options),
    cookie: cookie(options),
    cors: cors(options),
    allowEIO3: generations(options).has("2.x"),
    httpRequestBodyTimeout: patience(options, "httpRequestBodyTimeout", 30_000),
    maxBufferedChunks: count(options, "maxBufferedChunks", 10_000),
    maxAttachments: count(options, "maxAttachments", 10),
    enforceOrigin: boolean(options, "enforceOrigin", false),
    maxBufferedBytes: size(options, "maxBufferedBytes", 1024 * 1024),
    maxBufferedPackets: count(options, "maxBufferedPackets", 20_000),
    slowConsumerGrace: ms(options, "slowConsumerGrace", 20_000),
    limits: limits(options),
  };
}

function attachOptions(options: ServerOptions): AttachOptions {
  return {
    path: checkPath(options.path || "/socket.io"),
    destroyUpgrade: unlessFalse(options, "destroyUpgrade"),
    destroyUpgradeTimeout: patienceIfAny(
      options,
      "destroyUpgradeTimeout",
      1000,
    ),
    addTrailingSlash: unlessFalse(options, "addTrailingSlash"),
    flashPolicy: flash(options.flashPolicy),
    staticFiles: checkStaticFiles(options.staticFiles),
    otherApp: checkOtherApp(options.otherApp),
  };
}

function serverSettings(options: ServerOptions): ServerSettings {
  return {
    serveClient: unlessFalse(options, "serveClient"),
    connectTimeout: patienceIfAny(options, "connectTimeout", 45_000),
    adapter: fn(options, "adapter"),
    parser: checkParser(options.parser),
    cleanupEmptyChildNamespaces: truthy(
      options,
      "cleanupEmptyChildNamespaces",
      false,
    ),
    slowConsumer: choice(options, "slowConsumer", [
      "disconnect",
      "drop-oldest",
      "drop-newest",
    ]),
    limits: limits(options),
    generations: generations(options),
    anyRevision: (options.generations ?? options.allowEIO3) !== undefined,
    legacy: legacy(options.legacy),
    downgrade: fn(options, "downgrade"),
    eio3Text: choice(options, "eio3Text", ["auto", "1.0", "1.x", "2.x"]),
    handlersInOrder: boolean(options, "handlersInOrder", false),
    handlerTimeout: ms(options, "handlerTimeout", 0),
    onHandlerError: fn(options, "onHandlerError") ?? logHandlerError,
    recovery: recovery(options.connectionStateRecovery),
  };
}

function limits(options: ServerOptions): Limits {
  const maxNamespaces = count(options, "maxNamespaces", 1000);
  return resolveLimits(options.limits, maxNamespaces);
}

function generations(options: ServerOptions): ReadonlySet<Generation> {
  const { generations: given = ["4.x", "3.x", "2.x", "1.x"] } = options;
  const names: readonly unknown[] = given === "all" ? GENERATIONS : given;
  const known = `"all", or a list of ${GENERATIONS.map((name) => `"${name}"`).join(", ")}`;
  if (!Array.isArray(names) || names.length === 0)
    fail("generations", given, known);
  const chosen = new Set<Generation>();
  for (const name of names) {
    const generation = GENERATIONS.find((one) => one === name);
    if (generation === undefined) fail("generations", given, known);
    chosen.add(generation);
  }
  for (const old of ["2.x", "1.x"] as const)
    if (truthy(options, "allowEIO3", chosen.has(old))) chosen.add(old);
    else chosen.delete(old);
  return chosen;
}

function flash(given: ServerOptions["flashPolicy"]): false | FlashPolicy {
  if (given === undefined || given === false) return false;
  if (given !== true && !isObject(given))
    fail("flashPolicy", given, "true, or { rules: [{ domain, ports }] }");
  const {
    rules = [{ domain: "*", ports: "*" }],
    port = false,
  }: Partial<FlashPolicy> = given === true ? {} : given;
  const sound =
    Array.isArray(rules) &&
    rules.every(
      (rule: unknown) =>
        isObject(rule) &&
        typeof rule.domain === "string" &&
        typeof rule.ports === "string",
    );
  if (!sound)
    fail("flashPolicy.rules", rules, 'a list of { domain: "*", ports: "*" }');
  if (port !== false && !(Number.isInteger(port) && port >= 0 && port < 65536))
    fail("flashPolicy.port", port, "a port number, or false");
  return { rules, port };
}

function legacy(given: ServerOptions["legacy"]): LegacyTimes {
  if (given !== undefined && !isObject(given))
    fail("legacy", given, "an object such as { closeTimeout: 60000 }");
  const times: LegacyTimes = given ?? {};
  for (const name of [
    "heartbeatInterval",
    "heartbeatTimeout",
    "closeTimeout",
    "pollingDuration",
  ] as const)
    if (times[name] !== undefined) ms(times, name, times[name]);
  return times;
}

function recovery(
  given: ServerOptions["connectionStateRecovery"],
): ServerSettings["recovery"] {
  const options = isObject(given) ? given : {};
  return {
    enabled: Boolean(given),
    skipMiddlewares: truthy(options, "skipMiddlewares", true),
    bounds: {
      maxDisconnectionDuration: patience(
        options,
        "maxDisconnectionDuration",
        120_000,
      ),
      maxPackets: count(options, "maxPackets", 10_000),
      maxBytes: size(options, "maxBytes", 16 * 1024 * 1024),
      maxSessions: count(options, "maxSessions", 10_000),
    },
  };
}

function transports({ transports }: ServerOptions): readonly string[] {
  if (transports === undefined || transports === null)
    return ["polling", "websocket"];
  const expected = `a list of ${TRANSPORTS.map((name) => `"${name}"`).join(", ")}`;
  if (!(transports instanceof Array)) fail("transports", transports, expected);
  if (transports.length === 0)
    fail("transports", transports, `${expected}, at least one of them`);
  for (const name of transports)
    if (!TRANSPORTS.includes(name)) fail("transports", transports, expected);
  return transports;
}

function deflate({
  perMessageDeflate,
}: ServerOptions): EngineOptions["perMessageDeflate"] {
  return isObject(perMessageDeflate)
    ? perMessageDeflate
    : Boolean(perMessageDeflate);
}

function compression({
  httpCompression = true,
}: ServerOptions): EngineOptions["httpCompression"] {
  if (!httpCompression) return false;
  if (!isObject(httpCompression)) return { threshold: 1024 };
  return {
    ...httpCompression,
    threshold: size(httpCompression, "threshold", 1024, 0),
  };
}

function initialPacket({
  initialPacket,
}: ServerOptions): EngineOptions["initialPacket"] {
  // What is falsy is none, as in the reference.
  if (!initialPacket) return undefined;
  if (
    typeof initialPacket !== "string" &&
    !(initialPacket instanceof Uint8Array)
  )
    fail("initialPacket", initialPacket, "a string or bytes");
  return initialPacket;
}

function cookie({ cookie = false }: ServerOptions): EngineOptions["cookie"] {
  if (!cookie) return false;
  return {
    name: "io",
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    // A text is no name there since 3.0, only another way to say `true`.
    ...(isObject(cookie) ? cookie : {}),
  };
}

/**
 * The `cors` package makes of `true` and of any text its defaults, which allow
 * every origin. Here a text or a list is the origins that it names, as whoever
 * wrote it believes.
 */
function cors({ cors }: ServerOptions): EngineOptions["cors"] {
  if (!cors) return false;
  if (typeof cors === "function" || isObject(cors)) return cors;
  return typeof cors === "string" || Array.isArray(cors)
    ? { origin: cors }
    : {};
}

/** @throws {TypeError} not a path */
export function checkPath(path: unknown): string {
  if (typeof path !== "string" || !path.startsWith("/"))
    fail("path", path, 'a string that starts with "/"');
  return path.replace(/\/$/, "");
}

function checkParser(given: unknown): Parser | undefined {
  // What is falsy is none, as in the reference.
  if (!given) return undefined;
  if (!isParser(given))
    fail("parser", given, "an object with the classes Encoder and Decoder");
  return given;
}

/** A module is an object, too. */
function isParser(given: unknown): given is Parser {
  return (
    typeof given === "object" &&
    given !== null &&
    "Encoder" in given &&
    "Decoder" in given &&
    typeof given.Encoder === "function" &&
    typeof given.Decoder === "function"
  );
}

function logHandlerError(error: unknown, context: HandlerErrorContext): void {
  const { event, namespace, socketId, middleware = false } = context;
  const what = middleware
    ? event === "connect"
      ? "a middleware or the connect handler"
      : `a middleware, for the event "${event}",`
    : `the handler of "${event}"`;
  console.error(
    `omnio: ${what} failed (namespace ${namespace}, socket ${socketId || "none"}):`,
    error,
  );
}

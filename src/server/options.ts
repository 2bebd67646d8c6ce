/**
 * Every option of the server, with its default, and the check that runs once
 * at construction. Names and defaults are those of socket.io 4.8 and
 * engine.io 6.6; what is omnio's own says so.
 */
import type { IncomingMessage } from "node:http";
import type { ZlibOptions } from "node:zlib";
import type { SerializeOptions } from "cookie";
import type { HostedDialect } from "../dialects/dialect.js";
import type { Generation } from "../dialects/generations.js";
import type { LegacyTimes } from "../dialects/host.js";
import type { SlowConsumer } from "../dialects/outgoing.js";
import type { LoggerOption } from "../logging/logger.js";
import type { LimitOptions, Limits } from "./limits.js";
import type { OtherApp, StaticFiles } from "./site-options.js";

// `cors` and `ws` have no types of their own, so those of their options that we
// pass on are declared here: a program needs no further package to compile.

type CorsOrigin = boolean | string | RegExp | (boolean | string | RegExp)[];

/** The options of the `cors` package. */
export interface CorsOptions {
  /** Whom to answer: `true` for whoever asks. @default "*" */
  origin?:
    | CorsOrigin
    | ((
        origin: string | undefined,
        decide: (error: Error | null, origin?: CorsOrigin) => void,
      ) => void);
  /** @default "GET,HEAD,PUT,PATCH,POST,DELETE" */
  methods?: string | string[];
  /** @default what the request asks for */
  allowedHeaders?: string | string[];
  /** @default none */
  exposedHeaders?: string | string[];
  /** Allow cookies. @default false */
  credentials?: boolean;
  /** How long a preflight may be remembered, in seconds. @default not sent */
  maxAge?: number;
  /** Let the next handler answer preflights. @default false */
  preflightContinue?: boolean;
  /** The status of a preflight's answer. @default 204 */
  optionsSuccessStatus?: number;
}

/** Chooses the `cors` options for each request. */
export type CorsOptionsDelegate<Request> = (
  request: Request,
  choose: (error: Error | null, options?: CorsOptions) => void,
) => void;

/** The options of `ws` for WebSocket compression. */
export interface PerMessageDeflateOptions {
  /** Forget the compression window after each message that is sent. @default false */
  serverNoContextTakeover?: boolean;
  /** Ask the same of the client. @default false */
  clientNoContextTakeover?: boolean;
  /** @default the client's choice */
  serverMaxWindowBits?: number;
  /** @default the client's choice */
  clientMaxWindowBits?: number;
  zlibDeflateOptions?: Omit<ZlibOptions, "dictionary">;
  zlibInflateOptions?: ZlibOptions;
  /** Smaller messages stay as they are, in bytes. @default 1024 */
  threshold?: number;
  /** How many messages are compressed at a time. @default 10 */
  concurrencyLimit?: number;
}

/** How the connections live: the options that Engine.IO users know. Times in ms, sizes in bytes. */
export interface EngineOptions {
  /** How long a peer may take to answer a ping. @default 20000 */
  pingTimeout: number;
  /** Time between two pings. @default 25000 */
  pingInterval: number;
  /** How long an upgrade to another transport may take. @default 10000 */
  upgradeTimeout: number;
  /** Largest message that is accepted; a larger one ends the session. @default 1e6 */
  maxHttpBufferSize: number;
  /** Decides on handshakes; the string of a refusal goes to the client. @default none */
  allowRequest:
    | ((
        request: IncomingMessage,
        decide: (error: string | null | undefined, allowed: boolean) => void,
      ) => void)
    | undefined;
  /** @default ["polling", "websocket"] */
  transports: readonly string[];
  /** @default true */
  allowUpgrades: boolean;
  /** WebSocket compression, done by `ws`. @default false */
  perMessageDeflate: boolean | PerMessageDeflateOptions;
  /** Compression of polling answers above `threshold`. @default { threshold: 1024 } */
  httpCompression: false | { threshold: number };
  /** A WebSocket server class used instead of our own frame codec (`ws`, `eiows`). @default none */
  wsEngine: (new (options: Record<string, unknown>) => unknown) | undefined;
  /** Sent behind the handshake, in the same payload. @default none */
  initialPacket: string | Uint8Array | undefined;
  /** A cookie with the session id, set on the polling handshake. @default false */
  cookie: false | ({ name: string } & SerializeOptions);
  /** Passed to `cors`. @default false: same origin only */
  cors: CorsOptions | CorsOptionsDelegate<IncomingMessage> | false;
  /** Lets clients of 1.x and 2.x in, or keeps them out. @default as `generations` says */
  allowEIO3: boolean;
  /** omnio: binary attachments in one packet, received and sent. @default 10 */
  maxAttachments: number;
  /**
   * omnio: refuse handshakes whose `Origin` is neither the server's own nor
   * allowed by `cors`, on every transport alike (browsers let pages open
   * WebSockets to any origin). @default false, as the reference
   */
  enforceOrigin: boolean;
  /**
   * omnio: bytes that may wait for one client, in its queue and before the
   * kernel, from one tick to the next: what is emitted within a tick is not
   * judged before the next one. Beyond, `slowConsumer` applies. @default 1 MiB
   */
  maxBufferedBytes: number;
  /** omnio: the same for packets in its queue. @default 20000 */
  maxBufferedPackets: number;
  /** How long the body of a POST may take, in ms; then it gets 408 and the session ends. @default 30000 */
  httpRequestBodyTimeout: number;
  /** Pieces that the body of a POST may arrive in; above, it gets 413 and the session ends. @default 10000 */
  maxBufferedChunks: number;
  /**
   * omnio: how long a client may be over these bounds before it is disconnected,
   * in ms; at 16 times the bounds it is at once. @default 20000
   */
  slowConsumerGrace: number;
  /** omnio: how much clients may ask for. */
  limits: Limits;
}

/** How the engine is mounted on an HTTP server. */
export interface AttachOptions {
  /** @default "/socket.io" */
  path: string;
  /** End upgrade requests that nobody answers. @default true */
  destroyUpgrade: boolean;
  /** @default 1000 ms */
  destroyUpgradeTimeout: number;
  /** @default true */
  addTrailingSlash: boolean;
  /**
   * omnio: answers Flash's question whom it may connect to, for flashsocket
   * clients of 0.6 to 0.9. @default false
   */
  flashPolicy: false | FlashPolicy;
  /** omnio: files to serve. Needs the package `@fastify/send`. @default none */
  staticFiles: StaticFiles | undefined;
  /** omnio: who answers all other requests. @default the server's other listeners, or 404 */
  otherApp: OtherApp | undefined;
}

/** Who may connect from Flash. */
export interface FlashPolicy {
  /** Domains, and the ports that they may use. `"*"` stands for all. */
  rules: readonly { domain: string; ports: string }[];
  /**
   * Also give the policy to whoever connects to this port (Flash asks on 843
   * first). A port that cannot be opened is said once, and nothing else.
   * @default false: only on the server's own port
   */
  port: number | false;
}

/** Connection state recovery. The bounds are omnio's own. */
export interface RecoveryOptions {
  /** How long a lost session is kept, in ms. @default 120000 */
  maxDisconnectionDuration: number;
  /** Recovered sockets skip the namespace's middlewares. @default true */
  skipMiddlewares: boolean;
  /** Events kept per namespace; the oldest go first. @default 10000 */
  maxPackets: number;
  /** Approximate bytes of events kept per namespace. @default 16 MiB */
  maxBytes: number;
  /** Lost sessions kept per namespace. @default 10000 */
  maxSessions: number;
}

/** What a handler was doing when it threw. */
export interface HandlerErrorContext {
  /** The event; `connect` for what decides whether a client is let in. */
  event: string;
  namespace: string;
  /** Empty where there is no socket. */
  socketId: string;
  /** It failed before any handler: in a middleware, or in the `connect` handler. @default false */
  middleware?: boolean;
}

/** What the application may pass: every option is optional. */
export interface ServerOptions
  extends
    Partial<Omit<EngineOptions, "cookie" | "httpCompression" | "limits">>,
    Partial<Omit<AttachOptions, "flashPolicy">> {
  flashPolicy?: boolean | Partial<FlashPolicy>;
  cookie?: boolean | ({ name?: string } & SerializeOptions);
  httpCompression?: boolean | { threshold?: number };
  /** Serve the client bundles below `path`. @default true */
  serveClient?: boolean;
  /** A class, or a function that makes one for a namespace. @default in memory */
  adapter?: unknown;
  /** Replaces the packet grammar: `{ Encoder, Decoder }`, as socket.io-parser has them. @default the text grammar */
  parser?: unknown;
  /** Time for a client to join a namespace, in ms. @default 45000 */
  connectTimeout?: number;
  /** @default off */
  connectionStateRecovery?: Partial<RecoveryOptions> | boolean;
  /** Remove namespaces made by a parent when their last socket leaves. @default false */
  cleanupEmptyChildNamespaces?: boolean;
  /**
   * omnio: namespaces that one connection may be in at a time, may have parents
   * make, and may be refused before it is closed. @default 1000
   */
  maxNamespaces?: number;
  /**
   * omnio: which generations of clients are let in; those that speak the same
   * protocol come together (3.x with 4.x, 1.x with 2.x, 0.7 to 0.9). Every open
   * door is one more to guard, so those before 1.0 have to be named.
   * @default ["4.x", "3.x", "2.x", "1.x"]; without the latter two if `allowEIO3` is false
   */
  generations?: readonly Generation[] | "all";
  /** omnio: the times of generations before 1.0. */
  legacy?: LegacyTimes;
  /**
   * omnio: gives another event in place of one that a generation has no words
   * for (binary data before 1.0; anything but a `message` in 0.6), or
   * `undefined` for those that such clients do without. @default none: the
   * event is not sent to them, which is said once for each namespace
   */
  downgrade?: (
    event: { name: string; args: unknown[]; namespace: string },
    dialect: HostedDialect,
  ) => { name: string; args: unknown[] } | undefined;
  /**
   * omnio: what to do when more waits for a client than `maxBufferedBytes` or
   * `maxBufferedPackets`: drop the oldest events, drop the new one, or disconnect
   * the client if it does not catch up. Namespaces (`nsp.slowConsumer`) and single
   * emits (`whenSlow()`) may differ. @default "disconnect"
   */
  slowConsumer?: SlowConsumer;
  /** omnio: how much clients may ask for. @default no limits, but of namespaces */
  limits?: Partial<LimitOptions>;
  /** omnio: which text form EIO=3 clients speak over polling. @default "auto" */
  eio3Text?: "auto" | "1.0" | "1.x" | "2.x";
  /**
   * omnio: a socket's next event is handled when the handler of its last one
   * has come to its end; concerns handlers declared by `handle`, `register` and
   * `serve`. `limits.waitingEvents` says how many may wait. @default false: they
   * may run at the same time
   */
  handlersInOrder?: boolean;
  /**
   * omnio: how long such a handler may take, in ms; then it is reported, the
   * client that asked is answered with an error, and the next one's turn comes.
   * @default 0: for ever
   */
  handlerTimeout?: number;
  /** omnio: called once for a handler that throws or rejects. @default logs to the console */
  onHandlerError?: (error: unknown, context: HandlerErrorContext) => void;
  /**
   * omnio: `true` writes what happens to sockets to standard error, a logger
   * gets it; `DEBUG=omnio:*` does the same. Never payloads, nor secrets. @default false
   */
  logger?: LoggerOption;
  /** omnio: the same for sessions, transports and refused requests. @default false */
  engineLogger?: LoggerOption;
}

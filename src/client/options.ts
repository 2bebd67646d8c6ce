/**
 * Every option of the client, with its default. Names and defaults are those of
 * socket.io-client 4.8; what is omnio's own says so. Times are in ms.
 */
import type { Data } from "./emitter.js";
import type { LoggingOptions } from "./logging-options.js";
import type { TransportConstructor } from "./transport.js";

export type TransportName =
  "polling" | "websocket" | "webtransport" | (string & {});

/** How the connection is made: the options that Engine.IO users know. */
export interface EngineOptions {
  /** Host name, when no address is given. */
  host?: string;
  /** Taken from the address. */
  hostname?: string;
  /** TLS. Taken from the address. */
  secure?: boolean;
  /** Taken from the address. */
  port?: string | number;
  /** Added to the query of every request. A query in the address replaces it. */
  query?: Record<string, Data>;
  /** Node: the agent of the requests; `false` gives each a connection of its own. @default Node's, which keeps connections */
  agent?: Data;
  /** Move from polling to what the server offers. @default true */
  upgrade?: boolean;
  /** Send binary as base64 text, on WebSocket too. @default false */
  forceBase64?: boolean;
  /** The query parameter that keeps caches away. @default "t" */
  timestampParam?: string;
  /** Send it. @default polling: true, WebSocket: false */
  timestampRequests?: boolean;
  /**
   * The transports, by name or implementation, in the order in which they are tried.
   * @default ["polling", "websocket", "webtransport"]
   */
  transports?: TransportName[] | TransportConstructor[];
  /** The transports by implementation. Excludes `transports`. */
  transportImplementations?: TransportConstructor[];
  /** If the first transport fails, try the next. @default false */
  tryAllTransports?: boolean;
  /** Start with WebSocket if the last connection of this program got that far. @default false */
  rememberUpgrade?: boolean;
  /** How long a polling request may take; 0: no limit. @default 0 */
  requestTimeout?: number;
  /** More options for one transport, by its name. */
  transportOptions?: Record<string, Data>;
  /** Node: TLS client certificate and key in one. */
  pfx?: Data;
  /** Node: TLS key. */
  key?: Data;
  /** Node: passphrase of `pfx` or `key`. */
  passphrase?: string;
  /** Node: TLS client certificate. */
  cert?: Data;
  /** Node: authorities to trust. */
  ca?: Data;
  /** Node: TLS ciphers. */
  ciphers?: string;
  /** Node: refuse servers whose certificate is not trusted. @default true */
  rejectUnauthorized?: boolean;
  /** Headers of every request, and in Node of the WebSocket handshake. */
  extraHeaders?: Record<string, string>;
  /** Send cookies: in browsers to other origins, in Node those that the server set. @default false */
  withCredentials?: boolean;
  /** Close when the page is left, instead of when the browser gets to it. @default false */
  closeOnBeforeunload?: boolean;
  /** Use the timers that were there at the start, not a fake clock. @default false */
  useNativeTimers?: boolean;
  /** Node: let the process end while connected. @default false */
  autoUnref?: boolean;
  /** Node: compression of WebSocket messages from this size on. @default { threshold: 1024 } */
  perMessageDeflate?: false | { threshold: number };
  /** @default "/socket.io" */
  path?: string;
  /** End the path with a slash. @default true */
  addTrailingSlash?: boolean;
  /** WebSocket subprotocols. */
  protocols?: string | string[];
  /**
   * omnio's own: the generation that the server speaks, if it is known; `"4.x"`
   * is Socket.IO 3 too, and `"2.x"` is Socket.IO 1 too. Those before 1.0 are
   * known in Node.js and to the entry `omnio/client/all`.
   * @default found out: from 1.0 on with the first request, before with four at most
   */
  protocol?:
    | "4.x"
    | "3.x"
    | "2.x"
    | "1.x"
    | "0.9"
    | "0.8"
    | "0.7"
    | "0.6"
    | (string & {});
}

export interface ManagerOptions extends EngineOptions, LoggingOptions {
  /** A connection of its own. @default false */
  forceNew: boolean;
  /** The older name of `forceNew`. */
  "force new connection": boolean;
  /** Share one connection between namespaces. @default true */
  multiplex: boolean;
  /** @default "/socket.io" */
  path: string;
  /** Come back after the connection is lost. @default true */
  reconnection: boolean;
  /** @default Infinity */
  reconnectionAttempts: number;
  /** Delay before the first attempt, doubled each time. @default 1000 */
  reconnectionDelay: number;
  /** @default 5000 */
  reconnectionDelayMax: number;
  /** How far delays are spread, 0 to 1. @default 0.5 */
  randomizationFactor: number;
  /** How long one attempt may take; `false`: no limit. @default 20000 */
  timeout: number | false;
  /** Connect at once. @default true */
  autoConnect: boolean;
  /** Replaces the text grammar of packets, as in `socket.io-msgpack-parser`. */
  parser: unknown;
  /**
   * omnio's own: how many packets a socket keeps while it is not connected. The
   * oldest goes first; its acknowledgement, if it takes errors, gets one.
   * The reference keeps all. @default 10000
   */
  maxOfflinePackets: number;
  /**
   * omnio's own: binary attachments in one packet that is sent. More than the
   * server takes makes it hang up. @default 10
   */
  maxAttachments: number;
}

export interface SocketOptions {
  /**
   * Credentials for the namespace, or a function that hands them over at each
   * connection. Servers before Socket.IO 3 get them for other namespaces than
   * `/` alone, as a query: they join clients to `/` before these could say anything.
   */
  auth?: Record<string, Data> | ((cb: (data: object) => void) => void);
  /** How often a packet without acknowledgement is sent again, one packet at a time. */
  retries?: number;
  /** How long to wait for an acknowledgement, unless `timeout()` says otherwise. */
  ackTimeout?: number;
}

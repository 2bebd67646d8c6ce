/**
 * The server's logs, written from the outside: engine, namespaces and sockets
 * tell in events what happens. Names and reasons are told; payloads, headers,
 * credentials and ids of sessions are not. Nothing of this exists while it is off.
 */
import { logFor, shortened, type LoggerOption } from "../logging/logger.js";
import type { Log } from "../logging/logger.js";
import { unlikelyOptions } from "../options/unlikely.js";
import type { Connection } from "./connection.js";
import { CODES, type Refusal } from "./gate.js";
import { KINDS } from "./option-kinds.js";
import type { EngineOptions } from "./options.js";
import type { Any } from "./typed-events.js";

export interface ServerLogs {
  /** Namespaces, sockets and events: `omnio:server`. */
  readonly server: Log | undefined;
  /** Handshakes, transports and what is refused: `omnio:server:engine`. */
  readonly engine: Log | undefined;
}

interface Emits {
  on(event: string, listener: (...args: Any[]) => void): unknown;
}

interface LoggedNamespace extends Emits {
  readonly name: string;
}

interface LoggedSocket extends Emits {
  readonly id: string;
  readonly nsp: LoggedNamespace;
  readonly conn: { readonly transport: { readonly name: string } };
  onAny(listener: (event: string) => void): unknown;
  onAnyOutgoing(listener: (event: string) => void): unknown;
}

/** At most so many origins are warned of, once each. */
const ORIGINS = 100;

/** @throws {TypeError} an option is no logger */
export function serverLogs(options: {
  readonly logger?: LoggerOption;
  readonly engineLogger?: LoggerOption;
}): ServerLogs | undefined {
  const server = logFor(options.logger, "omnio:server");
  const engine = logFor(
    options.engineLogger,
    "omnio:server:engine",
    "engineLogger",
  );
  if (!server && !engine) return undefined;
  const logs = { server, engine };
  logOptions(options, logs);
  return logs;
}

/** Options in values that are taken although nobody can have meant them so. */
export function logOptions(
  options: object,
  logs: ServerLogs | undefined,
): void {
  const log = logs?.server ?? logs?.engine;
  if (log === undefined) return;
  for (const note of unlikelyOptions(options, KINDS)) log.warn(note);
}

/** Those of a server: `root` is its first namespace, and tells of the others. */
export function watchNamespaces(
  root: LoggedNamespace,
  { server: log }: ServerLogs,
): void {
  if (log === undefined) return;
  const watch = (nsp: LoggedNamespace) =>
    nsp.on("connection", (socket: LoggedSocket) => watchSocket(socket, log));
  watch(root);
  root.on("new_namespace", (nsp: LoggedNamespace) => {
    log.debug(`namespace ${nsp.name} was made`);
    watch(nsp);
  });
}

export function watchEngine(
  engine: Emits & { readonly opts?: EngineOptions },
  { engine: log, server }: ServerLogs,
): void {
  // Who is turned away belongs to both: nothing else tells of it.
  const refusals = log ?? server;
  engine.on("connection_error", (refusal: Refusal) =>
    refusals?.warn(refused(refusal)),
  );
  const origins = new Set<string>();
  engine.on("connection", (conn: Connection & Emits) => {
    const { headers } = conn.request;
    const { origin, host } = headers;
    if (
      engine.opts?.cors === false &&
      conn.transport.name === "polling" &&
      origin !== undefined &&
      !isOf(origin, host) &&
      origins.size < ORIGINS &&
      !origins.has(origin)
    ) {
      origins.add(origin);
      refusals?.warn(
        `a page of ${origin} connects over polling, and its browser will not let it read the answers: allow it with the option cors, such as cors: { origin: "${origin}" }`,
      );
    }
    if (log !== undefined) watchConnection(conn, log);
  });
}

function watchSocket(socket: LoggedSocket, log: Log): void {
  const who = `${shortened(socket.id)} on ${socket.nsp.name}`;
  log.info(`socket ${who} connected over ${socket.conn.transport.name}`);
  socket.on("disconnect", (reason: string) => {
    const hint =
      reason === "ping timeout"
        ? ": it did not answer a ping in time (pingTimeout)"
        : reason === "parse error"
          ? ": what it sent could not be read"
          : "";
    log.info(`socket ${who} disconnected: ${reason}${hint}`);
  });
  socket.onAny((event) => log.debug(`socket ${who} received "${event}"`));
  socket.onAnyOutgoing((event) =>
    log.debug(`socket ${who} was sent "${event}"`),
  );
}

function watchConnection(conn: Connection & Emits, log: Log): void {
  const who = `session ${shortened(conn.id)}`;
  log.info(
    `${who} opened over ${conn.transport.name} (protocol ${conn.protocol}) from ${conn.remoteAddress}`,
  );
  conn.on("upgrading", ({ name }: { name: string }) =>
    log.debug(`${who} tries ${name}`),
  );
  conn.on("upgrade", ({ name }: { name: string }) =>
    log.info(`${who} changed to ${name}`),
  );
  conn.on("close", (reason: string) => log.info(`${who} closed: ${reason}`));
}

/** What was turned away, and what is usually behind it. */
function refused({ code, message, context }: Refusal): string {
  const name = typeof context.name === "string" ? ` (${context.name})` : "";
  return `refused a request: ${message}${name}: ${hintFor(code, context)}`;
}

function hintFor(code: number, context: Refusal["context"]): string {
  const { name, sid, transport, protocol, method, message } = context;
  switch (code) {
    case CODES.UNKNOWN_TRANSPORT:
      return `the transport ${say(transport)} is not among the server's transports, or the request is none of a client's`;
    case CODES.UNKNOWN_SID:
      return `the session ${shortened(String(sid))} is not of this server, or has ended; with several servers behind one address the load balancer needs sticky sessions`;
    case CODES.BAD_HANDSHAKE_METHOD:
      return `it came by ${say(method)}, and a handshake is a GET`;
    case CODES.FORBIDDEN:
      return typeof message === "string"
        ? `allowRequest said: ${message}`
        : "allowRequest or enforceOrigin does not let it in";
    case CODES.UNSUPPORTED_PROTOCOL_VERSION:
      return `the client speaks revision ${say(protocol)}, which is not let in: look at generations and allowEIO3`;
  }
  if (name === "TRANSPORT_HANDSHAKE_ERROR")
    return "a WebSocket was asked for without an upgrade that could be made; a proxy in front may not pass on the headers Upgrade and Connection";
  if (name === "TRANSPORT_MISMATCH")
    return `it came by ${say(transport)}, and the session is on ${say(context.previousTransport)}; a proxy in front may mix up requests`;
  if (name === "SERVER_CLOSED") return "the server is closing";
  if (name === "INVALID_ORIGIN") return "its Origin is none that HTTP allows";
  return "the request is not as a client makes it";
}

function say(value: unknown): string {
  return typeof value === "string" || typeof value === "number"
    ? `"${String(value).slice(0, 40)}"`
    : "none";
}

/** Whether an origin is the host itself. */
function isOf(origin: string, host: string | undefined): boolean {
  return origin.replace(/^\w+:\/\//, "") === host;
}

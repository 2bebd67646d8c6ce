/**
 * The client's logs, from the outside: a manager and its engine tell what
 * happens in events, and this writes it down. Names and reasons are told;
 * payloads, headers and ids of sessions are not.
 */
import {
  logFor,
  shortened,
  withoutSecrets,
  type Log,
} from "../logging/logger.js";
import type { Engine } from "./engine.js";
import type { LoggingOptions } from "./logging-options.js";
import type { BaseManager } from "./manager.js";
import { unlikelyOptions } from "../options/unlikely.js";
import { KINDS } from "./option-checks.js";
import { explain } from "./problems.js";

export interface ClientLogs {
  /** Namespaces and events: `omnio:client`. */
  readonly client: Log | undefined;
  /** Transports and heartbeats: `omnio:client:engine`. */
  readonly engine: Log | undefined;
}

/** @throws {TypeError} an option is no logger */
export function clientLogs(options: LoggingOptions): ClientLogs | undefined {
  const client = logFor(options.logger, "omnio:client");
  const engine = logFor(
    options.engineLogger,
    "omnio:client:engine",
    "engineLogger",
  );
  return client || engine ? { client, engine } : undefined;
}

const managers = new WeakSet<BaseManager>();
const engines = new WeakSet<Engine>();

/** To be called when a manager has been opened: each connection is an engine of its own. */
export function watchManager(
  manager: BaseManager,
  { client, engine: log }: ClientLogs,
): void {
  const attempted = {
    url: withoutSecrets(manager.uri ?? "the page's server"),
    path: manager.opts.path ?? "/socket.io",
  };
  if (client && !managers.has(manager)) {
    managers.add(manager);
    for (const note of unlikelyOptions(manager.opts, KINDS)) client.warn(note);
    manager
      .on("error", (error) => client.warn(explain(error, attempted)))
      .on("reconnect_attempt", (attempt) =>
        client.info(`attempt ${attempt} to reconnect to ${attempted.url}`),
      )
      .on("reconnect_failed", () =>
        client.error(
          `gave up reconnecting to ${attempted.url} (reconnectionAttempts)`,
        ),
      )
      .on("close", (reason) => client.info(`connection closed: ${reason}`))
      .on("packet", ({ type, nsp, data }) => {
        const said: Record<number, () => void> = {
          0: () => client.info(`namespace ${nsp} connected`),
          1: () => client.info(`the server disconnected namespace ${nsp}`),
          2: () => client.debug(`event ${nameIn(data)} received on ${nsp}`),
          3: () => client.debug(`answer received on ${nsp}`),
          4: () =>
            client.warn(
              `the server refused namespace ${nsp}: ${messageIn(data)}; look at the server's middlewares and at \`auth\``,
            ),
        };
        said[type]?.();
      });
  }
  const { engine } = manager;
  if (log && engine && !engines.has(engine)) {
    engines.add(engine);
    watchEngine(engine, log, attempted);
  }
}

function watchEngine(
  engine: Engine,
  log: Log,
  attempted: Parameters<typeof explain>[1],
): void {
  const { url, path } = attempted;
  log.info(`connecting to ${url} (path ${path})`);
  engine
    .on("handshake", ({ sid, upgrades, pingInterval, pingTimeout }) =>
      log.info(
        `open over ${engine.transport.name} (session ${shortened(sid)}, upgrades ${upgrades.join(", ") || "none"}, pingInterval ${pingInterval} ms, pingTimeout ${pingTimeout} ms)`,
      ),
    )
    .on("upgrading", ({ name }) => log.debug(`changing to ${name}`))
    .on("upgrade", ({ name }) => log.info(`changed to ${name}`))
    .on("upgradeError", ({ message }) =>
      log.warn(
        `stays on ${engine.transport.name}, as the upgrade failed (${message}); does a proxy in between pass on the headers Upgrade and Connection?`,
      ),
    )
    .on("packet", ({ type }) => log.debug(`received ${type}`))
    .on("packetCreate", ({ type }) => log.debug(`sending ${type}`))
    .on("error", (error) => log.warn(explain(error, attempted)))
    .on("close", (reason) => log.info(`closed: ${reason}`));
}

function nameIn(data: unknown): string {
  const [name] = Array.isArray(data) ? (data as unknown[]) : [];
  return typeof name === "string" ? `"${name}"` : "without a name";
}

function messageIn(data: unknown): string {
  const message: unknown =
    typeof data === "object" && data !== null && "message" in data
      ? data.message
      : data;
  return String(message);
}

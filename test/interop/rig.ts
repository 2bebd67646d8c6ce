/**
 * One server and its clients while a feature is tried: opens them, waits for
 * what they say, and closes everything at the end, whatever happened.
 */
import type {
  ClientOptions,
  ClientSocket,
  Listening,
  Pair,
  RunningServer,
  ServerOptions,
  ServerSocket,
  Transport,
} from "./peers/peer.js";

/** A test that hangs says where; nothing is asserted on time. */
const PATIENCE = 8_000;

export interface Ends {
  client: ClientSocket;
  server: ServerSocket;
}

export class Rig {
  readonly #servers: RunningServer[] = [];
  readonly #clients: ClientSocket[] = [];

  constructor(
    readonly pair: Pair,
    readonly transport: Transport,
  ) {}

  async start(options: ServerOptions = {}): Promise<RunningServer> {
    const server = await this.pair.server.start(options);
    this.#servers.push(server);
    return server;
  }

  async stop(server: RunningServer): Promise<void> {
    this.#servers.splice(this.#servers.indexOf(server), 1);
    await server.close();
  }

  open(
    server: RunningServer,
    options: Omit<ClientOptions, "transport"> = {},
  ): ClientSocket {
    const client = this.pair.client.open(server.port, {
      transport: this.transport,
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  /** A connected client and its server side. */
  async ends(
    server: RunningServer,
    options: Omit<ClientOptions, "transport"> = {},
  ): Promise<Ends> {
    const arrived = next<[ServerSocket]>(
      server.io.of(options.namespace ?? "/"),
      "connection",
      "the server sees the connection",
    );
    const client = this.open(server, options);
    const connected = next(client, "connect", "the client is connected");
    const [[socket]] = await Promise.all([arrived, connected]);
    return { client, server: socket };
  }

  /** As `ends`, and where the client upgrades, after the upgrade on both sides. */
  async settledEnds(
    server: RunningServer,
    options: Omit<ClientOptions, "transport"> = {},
  ): Promise<Ends> {
    const ends = await this.ends(server, options);
    if (this.transport === "upgrade")
      await Promise.all([
        upgraded(ends.client.io.engine, "the client upgrades"),
        upgraded(ends.server.conn, "the server upgrades"),
      ]);
    return ends;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    await Promise.all(this.#servers.map((server) => server.close()));
  }
}

/** Waits for the next event of that name, for its arguments. */
export function next<Args extends unknown[]>(
  source: Listening,
  event: string,
  meaning = event,
): Promise<Args> {
  return within(
    new Promise<Args>((resolve) => {
      source.on(event, (...args: unknown[]) => resolve(args as Args));
    }),
    meaning,
  );
}

/** Emits and waits for the acknowledgement's values. */
export function acked(
  emitter: { emit(event: string, ...args: unknown[]): unknown },
  event: string,
  ...args: unknown[]
): Promise<unknown[]> {
  return within(
    new Promise<unknown[]>((resolve) => {
      emitter.emit(event, ...args, (...values: unknown[]) => resolve(values));
    }),
    `the acknowledgement of "${event}"`,
  );
}

export function within<Value>(
  promise: Promise<Value>,
  meaning: string,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`waited ${PATIENCE} ms in vain: ${meaning}`)),
      PATIENCE,
    );
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function upgraded(
  source: Listening & { readonly transport: { readonly name: string } },
  meaning: string,
): Promise<void> {
  if (source.transport.name === "websocket") return;
  await next(source, "upgrade", meaning);
}

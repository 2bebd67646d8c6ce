/**
 * One server and its clients while a feature is tried: opens them, waits for
 * what they say, and closes everything at the end, whatever happened.
 */
import type {
  ClientEnd,
  ClientOptions,
  Listening,
  Pair,
  RunningServer,
  ServerEnd,
  ServerOptions,
  Transport,
} from "./peers/peer.js";

/**
 * A test that hangs says where; nothing is asserted on time. Clients of 0.6 need
 * 15 s themselves to notice that a connection is lost, and 25 s on polls.
 */
export const PATIENCE = 28_000;
let patience = PATIENCE;

/** How long to wait for what has to come, in ms. */
export function bePatient(ms: number): void {
  patience = ms;
}

export interface Ends {
  client: ClientEnd;
  server: ServerEnd;
}

export type Opening = Omit<ClientOptions, "transport">;

export class Rig {
  readonly #servers: RunningServer[] = [];
  readonly #clients: ClientEnd[] = [];
  readonly #ports = new Set<number>();

  constructor(
    readonly pair: Pair,
    readonly transport: Transport,
  ) {}

  /** 0.6 has messages and connections, and that is all. */
  get plain(): boolean {
    return [this.pair.server, this.pair.client].some(
      ({ generation }) => generation === "0.6",
    );
  }

  async start(options: ServerOptions = {}): Promise<RunningServer> {
    const server = await this.pair.server.start(options);
    this.#servers.push(server);
    this.#ports.add(server.port);
    await this.pair.client.visit?.(server.port, this.transport);
    return server;
  }

  async stop(server: RunningServer): Promise<void> {
    this.#servers.splice(this.#servers.indexOf(server), 1);
    await server.close();
  }

  async open(server: RunningServer, options: Opening = {}): Promise<ClientEnd> {
    const client = await this.pair.client.open(server.port, {
      transport: this.transport,
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  /** A connected client and its server side. */
  async ends(server: RunningServer, options: Opening = {}): Promise<Ends> {
    const arrived = next<[ServerEnd]>(
      server.of(options.namespace ?? ""),
      "connection",
      "the server sees the connection",
    );
    const client = await this.open(server, options);
    const connected = next(client, "connect", "the client is connected");
    const [[end]] = await Promise.all([arrived, connected]);
    return { client, server: end };
  }

  /** Another namespace of a client that is connected. */
  async joined(
    server: RunningServer,
    client: ClientEnd,
    namespace: string,
  ): Promise<Ends> {
    const arrived = next<[ServerEnd]>(
      server.of(namespace),
      "connection",
      `the server sees the client in ${namespace}`,
    );
    const other = client.of(namespace);
    const connected = next(other, "connect", `the client is in ${namespace}`);
    const [[end]] = await Promise.all([arrived, connected]);
    return { client: other, server: end };
  }

  async close(): Promise<void> {
    // Before the servers: browsers ask once more for what was cut off, and a page
    // would take its next server for the one that it was connected to.
    await Promise.allSettled(this.#clients.map((client) => client.end()));
    await Promise.all(this.#servers.map((server) => server.close()));
    for (const port of this.#ports) this.pair.client.leave?.(port);
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

/** The first arguments of the next `count` events of that name. */
export function several(
  source: Listening,
  event: string,
  count: number,
): Promise<unknown[]> {
  const values: unknown[] = [];
  return within(
    new Promise<unknown[]>((resolve) => {
      source.on(event, (value: unknown) => {
        if (values.push(value) === count) resolve(values);
      });
    }),
    () => `${count} times "${event}", came ${JSON.stringify(values)}`,
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
  meaning: string | (() => string),
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const what = typeof meaning === "string" ? meaning : meaning();
      reject(new Error(`waited ${patience} ms in vain: ${what}`));
    }, patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

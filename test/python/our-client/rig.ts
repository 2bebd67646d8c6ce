/** Our client and servers of python-socketio while a feature is tried. */
import {
  io,
  type ManagerOptions,
  type Socket,
  type SocketOptions,
} from "../../../src/client/index.js";
import { PythonProcess, type Params } from "../process.js";
import type { Feature, Peer, Transport } from "../suite.js";
import { within, type Happened, type Told } from "../told.js";

export type ClientFeature = Feature<ClientRig>;
type Options = Partial<ManagerOptions & SocketOptions>;

export class PythonServer {
  readonly told: Told;
  port = 0;

  constructor(
    private readonly process: PythonProcess,
    readonly end: string,
  ) {
    this.told = process.told(end);
  }

  /** The parameters are those of the method, or of the driver's command. */
  ask(command: string, params: Params = {}): Promise<unknown> {
    return this.process.ask(command, { end: this.end, ...params });
  }

  emit(event: string, data?: unknown, more: Params = {}): Promise<unknown> {
    return this.ask("emit", { event, data: data ?? null, ...more });
  }

  /** What its handlers return for that event. */
  reply(event: string, value: unknown): Promise<unknown> {
    return this.ask("reply", { event, value });
  }

  async start(params: Params = {}): Promise<this> {
    this.port = Number(await this.ask("start", params));
    return this;
  }

  stop(): Promise<unknown> {
    return this.ask("stop");
  }
}

export interface Ends {
  readonly client: Socket;
  readonly server: PythonServer;
  /** What the server heard of the connection. */
  readonly seen: Happened;
}

export class ClientRig {
  readonly #servers: PythonServer[] = [];
  readonly #clients: Socket[] = [];

  constructor(
    private readonly process: PythonProcess,
    readonly transport: Transport,
  ) {}

  /** The servers stop, with open connections, until the function is called. */
  freeze(): () => void {
    return this.process.freeze();
  }

  async start(params: Params = {}): Promise<PythonServer> {
    const server = new PythonServer(this.process, `server ${++servers}`);
    this.#servers.push(server);
    return server.start(params);
  }

  open({ port }: { port: number }, options: Options = {}, rest = "/"): Socket {
    const { transport } = this;
    const client = io(`http://127.0.0.1:${port}${rest}`, {
      transports:
        transport === "upgrade" ? ["polling", "websocket"] : [transport],
      forceNew: true,
      reconnectionDelay: 50,
      randomizationFactor: 0,
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  /** A connected client, where it upgrades after the upgrade. */
  async ends(
    server: PythonServer,
    options: Options = {},
    rest = "/",
    port = server.port,
  ): Promise<Ends> {
    const client = this.open({ port }, options, rest);
    const upgraded =
      this.transport === "upgrade" ? upgrade(client) : Promise.resolve();
    const [seen] = await Promise.all([
      server.told.next("connect"),
      heard(client, "connect"),
      upgraded,
    ]);
    return { client, server, seen };
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    await Promise.all(this.#servers.map((server) => server.stop()));
  }
}

let servers = 0;

function upgrade(client: Socket): Promise<unknown> {
  return within(
    new Promise((resolve) =>
      client.io.once("open", () => client.io.engine?.once("upgrade", resolve)),
    ),
    "the upgrade",
  );
}

/** The arguments of the next event of that name. */
export function heard(client: Socket, event: string): Promise<unknown[]> {
  return within(
    new Promise((resolve) =>
      client.once(event, (...args: unknown[]) => resolve(args)),
    ),
    `"${event}" at the client`,
  );
}

/** Emits, and waits for all values of the answer. */
export function asked(
  client: Socket,
  event: string,
  ...args: unknown[]
): Promise<unknown[]> {
  return within(
    new Promise((resolve) =>
      client.emit(event, ...args, (...values: unknown[]) => resolve(values)),
    ),
    `the answer to "${event}"`,
  );
}

export function serverPeer(
  name: string,
  kind: "Server" | "AsyncServer",
): Peer<ClientRig> {
  const process = new PythonProcess("servers", kind);
  return {
    name,
    rig: (transport) => new ClientRig(process, transport),
    shutDown: () => process.shutDown(),
  };
}

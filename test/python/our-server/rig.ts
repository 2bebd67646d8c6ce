/** Our server and clients of python-socketio while a feature is tried. */
import type { Server as HttpServer } from "node:http";
import { Server, type ServerOptions, type Socket } from "../../../src/index.js";
import { listening } from "../../interop/peers/listening.js";
import { PythonProcess, type Params } from "../process.js";
import type { Feature, Peer, Transport } from "../suite.js";
import { within, type Told } from "../told.js";

export type ServerFeature = Feature<ServerRig>;

export interface RunningServer {
  readonly io: Server;
  readonly port: number;
  stop(): Promise<void>;
  /** Goes without a word. */
  cut(): Promise<void>;
}

export class PythonClient {
  readonly told: Told;

  constructor(
    private readonly process: PythonProcess,
    readonly end: string,
  ) {
    this.told = process.told(end);
  }

  ask(command: string, params: Params = {}): Promise<unknown> {
    return this.process.ask(command, { end: this.end, ...params });
  }

  emit(event: string, data?: unknown, more: Params = {}): Promise<unknown> {
    return this.ask("emit", { event, data: data ?? null, ...more });
  }

  call(event: string, data?: unknown, more: Params = {}): Promise<unknown> {
    return this.ask("call", { event, data: data ?? null, ...more });
  }

  /** What its handlers answer to that event. */
  reply(event: string, value: unknown): Promise<unknown> {
    return this.ask("reply", { event, value });
  }

  async state(): Promise<{
    connected: boolean;
    sid: string | null;
    namespaces: Record<string, string>;
    transport: string;
  }> {
    return (await this.ask("state")) as Awaited<
      ReturnType<PythonClient["state"]>
    >;
  }
}

export interface Ends {
  readonly client: PythonClient;
  readonly socket: Socket;
}

export class ServerRig {
  readonly #servers: RunningServer[] = [];
  readonly #clients: PythonClient[] = [];

  constructor(
    private readonly process: PythonProcess,
    readonly transport: Transport,
  ) {}

  /** Whether it is python-socketio's class for asyncio. */
  get isAsync(): boolean {
    return this.process.kind === "AsyncClient";
  }

  async start(
    options: Partial<ServerOptions> = {},
    port = 0,
  ): Promise<RunningServer> {
    const servers: Server[] = [];
    const http = await listening(port, (server: HttpServer) => {
      server.on("request", (_, response) => response.writeHead(404).end());
      servers.push(new Server(server, options));
    });
    const [io] = servers as [Server];
    const running: RunningServer = {
      io,
      port: http.port,
      stop: async () => {
        await io.close();
        await http.stop();
      },
      cut: async () => {
        await http.stop();
        await io.close();
      },
    };
    this.#servers.push(running);
    return running;
  }

  /** The clients stop, with open connections, until the function is called. */
  freeze(): () => void {
    return this.process.freeze();
  }

  /** A client that is not connected yet. */
  client(): PythonClient {
    const client = new PythonClient(this.process, `client ${++clients}`);
    this.#clients.push(client);
    return client;
  }

  /** The parameters are those of Python's `connect()`, and of the driver's. */
  connect(
    client: PythonClient,
    { port }: { port: number },
    params: Params = {},
  ): Promise<unknown> {
    const { transport } = this;
    return client.ask("connect", {
      url: `http://127.0.0.1:${port}`,
      transports: transport === "upgrade" ? null : [transport],
      ...params,
    });
  }

  /** A connected client and its server side, in one namespace. */
  async ends(
    server: RunningServer,
    params: Params = {},
    nsp = "/",
  ): Promise<Ends> {
    const client = this.client();
    const arrived = arrival(server, nsp);
    const [socket] = await Promise.all([
      arrived,
      this.connect(client, server, params),
    ]);
    return { client, socket };
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.ask("close")));
    await Promise.all(this.#servers.map((server) => server.cut()));
  }
}

let clients = 0;

/** The next socket that connects. */
export function arrival(server: RunningServer, nsp = "/"): Promise<Socket> {
  return within(
    new Promise((resolve) => server.io.of(nsp).once("connection", resolve)),
    `a connection to ${nsp} of the server`,
  );
}

/** The arguments of the next event of that name. */
export function heard(
  socket: {
    once(event: string, listener: (...args: unknown[]) => void): unknown;
  },
  event: string,
): Promise<unknown[]> {
  return within(
    new Promise((resolve) =>
      socket.once(event, (...args: unknown[]) => resolve(args)),
    ),
    `"${event}" at the server`,
  );
}

export function clientPeer(
  name: string,
  kind: "Client" | "AsyncClient",
): Peer<ServerRig> {
  const process = new PythonProcess("clients", kind);
  return {
    name,
    rig: (transport) => new ServerRig(process, transport),
    shutDown: () => process.shutDown(),
  };
}

/**
 * What the matrix of the old generations expects of a peer: sockets that
 * send, emit and listen, whether they live in this process, in a child
 * process or in a page. What only another process can know is a promise.
 */
export type Transport =
  "websocket" | "xhr-polling" | "jsonp-polling" | "htmlfile";

/** `now`: the current API, which is ours. */
export type Generation = "0.6" | "0.7" | "0.8" | "0.9" | "now";

export type Listener = (...args: never[]) => void;

export interface Listening {
  on(event: string, listener: Listener): unknown;
}

/** One end of a connection, in one namespace. */
export interface End extends Listening {
  /** A bare message; `receipt` is called when the other end has got it. */
  send(text: string, receipt?: () => void): void;
  /** As `send`, with a value as JSON. */
  json(value: unknown, receipt?: () => void): void;
  /** A function at the end of `args` gets the acknowledgement. */
  emit(event: string, ...args: unknown[]): void;
  disconnect(): void;
}

export interface Audience {
  emit(event: string, ...args: unknown[]): void;
  send(text: string): void;
}

export interface ServerEnd extends End {
  readonly id: string;
  readonly query: Readonly<Record<string, unknown>>;
  join(room: string): Promise<void>;
  leave(room: string): Promise<void>;
  /** Everybody in the namespace, or in a room of it, but this end. */
  others(room?: string): Audience;
  transport(): Promise<string>;
}

export interface Space extends Listening, Audience {
  to(room: string): Audience;
}

/** Times in ms. */
export interface ServerOptions {
  /** 0 takes any free port. */
  port?: number;
  heartbeats?: { interval: number; timeout: number };
  /** How long a session waits for its client to come back. */
  closeTimeout?: number;
  /** How long a poll is held. */
  pollFor?: number;
}

export interface RunningServer {
  readonly port: number;
  /** `""` is the root. */
  of(namespace: string): Space;
  /** Cuts every connection, and goes on listening. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Every server has the namespaces `/chat` and `/other`, lets nobody into
 * `/deny`, and cannot decide (the error `no oracle`) on `/fault`. Clients
 * with `token=refused` in the query of their handshake are refused, and with
 * `token=broken` it cannot decide.
 */
export interface ServerPeer {
  readonly name: string;
  readonly version: string;
  readonly generation: Generation;
  start(options?: ServerOptions): Promise<RunningServer>;
  /** Ends the processes that the peer needed. */
  shutDown(): Promise<void>;
}

export interface ClientOptions {
  transport: Transport;
  /** With a leading slash, or empty. */
  namespace?: string;
  query?: string;
  /** The path, without the slash in front; 0.6 only. @default "socket.io" */
  resource?: string;
  /** @default false */
  reconnect?: boolean;
}

export interface ClientState {
  connected: boolean;
  transport: string;
  id: string;
}

export interface ClientEnd extends End {
  /** Another namespace on the same connection. */
  of(namespace: string): ClientEnd;
  state(): Promise<ClientState>;
  /** Ends the connection with all its namespaces; nothing is sent any more when it is done. */
  end(): Promise<void>;
}

export interface ClientPeer {
  readonly name: string;
  readonly version: string;
  readonly generation: Generation;
  /** Where the library runs. */
  readonly place: "node" | "page";
  open(port: number, options: ClientOptions): Promise<ClientEnd>;
  /** What it needs before it can open a client of that server at once. */
  visit?(port: number, transport: Transport): Promise<void>;
  /** Nobody will open a client of the server on this port any more. */
  leave?(port: number): void;
  shutDown(): Promise<void>;
}

export interface Pair {
  readonly server: ServerPeer;
  readonly client: ClientPeer;
}

export function pairName({ server, client }: Pair): string {
  const place = client.place === "page" ? " (browser)" : "";
  return `${client.name} ${client.version}${place} -> ${server.name} ${server.version}`;
}

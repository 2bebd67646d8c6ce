/**
 * What the matrix expects of a peer: the small part of the server's and of
 * the client's API that every generation since 1.0 has in common. Where the
 * generations differ (joining a room, a refusal) the peer's own file adapts.
 */
export type Transport = "polling" | "websocket" | "upgrade" | "jsonp";

/** The major version of the library; 1 and 2 speak EIO3, 3 and 4 speak EIO4. */
export type Generation = 1 | 2 | 3 | 4;

export type Listener = (...args: never[]) => void;

export interface Emitter {
  emit(event: string, ...args: unknown[]): unknown;
}

export interface Listening {
  on(event: string, listener: Listener): unknown;
}

export interface ServerSocket extends Emitter, Listening {
  readonly id: string;
  readonly handshake: {
    readonly query: Readonly<Record<string, unknown>>;
    readonly auth?: Readonly<Record<string, unknown>>;
  };
  readonly conn: Listening & { readonly transport: { readonly name: string } };
  readonly broadcast: Emitter;
  readonly volatile: Emitter;
  to(room: string): Emitter;
  disconnect(close?: boolean): unknown;
}

export type Refusing = Error & { data?: unknown };
export type Middleware = (
  socket: ServerSocket,
  next: (error?: Refusing) => void,
) => void;

export interface ServerNamespace extends Emitter, Listening {
  use(middleware: Middleware): unknown;
  to(room: string): Emitter;
  /** Since 4.5. */
  timeout?(ms: number): Emitter;
  /** Since 4.0. */
  disconnectSockets?(close: boolean): unknown;
}

export interface ServerOptions {
  /** 0 takes any free port. */
  port?: number;
  maxHttpBufferSize?: number;
  pingInterval?: number;
  pingTimeout?: number;
  /** Connection state recovery. */
  recovery?: boolean;
  /** Packets in MessagePack, by the peer's own parser. */
  msgpack?: boolean;
}

export interface RunningServer {
  readonly io: ServerNamespace & { of(name: string): ServerNamespace };
  readonly port: number;
  close(): Promise<void>;
}

export interface ServerPeer {
  readonly name: string;
  readonly version: string;
  readonly generation: Generation;
  start(options: ServerOptions): Promise<RunningServer>;
  join(socket: ServerSocket, room: string): Promise<void>;
  leave(socket: ServerSocket, room: string): Promise<void>;
}

export interface ClientSocket extends Emitter, Listening {
  readonly id?: string | undefined;
  readonly connected: boolean;
  readonly recovered?: boolean;
  readonly volatile?: Emitter;
  readonly io: {
    readonly engine: Listening & {
      readonly id?: string | undefined;
      readonly transport: { readonly name: string };
      write(text: string): unknown;
      close(): unknown;
    };
  };
  connect(): unknown;
  disconnect(): unknown;
}

export interface ClientOptions {
  transport: Transport;
  /** With a leading slash. */
  namespace?: string;
  /** What the client presents to the namespace: `auth`, or the query where there is no `auth`. */
  credentials?: Record<string, string>;
  reconnection?: boolean;
  /** Shares one connection with the other sockets to this server. @default false */
  shared?: boolean;
  /** As the server's option. */
  msgpack?: boolean;
}

/** A refused namespace as the client's user sees it. */
export interface Refusal {
  message: string | undefined;
  data: unknown;
}

export interface ClientPeer {
  readonly name: string;
  readonly version: string;
  readonly generation: Generation;
  open(port: number, options: ClientOptions): ClientSocket;
  /** Resolves when the server refuses the namespace. */
  refused(socket: ClientSocket): Promise<Refusal>;
}

export interface Pair {
  readonly server: ServerPeer;
  readonly client: ClientPeer;
}

export function pairName({ server, client }: Pair): string {
  return `${client.name} ${client.version} -> ${server.name} ${server.version}`;
}

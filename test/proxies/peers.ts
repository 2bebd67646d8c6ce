/** Servers that echo and clients of four kinds, as programs have them, for tests through a proxy. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server as Reference } from "socket.io";
import { io as newest } from "socket.io-client";
import { io as own } from "../../src/client/index.js";
import { Server } from "../../src/index.js";
import { load } from "../interop/peers/installed.js";
import { client09 } from "../interop/old/peers/old-clients.js";
import type { Transport } from "./proxy.js";

export const HEARTBEAT = 300;

export interface EchoServer {
  readonly title: string;
  readonly port: number;
  /** Resolves when the client has answered so many pings. */
  heartbeats(count: number): Promise<void>;
  /** What the one client travels by now. */
  transport(): string;
  close(): Promise<unknown>;
}

type Listener = (...args: never[]) => void;

/** What both servers' sockets have. */
interface Peer {
  on(event: string, listener: Listener): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  conn: {
    on(event: string, listener: Listener): unknown;
    transport: { name: string };
  };
}

export async function serve(kind: "omnio" | "socket.io"): Promise<EchoServer> {
  const http = createServer();
  const heartbeat = { pingInterval: HEARTBEAT, pingTimeout: 10_000 };
  const io =
    kind === "omnio"
      ? new Server(http, {
          ...heartbeat,
          generations: "all",
          legacy: { heartbeatInterval: HEARTBEAT, pollingDuration: 1000 },
        })
      : new Reference(http, { ...heartbeat, allowEIO3: true });
  let peer: Peer | undefined;
  let beats = 0;
  let beaten = () => {};
  io.on("connection", (socket: unknown) => {
    const here = (peer = socket as Peer);
    beats = 0;
    here.conn.on("heartbeat", () => {
      beats++;
      beaten();
    });
    here.on("echo", (...args: unknown[]) => here.emit("echoed", ...args));
  });
  await once(http.listen(0, "127.0.0.1"), "listening");
  return {
    title: kind,
    port: (http.address() as AddressInfo).port,
    heartbeats: (count) =>
      new Promise((resolve) => {
        const until = beats + count;
        beaten = () => {
          if (beats >= until) resolve();
        };
      }),
    transport: () => peer?.conn.transport.name ?? "none",
    close: () => io.close(),
  };
}

export interface EchoClient {
  on(event: string, listener: Listener): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  end(): unknown;
}

export interface ClientKind {
  readonly title: string;
  readonly binary: boolean;
  readonly transports: readonly Transport[];
  readonly servers: readonly ("omnio" | "socket.io")[];
  /** It cannot be told to trust the certificate of the tests. */
  readonly plainOnly?: boolean;
  open(url: string, transport: Transport): Promise<EchoClient>;
  shutDown?(): Promise<void>;
}

type Io = (
  url: string,
  options: object,
) => {
  on(event: string, listener: Listener): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  disconnect(): unknown;
};

const ofToday =
  (io: Io) =>
  async (url: string, transport: Transport): Promise<EchoClient> => {
    const socket = io(url, {
      transports:
        transport === "upgrade" ? ["polling", "websocket"] : [transport],
      forceNew: true,
      reconnection: false,
      rejectUnauthorized: false,
    });
    await new Promise<void>((resolve, reject) => {
      socket.on("connect", resolve);
      socket.on("connect_error", reject as Listener);
    });
    return {
      on: (event, listener) => socket.on(event, listener),
      emit: (event, ...args) => socket.emit(event, ...args),
      end: () => socket.disconnect(),
    };
  };

export function clients(): ClientKind[] {
  const all: readonly Transport[] = ["polling", "upgrade", "websocket"];
  const old = client09();
  const both = ["omnio", "socket.io"] as const;
  return [
    {
      title: "omnio",
      binary: true,
      transports: all,
      servers: both,
      open: ofToday(own),
    },
    {
      title: "socket.io-client 4.8",
      binary: true,
      transports: all,
      servers: both,
      open: ofToday(newest),
    },
    {
      title: "socket.io-client 2.5",
      binary: true,
      transports: all,
      servers: both,
      open: ofToday(load<Io>("sioc2")),
    },
    {
      title: "socket.io-client 0.9",
      binary: false,
      transports: ["polling", "websocket"],
      servers: ["omnio"],
      plainOnly: true,
      async open(url, transport) {
        const end = await old.open(Number(new URL(url).port), {
          transport: transport === "polling" ? "xhr-polling" : "websocket",
          namespace: "",
        });
        await new Promise<void>((resolve) => end.on("connect", resolve));
        return {
          on: (event, listener) => end.on(event, listener),
          emit: (event, ...args) => end.emit(event, ...args),
          end: () => end.end(),
        };
      },
      shutDown: () => old.shutDown(),
    },
  ];
}

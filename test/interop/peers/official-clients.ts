/**
 * The clients that people run: socket.io-client 4.8, 3.1, 2.5 and 1.7, each
 * loaded by its alias. Before 3.0 there is no `auth` (the namespace's query
 * carries credentials) and a refusal is the event `error`. JSONP is in all but
 * the newest.
 */
import { load, officialParser, versionOf } from "./installed.js";
import { installJsonpDocument } from "./jsonp-document.js";
import type {
  ClientOptions,
  ClientPeer,
  ClientSocket,
  Refusal,
  Transport,
} from "./peer.js";

export type Io = (url: string, options: object) => ClientSocket;

const TRANSPORTS: Record<Transport, string[]> = {
  polling: ["polling"],
  websocket: ["websocket"],
  upgrade: ["polling", "websocket"],
  jsonp: ["polling"],
};

/** Options that every generation understands, with quick reconnections. */
export function settings(options: ClientOptions): Record<string, unknown> {
  return {
    transports: TRANSPORTS[options.transport],
    forceNew: options.shared !== true,
    reconnection: options.reconnection ?? false,
    reconnectionDelay: 20,
    reconnectionDelayMax: 50,
    ...(options.transport === "jsonp" && { forceJSONP: true }),
  };
}

/** 3.0 and later: `auth`, and `connect_error` with an Error. */
export function modernClient(
  io: Io,
  about: Pick<ClientPeer, "name" | "version" | "generation">,
  parser: () => unknown = officialParser,
): ClientPeer {
  return {
    ...about,
    open(port, options) {
      if (options.transport === "jsonp") installJsonpDocument();
      return io(address(port, options), {
        ...settings(options),
        ...(options.credentials && { auth: options.credentials }),
        ...(options.msgpack && { parser: parser() }),
      });
    },
    refused: (socket) =>
      new Promise<Refusal>((resolve) =>
        socket.on("connect_error", (error: Error & { data?: unknown }) =>
          resolve({ message: error.message, data: error.data }),
        ),
      ),
  };
}

function classicClient(alias: string, generation: 1 | 2): ClientPeer {
  const io = load<Io>(alias);
  return {
    name: "socket.io-client",
    version: versionOf(alias),
    generation,
    open(port, options) {
      if (options.transport === "jsonp") installJsonpDocument();
      const query =
        options.credentials &&
        `?${String(new URLSearchParams(options.credentials))}`;
      return io(address(port, options) + (query ?? ""), {
        ...settings(options),
      });
    },
    // The server sends a string, or `error.data` in its place.
    refused: (socket) =>
      new Promise<Refusal>((resolve) =>
        socket.on("error", (error: unknown) =>
          resolve(
            typeof error === "string"
              ? { message: error, data: undefined }
              : { message: undefined, data: error },
          ),
        ),
      ),
  };
}

function address(port: number, { namespace = "/" }: ClientOptions): string {
  return `http://127.0.0.1:${port}${namespace}`;
}

function modernOfficial(alias: string, generation: 3 | 4): ClientPeer {
  const { io } = load<{ io: Io }>(alias);
  return modernClient(io, {
    name: "socket.io-client",
    version: versionOf(alias),
    generation,
  });
}

export const client4 = (): ClientPeer => modernOfficial("socket.io-client", 4);
export const client3 = (): ClientPeer => modernOfficial("sioc3", 3);
export const client2 = (): ClientPeer => classicClient("sioc2", 2);
export const client1 = (): ClientPeer => classicClient("sioc1", 1);

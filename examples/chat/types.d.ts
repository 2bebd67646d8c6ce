/**
 * What goes over the wire, for both ends. Every answer is an `Answer`: either
 * `ok` with what was asked for, or a sentence that can be shown to people.
 */
import type { Generation, Server, Socket } from "omnio";

export interface Message {
  /** Made by whoever writes it; the server takes each id once. */
  id: string;
  /** Its place in the room. */
  seq: number;
  room: string;
  name: string;
  text: string;
  /** When the server took it, in ms since 1970. */
  time: number;
  file?: FileCard;
}

/** A file without its bytes; `file` fetches those. */
export interface FileCard {
  name: string;
  type: string;
  size: number;
  /** A picture of an allowed type, by its first bytes. */
  inline: boolean;
}

export interface Person {
  /** Public, and of no use but to tell people apart. */
  id: string;
  name: string;
  transport: string;
  protocol: number;
  /** Of Socket.IO, the latest first: those that speak as this person's client does. */
  generations: readonly Generation[];
}

export interface RoomCard {
  name: string;
  people: number;
}

export interface Welcome {
  /** Differs after each start of the server. */
  boot: string;
  /** What this connection speaks. */
  protocol: number;
  generations: readonly Generation[];
  /** Whether history is written to a file. */
  durable: boolean;
}

export type Answer<T extends object = object> =
  | ({ ok: true } & T)
  | {
      ok: false;
      error: {
        code: string;
        message: string;
        retryAfter?: number;
        suggestion?: string;
      };
    };

export type Reply<T extends object = object> = (answer: Answer<T>) => void;

export interface Upload {
  name: string;
  type?: string;
  data: Uint8Array | ArrayBuffer;
}

export interface ClientToServer {
  join(
    ask: { room: string; name: string; key?: string },
    reply?: Reply<{
      room: string;
      name: string;
      history: Message[];
      people: Person[];
    }>,
  ): void;
  leave(ask: { room: string }, reply?: Reply): void;
  message(
    ask: { room: string; text?: string; id?: string; file?: Upload },
    reply?: Reply<{ id: string; seq: number; time: number }>,
  ): void;
  typing(ask: { room: string }): void;
  file(
    ask: { room: string; id: string },
    reply?: Reply<{ data: Uint8Array }>,
  ): void;
}

export interface ServerToClient {
  welcome(welcome: Welcome): void;
  rooms(rooms: RoomCard[]): void;
  people(news: { room: string; people: Person[] }): void;
  message(message: Message): void;
  typing(news: { room: string; name: string }): void;
  /** The server took this connection out of a room. */
  left(news: { room: string; reason: string }): void;
  /** A sentence for clients that show text and nothing else. */
  notice(text: string): void;
}

export interface Seat {
  id: string;
  name: string;
  /** A secret of the page: it may take its own name back after a lost connection. */
  key: string | undefined;
}

export interface SocketData {
  seats: Map<string, Seat>;
}

export type ChatServer = Server<
  ClientToServer,
  ServerToClient,
  Record<string, never>,
  SocketData
>;
export type ChatSocket = Socket<
  ClientToServer,
  ServerToClient,
  Record<string, never>,
  SocketData
>;

/**
 * A dialect is one generation of Socket.IO as a value. It is chosen once, at
 * the door; after that nobody asks "which version?". All of it is pure: bytes
 * and strings in, values out, no I/O, no clock, no randomness.
 */
import type { Generation } from "./generations.js";
import type { Hello, Limits, Packet, Signal, Unit } from "./packet.js";

/** How units travel: one by one or joined, and whether bytes may. */
export interface Line {
  /** Several units share one write (HTTP), rather than one each (WebSocket). */
  readonly batch: boolean;
  /** The line takes bytes; otherwise they are written as base64 text. */
  readonly binary: boolean;
}

/** The lines there are. Compared by identity, so carriers use these objects. */
export const LINES = {
  websocket: { batch: false, binary: true },
  /** WebSocket to a client that asked for `b64=1`. */
  websocketText: { batch: false, binary: false },
  /** WebSocket as it was before RFC 6455 (hixie-75 and hixie-76), for text alone. */
  hixie: { batch: false, binary: false },
  polling: { batch: true, binary: true },
  /** Polling with `b64=1`, and every JSONP poll. */
  pollingText: { batch: true, binary: false },
  /** One long HTTP answer, unit by unit (htmlfile, multipart). */
  stream: { batch: false, binary: false },
} as const satisfies Record<string, Line>;

/** An HTTP request as a plain record. */
export interface HttpRequest {
  readonly method: string;
  /** What follows the path that the server listens on, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[] | undefined>>;
  /** It asks for a change to WebSocket. */
  readonly upgrade: boolean;
  /** The header `User-Agent`, of a request for a WebSocket alone. */
  readonly agent?: string | undefined;
}

/** An HTTP answer as a plain record. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Unit;
  /** May be compressed if it is large enough. */
  readonly compress: boolean;
}

/** What a request asks for, if it speaks the door's dialect at all. */
export interface Knock {
  /** The transport that it names, known to us or not. */
  readonly transport: string;
  /**
   * What the application calls transports like this one, in its option
   * `transports`: `xhr-polling` is `polling`, `flashsocket` is `websocket`.
   */
  readonly family: string;
  /** The session that it belongs to; none: it wants a new one. */
  readonly sid: string | undefined;
  /** The line that answers travel on. */
  readonly line: Line;
  /** The index of the JSONP callback. */
  readonly jsonp: string | undefined;
  /** It wants to be greeted apart, and comes back with a carrier (0.7-0.9). */
  readonly apart?: boolean;
  /** It wants its session to end. */
  readonly leave?: boolean;
  /** The code by which it is refused, whoever is let in: it asks for what no server has. */
  readonly refused?: number;
  /** Its answer is never complete: what is written to it goes out piece by piece (htmlfile, multipart). */
  readonly streams?: boolean;
  /**
   * The client may speak another generation than it asks for. If it pings at all
   * it shall do so after this time, in ms, so that it shows.
   */
  readonly pingSoon?: number;
}

/** Reads requests, and writes what depends on the generation in the answers. */
export interface Door {
  /** `undefined`: this request is of another generation. */
  knock(request: HttpRequest): Knock | undefined;
  /** The answer to a held GET. */
  polled(payload: Unit, knock: Knock, compress: boolean): HttpAnswer;
  /**
   * The payload in a POST's body.
   * @throws {ProtocolError} there is none
   */
  readPost(
    body: Uint8Array,
    contentType: string | undefined,
    knock: Knock,
  ): Unit;
  /** The answer to a POST that was read, and to a client that left. */
  posted(knock: Knock): HttpAnswer;
  /**
   * The answer to a request that is not served, in the codes of Engine.IO
   * (0-5) and the words for the client. `undefined`: the connection is dropped.
   */
  refuse(code: number, words: string, knock: Knock): HttpAnswer | undefined;
  /**
   * The frame that tells a WebSocket why it is closed again at once, where a
   * generation says so there. `undefined`: the upgrade is refused over HTTP.
   */
  refuseStream?(code: number, knock: Knock): Unit | undefined;
  /** The answer to a client that is greeted apart. */
  greet?(hello: Hello, transports: readonly string[], knock: Knock): HttpAnswer;
  /** The head of an answer that is never complete (its body begins it), and each piece of it. */
  stream?(knock: Knock): { head: HttpAnswer; piece(payload: Unit): string };
}

/** What both ends go by. */
export interface Link {
  /** Who sends `ping`. */
  readonly beat: { readonly from: "server" | "client" };
  /** Whether the root namespace is joined by connecting, or has to be asked for. */
  readonly root: "implicit" | "asked";
}

/** How a connection lives on a server, as data, so that it cannot see the session. Times in ms. */
export interface LinkPolicy extends Link {
  readonly beat: Link["beat"] & {
    /** The other end answers with `pong` and the data, or says the `ping` again. */
    readonly reply: "pong" | "same";
    /** Pings have numbers, and only the answer to the latest counts (0.6). */
    readonly counted: boolean;
    /** Held polls come back by themselves, so some generations do not beat on them. */
    readonly onPolls: boolean;
    /** The generation's own times, where the application's do not apply. */
    readonly times?: {
      readonly pingInterval: number;
      readonly pingTimeout: number;
    };
  };
  /** How long a poll is held before it is answered with `noop`; `Infinity`: until there is something. */
  readonly pollFor: number;
  /** How long a session waits for its client without a stream, and between two polls. */
  readonly grace: { readonly stream: number; readonly polls: number };
  /** How long a session waits for its first carrier, where clients are greeted apart. */
  readonly claim: number;
  /** What the client does that hears of the end by a packet: it stays away, or comes back as after any loss. */
  readonly dismisses: boolean;
  /** Whom the server takes out of the root namespace loses the connection: to its client the two are one. */
  readonly endsWithRoot: boolean;
  /** What session ids are made of: some clients know only numbers. */
  readonly sid: "text" | "digits";
  /** How a session moves to another carrier. */
  readonly change: "probe" | "replace";
  /** Where a socket's public id comes from. */
  readonly socketId: "session" | "fresh";
  /** Whether POSTs may carry bytes (`application/octet-stream`). */
  readonly binaryPosts: boolean;
  /**
   * Clients may come by the WebSocket drafts hixie-75 and hixie-76, and this is
   * how such a WebSocket ends: with a close frame, which some clients need to
   * notice it, or without, as others die of it. @default they may not
   */
  readonly hixie?: "close frame" | "no close frame";
  /** Whether a recovered session can be offered (the grammar carries offset and pid). */
  readonly recovery: boolean;
}

/** Turns units into packets and signals. Holds only half-received attachments. */
export interface Decoder {
  /**
   * `undefined`: attachments are still missing.
   * @throws {ProtocolError} the peer broke the protocol
   */
  push(unit: Unit): Packet | Signal | undefined;
  /** A packet waits for attachments. */
  readonly pending: boolean;
  /**
   * Where the application decodes (`ownDecoders`), its decoder begins, and its
   * packets go to the listener, during `push` or later. Without a listener
   * nothing is read but signals.
   */
  listen?(listener: DecodedListener): void;
  /** The application's decoder ends. What it says afterwards is not heard. */
  destroy?(): void;
}

/** Who is told what an application's decoder has decoded. */
export interface DecodedListener {
  packet(this: void, packet: Packet): void;
  /** What the application's code threw, or a `ProtocolError` about what it decoded. */
  failed(this: void, error: unknown): void;
}

export interface Dialect {
  /** For people and logs, such as `"eio4"`. Nobody compares it. */
  readonly name: string;
  /** The number that users know as `socket.conn.protocol`. */
  readonly protocol: number;
  readonly can: {
    readonly namespaces: boolean;
    readonly acks: boolean;
    readonly binary: boolean;
    readonly events: boolean;
    /** Its messages carry Socket.IO's text grammar, so what others have put into that can be wrapped as it is. */
    readonly wrapping: boolean;
  };
  readonly link: Link;
  /**
   * Stateless. One unit, and one more for each attachment.
   * @throws {RangeError} more attachments than `maxAttachments`: the receiver would hang up
   */
  encode(item: Packet | Signal): Unit[];
  decoder(limits: Limits): Decoder;
  /** What one write carries: one frame of several units on a batch line, otherwise one each. */
  frame(units: readonly Unit[], line: Line): Unit[];
  /** @throws {ProtocolError} the frame is malformed */
  unframe(frame: Unit, line: Line): Unit[];
  /** The unit that carries this data as a bare message, for users of the engine alone. */
  wrap(data: Unit): Unit;
  /** What a unit says in Engine.IO's words, for the events `packet` and `data` of `socket.conn`. */
  describe(unit: Unit): { type: string; data?: Unit };
  /**
   * Whether this frame, the first that a server sent, is a greeting in this
   * dialect: how a client learns a server's generation.
   */
  recognises(frame: Unit): boolean;
}

/** A dialect that knows how connections live, without its door. */
export type DoorlessDialect = Dialect & { readonly link: LinkPolicy };

/** A dialect as a server has it: clients carry no more than they need. */
export type HostedDialect = DoorlessDialect & {
  /** The generations that speak it, the latest first. They do not say which of these they are. */
  readonly generations: readonly Generation[];
  /** A generation that has clients which ask for this dialect, and speak their own. */
  readonly misnamed?: Generation;
  readonly door: Door;
  /**
   * Its decoders are the application's, which may keep something from one packet
   * to the next: each session has one to itself.
   */
  readonly ownDecoders?: boolean;
};

/** Base64 of the runtime, where it has a faster one than the portable default. */
export interface Base64 {
  encode(bytes: Uint8Array): string;
  /** Lenient like every peer's: characters outside the alphabet are skipped. */
  decode(text: string): Uint8Array;
}

/** The Socket.IO packet that custom parsers see (socket.io-parser's `Packet`). */
export interface RawPacket {
  /** 0 connect, 1 disconnect, 2 event, 3 ack, 4 error, 5 binary event, 6 binary ack. */
  type: number;
  nsp: string;
  data?: unknown;
  id?: number;
  attachments?: number;
  options?: { compress?: boolean };
}

/** The official interface of the `parser` option. Both classes are constructed without arguments. */
export interface Parser {
  Encoder: new () => { encode(packet: RawPacket): unknown[] };
  Decoder: new () => {
    on(event: string, listener: (packet: RawPacket) => void): unknown;
    /** A promise that is rejected ends the connection. */
    add(chunk: unknown): unknown;
    destroy(): void;
  };
}

/** What the application chose, the same for every dialect it lets in. */
export interface DialectOptions {
  /** Binary attachments in one packet, on encode and decode. @default 10 */
  maxAttachments?: number;
  /** Replaces the text grammar of Socket.IO packets. */
  parser?: Parser;
  base64?: Base64;
  /** Writes JSON. @default `JSON.stringify` */
  stringify?: ((this: void, data: unknown) => string) | undefined;
  /**
   * What the application gets for received bytes: `Buffer` in Node.js,
   * `ArrayBuffer` in browsers. @default the `Uint8Array` itself
   */
  bytes?: (bytes: Uint8Array) => unknown;
}

/** What makes a dialect as both ends have it. */
export type DialectFactory = (options?: DialectOptions) => Dialect;

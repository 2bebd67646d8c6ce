/**
 * The engine's view of HTTP: what a runtime hands over for each request, after
 * the application's middlewares have seen it.
 */
import type {
  HostedDialect,
  HttpAnswer,
  HttpRequest,
  Line,
} from "../dialects/dialect.js";
import type { OpenAnswer } from "../carriers/streaming.js";
import type { Unit } from "../dialects/packet.js";
import type { Carrier } from "../session/carrier.js";
import type { Opening, OpeningRequest } from "./connection.js";

/** Headers as applications write them in `initial_headers` and `headers`. */
export type ResponseHeaders = Record<string, string | string[]>;

interface Call {
  /** Ends the connection without an answer. */
  drop(): void;
  /** What the application sees as `socket.request`. */
  readonly request: OpeningRequest;
  /** The same for the engine, which rarely needs to look. @default of `request` */
  readonly opening?: Opening;
  /** What the doors see. */
  readonly asks: HttpRequest;
  readonly remoteAddress: string;
  readonly secure: boolean;
}

/** What the body of a request may be at most. */
export interface BodyLimits {
  readonly bytes: number;
  /** Pieces that it may arrive in, where the runtime shows them. */
  readonly chunks: number;
}

/** A body, or why there is none. */
export type Body = Uint8Array | "too large" | "too many chunks" | "aborted";

/** A request to be answered once. */
export interface HttpCall extends Call {
  /** What the body is said to be. */
  readonly contentType: string | undefined;
  answer(answer: HttpAnswer, headers?: ResponseHeaders): void;
  /**
   * Reads the body. `done` is called once; nothing above the limits is kept.
   * The returned function gives up on it, and on the connection that it comes by;
   * there is none if `done` has been called.
   */
  body(
    limits: BodyLimits,
    done: (body: Body) => void,
  ): (() => void) | undefined;
  /** Begins an answer that is written piece by piece. */
  stream(head: HttpAnswer, headers?: ResponseHeaders): OpenAnswer;
  /** The client went away before the answer was complete. */
  onAbort(listener: () => void): void;
}

/** What a stream hears of its peer. */
export interface StreamListener {
  frame(unit: Unit, from: Carrier): void;
  /** It has ended, with what a WebSocket's close frame says. */
  closed(code: number, reason: string, from: Carrier): void;
  /** It has ended by a fault. */
  error(error: Error, from: Carrier): void;
}

/** A request to become a stream. */
export interface UpgradeCall extends Call {
  refuse(answer: HttpAnswer): void;
  /**
   * Does the WebSocket handshake. `opened` gets the carrier, or `undefined` if
   * the request was no valid handshake and has been refused.
   */
  accept(
    dialect: HostedDialect,
    line: Line,
    headers: ResponseHeaders,
    listener: StreamListener,
    opened: (carrier: Carrier | undefined) => void,
  ): void;
}

/**
 * Opens WebSockets on Node: with our own frame codec, or through `ws` where
 * compression or another `wsEngine` is asked for. Drafts that no library knows
 * any more are always ours.
 */
import { validateHeaderName, validateHeaderValue } from "node:http";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import {
  WebSocketCarrier,
  WebSocketKind,
  type WebSocketHandler,
} from "../../carriers/websocket/carrier.js";
import { answerHandshake } from "../../carriers/websocket/handshake.js";
import { HixieKind } from "../../carriers/websocket/hixie-carrier.js";
import {
  answerHixieHandshake,
  isHixie,
} from "../../carriers/websocket/hixie-handshake.js";
import {
  LibraryWebSocketCarrier,
  type LibraryWebSocket,
} from "../../carriers/websocket/ws-carrier.js";
import type {
  HostedDialect,
  HttpAnswer,
  Line,
} from "../../dialects/dialect.js";
import type { StreamListener } from "../../server/http.js";
import type { EngineOptions } from "../../server/options.js";
import type { Carrier } from "../../session/carrier.js";
import { CLOSE_TIMEOUT, hangUp } from "./hang-up.js";
import { openHixie } from "./hixie-upgrade.js";
import { clock, framePorts, sha1 } from "./platform.js";
import { SocketStream } from "./socket-stream.js";

/** An upgrade request that the engine has let in. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What came behind the request. */
  readonly head: Uint8Array;
  readonly dialect: HostedDialect;
  readonly line: Line;
  readonly listener: StreamListener;
}

export interface UpgradeOutcome {
  /** The application's headers for the answer. Asked for once the handshake is valid. */
  headers(): OutgoingHttpHeaders;
  /** The socket is ours from now on. */
  release(): void;
  accepted(carrier: Carrier): void;
  refused(answer: HttpAnswer): void;
}

/** The part of a `ws.Server` that `wsEngine` has to have. */
interface LibraryServer {
  handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Uint8Array,
    done: (socket: LibraryWebSocket) => void,
  ): void;
  on?(
    event: "headers",
    listener: (lines: string[], request: IncomingMessage) => void,
  ): unknown;
}

export class WebSockets {
  readonly #maxPayload: number;
  readonly #library: LibraryServer | undefined;
  readonly #compressFrom: number | undefined;
  readonly #kinds = new Map<HostedDialect, Map<Line, WebSocketKind>>();
  readonly #hixieKinds = new Map<HostedDialect, HixieKind>();
  /** Header lines for the answers that the library is about to write. */
  readonly #lines = new WeakMap<IncomingMessage, string[]>();

  constructor({
    maxHttpBufferSize,
    perMessageDeflate,
    wsEngine,
  }: Pick<
    EngineOptions,
    "maxHttpBufferSize" | "perMessageDeflate" | "wsEngine"
  >) {
    this.#maxPayload = maxHttpBufferSize;
    if (perMessageDeflate === false && wsEngine === undefined) return;
    const deflate = perMessageDeflate === true ? {} : perMessageDeflate;
    this.#compressFrom =
      deflate === false ? undefined : (deflate.threshold ?? 1024);
    const Engine = wsEngine ?? WebSocketServer;
    this.#library = new Engine({
      noServer: true,
      clientTracking: false,
      // The threshold is ours, as only we know of `compress(true)`.
      perMessageDeflate:
        deflate === false ? false : { ...deflate, threshold: 0 },
      maxPayload: maxHttpBufferSize,
    }) as LibraryServer;
    this.#library.on?.("headers", (lines, request) => {
      lines.push(...(this.#lines.get(request) ?? []));
    });
  }

  open(upgrade: Upgrade, outcome: UpgradeOutcome): void {
    const { request, dialect } = upgrade;
    const answer =
      dialect.link.hixie !== undefined && isHixie(request)
        ? answerHixieHandshake(request, "encrypted" in request.socket)
        : answerHandshake(request, { sha1 });
    if (!answer.accepted) {
      const { status, headers, message } = answer;
      outcome.refused({ status, headers, body: message, compress: false });
      return;
    }
    const lines = headerLines(outcome.headers());
    outcome.release();
    if (upgrade.socket instanceof Socket) {
      upgrade.socket.setTimeout(0);
      upgrade.socket.setNoDelay(true);
    }
    if ("challenge" in answer)
      openHixie(
        upgrade,
        { ...answer, lines: [...answer.lines, ...lines] },
        this.#hixieKind(dialect),
        handlerFor(upgrade.listener),
        outcome,
      );
    else if (this.#library === undefined)
      this.#openOwn(upgrade, [...answer.lines, ...lines], outcome);
    else this.#openLibrary(this.#library, upgrade, lines, outcome);
  }

  #openOwn(upgrade: Upgrade, lines: string[], outcome: UpgradeOutcome): void {
    const { socket, head, dialect, line, listener } = upgrade;
    const carrier = new OwnCarrier(
      socket,
      this.#kind(dialect, line),
      handlerFor(listener),
    );
    socket.on("error", () => socket.destroy());
    socket.on("close", () => carrier.lost());
    socket.on("end", () => {
      carrier.lost();
      hangUp(socket);
    });
    socket.on("data", (chunk: Buffer) => carrier.receive(chunk));
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    outcome.accepted(carrier);
    if (head.length > 0) carrier.receive(head);
  }

  #openLibrary(
    library: LibraryServer,
    upgrade: Upgrade,
    lines: string[],
    outcome: UpgradeOutcome,
  ): void {
    const { request, socket, head, dialect, line, listener } = upgrade;
    this.#lines.set(request, lines);
    library.handleUpgrade(request, socket, head, (webSocket) => {
      outcome.accepted(
        new LibraryWebSocketCarrier(
          webSocket,
          {
            dialect,
            line,
            cork: socket,
            ports: framePorts,
            ...(this.#compressFrom !== undefined && {
              compressFrom: this.#compressFrom,
            }),
          },
          handlerFor(listener),
        ),
      );
    });
  }

  #kind(dialect: HostedDialect, line: Line): WebSocketKind {
    const lines = this.#kinds.get(dialect) ?? new Map<Line, WebSocketKind>();
    this.#kinds.set(dialect, lines);
    let kind = lines.get(line);
    if (kind === undefined) {
      kind = new WebSocketKind(dialect, line, this.#maxPayload, framePorts);
      lines.set(line, kind);
    }
    return kind;
  }

  #hixieKind(dialect: HostedDialect): HixieKind {
    let kind = this.#hixieKinds.get(dialect);
    if (kind === undefined) {
      kind = new HixieKind(dialect, this.#maxPayload, framePorts);
      this.#hixieKinds.set(dialect, kind);
    }
    return kind;
  }
}

/** Our own carrier, which does not wait for ever for the peer's close frame, nor for its end of the connection. */
class OwnCarrier extends WebSocketCarrier {
  readonly #socket: Duplex;

  constructor(socket: Duplex, kind: WebSocketKind, handler: WebSocketHandler) {
    super(new SocketStream(socket), kind, handler);
    this.#socket = socket;
  }

  override close(code?: number, reason?: string): void {
    const before = this.state;
    super.close(code, reason);
    if (before !== "open") return;
    const socket = this.#socket;
    const cancel = clock.after(CLOSE_TIMEOUT, () => socket.destroy());
    socket.once("close", cancel);
  }

  /**
   * Both sides have said goodbye, so the server closes the connection (RFC
   * 6455, section 7.1.1). There are clients that leave their end open.
   */
  override onClose(code: number, reason: string): void {
    super.onClose(code, reason);
    const socket = this.#socket;
    if (socket.writableFinished) socket.destroy();
    else socket.once("finish", () => socket.destroy());
  }
}

function handlerFor(listener: StreamListener): WebSocketHandler {
  return {
    frame: (unit) => listener.frame(unit),
    closed: (code, reason) =>
      listener.closed("transport close", { code, reason }),
    error: (error) => listener.closed("transport error", error),
  };
}

function headerLines(headers: OutgoingHttpHeaders): string[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    validateHeaderName(name);
    return (Array.isArray(value) ? value : [String(value)]).map((item) => {
      validateHeaderValue(name, item);
      return `${name}: ${item}`;
    });
  });
}

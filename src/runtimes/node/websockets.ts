/**
 * Opens WebSockets on Node: with our own frame codec, or through `ws` where
 * compression or another `wsEngine` is asked for. Drafts that no library knows
 * any more are always ours.
 */
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { WebSocketKind } from "../../carriers/websocket/carrier.js";
import {
  answerHandshake,
  type UpgradeRequest,
} from "../../carriers/websocket/handshake.js";
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
import { framePorts } from "../../node/frame-ports.js";
import type { Opening } from "../../server/connection.js";
import type { StreamListener } from "../../server/http.js";
import type { EngineOptions } from "../../server/options.js";
import type { Carrier } from "../../session/carrier.js";
import { headerLines } from "./answer-head.js";
import { openHixie } from "./hixie-upgrade.js";
import { OwnCarrier } from "./own-carrier.js";
import { sha1 } from "./platform.js";
import { defer } from "./turn.js";
import { SocketStream } from "./socket-stream.js";

/** An upgrade request that the engine has let in. */
export interface Upgrade {
  /** What the handshake reads. */
  readonly asks: UpgradeRequest;
  /** Has the request itself. */
  readonly opening: Opening;
  readonly secure: boolean;
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

  /** `ws` or another library does the handshakes, and wants Node's own request. */
  get byLibrary(): boolean {
    return this.#library !== undefined;
  }

  open(upgrade: Upgrade, outcome: UpgradeOutcome): void {
    const { asks, dialect } = upgrade;
    const answer =
      dialect.link.hixie !== undefined && isHixie(asks)
        ? answerHixieHandshake(asks, upgrade.secure)
        : answerHandshake(asks, { sha1 });
    if (!answer.accepted) {
      const { status, headers, message } = answer;
      outcome.refused({ status, headers, body: message, compress: false });
      return;
    }
    const lines = headerLines(outcome.headers());
    outcome.release();
    if (upgrade.socket instanceof Socket) {
      // One more property, and a socket needs a larger list of those.
      if (upgrade.socket.timeout) upgrade.socket.setTimeout(0);
      upgrade.socket.setNoDelay(true);
    }
    if ("challenge" in answer)
      openHixie(
        upgrade,
        { ...answer, lines: [...answer.lines, ...lines] },
        this.#hixieKind(dialect),
        upgrade.listener,
        outcome,
      );
    else if (this.#library === undefined)
      this.#openOwn(upgrade, answer.lines.concat(lines), outcome);
    else this.#openLibrary(this.#library, upgrade, lines, outcome);
  }

  #openOwn(upgrade: Upgrade, lines: string[], outcome: UpgradeOutcome): void {
    const { socket, head, dialect, line, listener } = upgrade;
    const stream = new SocketStream(socket, `${lines.join("\r\n")}\r\n\r\n`);
    const carrier = new OwnCarrier(stream, this.#kind(dialect, line), listener);
    outcome.accepted(carrier);
    if (head.length > 0) carrier.receive(head);
    // The greeting has been queued by now, and takes the head along.
    defer(() => stream.writeHead());
  }

  #openLibrary(
    library: LibraryServer,
    upgrade: Upgrade,
    lines: string[],
    outcome: UpgradeOutcome,
  ): void {
    const { opening, socket, head, dialect, line, listener } = upgrade;
    const { request } = opening;
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
          listener,
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

/**
 * One request to change to WebSocket, as the engine sees it. Until it is
 * accepted it is an ordinary HTTP request with an ordinary response, so that
 * middlewares can refuse it with a status of their own.
 */
import { ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { UpgradeRequest } from "../../carriers/websocket/handshake.js";
import type {
  HostedDialect,
  HttpAnswer,
  HttpRequest,
  Line,
} from "../../dialects/dialect.js";
import type { Opening, OpeningRequest } from "../../server/connection.js";
import type {
  ResponseHeaders,
  StreamListener,
  UpgradeCall,
} from "../../server/http.js";
import type { Carrier } from "../../session/carrier.js";
import { hangUp } from "./hang-up.js";
import type { Upgrade, WebSockets } from "./websockets.js";

export class NodeUpgradeCall implements UpgradeCall {
  #response: ServerResponse | undefined = undefined;

  constructor(
    /** What the handshake is about: the request itself, or the same that was read of it. */
    private readonly incoming: UpgradeRequest,
    readonly opening: Opening,
    readonly asks: HttpRequest,
    private readonly socket: Duplex,
    private readonly head: Uint8Array,
    private readonly webSockets: WebSockets,
  ) {
    // From the first byte on: an error without a listener ends the process (CVE-2022-41940).
    socket.on("error", fail);
    // Node's HTTP sockets stay half open, and the application may never decide.
    socket.on("end", fail);
    // Pipelined behind a request that is not answered yet: no client does that.
    if (isAnswering(socket)) socket.destroy();
  }

  /** For middlewares and refusals: most upgrades need none, and save its kilobyte. */
  get response(): ServerResponse {
    return (this.#response ??= this.#makeResponse());
  }

  get request(): OpeningRequest {
    return this.opening.request;
  }

  get remoteAddress(): string {
    const { socket } = this;
    return socket instanceof Socket
      ? (socket.remoteAddress ?? "")
      : (this.request.socket.remoteAddress ?? "");
  }

  get secure(): boolean {
    const { socket } = this;
    return (
      "encrypted" in (socket instanceof Socket ? socket : this.request.socket)
    );
  }

  /** A middleware has answered, or the client has left. */
  get gone(): boolean {
    return this.#response?.headersSent === true || this.socket.destroyed;
  }

  drop(): void {
    this.socket.destroy();
  }

  refuse({ status, headers, body }: HttpAnswer): void {
    if (this.gone) return;
    this.response.writeHead(status, {
      ...headers,
      "Content-Length": Buffer.byteLength(body),
      Connection: "close",
    });
    this.response.end(body);
  }

  accept(
    dialect: HostedDialect,
    line: Line,
    headers: ResponseHeaders,
    listener: StreamListener,
    opened: (carrier: Carrier | undefined) => void,
  ): void {
    if (this.gone) return;
    const { incoming: asks, opening, secure, socket, head } = this;
    const upgrade: Upgrade = {
      asks,
      opening,
      secure,
      socket,
      head,
      dialect,
      line,
      listener,
    };
    this.webSockets.open(upgrade, {
      headers: () => {
        if (this.#response === undefined) return headers;
        // Middlewares that wait for the head of the answer to set a cookie
        // (express-session) do it now.
        this.#response.writeHead(101);
        return { ...this.#response.getHeaders(), ...headers };
      },
      accepted: (carrier) => opened(carrier),
      refused: (answer) => {
        this.refuse(answer);
        opened(undefined);
      },
      release: () => {
        if (socket instanceof Socket) this.#response?.detachSocket(socket);
        socket.off("error", fail).off("end", fail);
      },
    });
  }

  #makeResponse(): ServerResponse {
    const { request, socket } = this;
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    if (socket instanceof Socket && !socket.destroyed)
      response.assignSocket(socket);
    response.once("finish", () => hangUp(socket));
    return response;
  }
}

function fail(this: Duplex): void {
  this.destroy();
}

/** Node marks a socket whose response is not complete, and refuses it another one. */
function isAnswering(socket: Duplex): boolean {
  return "_httpMessage" in socket && Boolean(socket._httpMessage);
}

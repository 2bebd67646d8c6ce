/**
 * One request to change to WebSocket, as the engine sees it. Until it is
 * accepted it is an ordinary HTTP request with an ordinary response, so that
 * middlewares can refuse it with a status of their own.
 */
import { ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type {
  HostedDialect,
  HttpAnswer,
  HttpRequest,
  Line,
} from "../../dialects/dialect.js";
import type { OpeningRequest } from "../../server/connection.js";
import type {
  ResponseHeaders,
  StreamListener,
  UpgradeCall,
} from "../../server/http.js";
import type { Carrier } from "../../session/carrier.js";
import { hangUp } from "./hang-up.js";
import type { WebSockets } from "./websockets.js";

export class NodeUpgradeCall implements UpgradeCall {
  readonly response: ServerResponse;
  readonly #fail = () => this.socket.destroy();

  constructor(
    readonly request: OpeningRequest,
    readonly asks: HttpRequest,
    private readonly socket: Duplex,
    private readonly head: Uint8Array,
    private readonly webSockets: WebSockets,
  ) {
    // From the first byte on: an error without a listener ends the process (CVE-2022-41940).
    socket.on("error", this.#fail);
    // Node's HTTP sockets stay half open, and the application may never decide.
    socket.on("end", this.#fail);
    this.response = new ServerResponse(request);
    this.response.shouldKeepAlive = false;
    try {
      if (socket instanceof Socket) this.response.assignSocket(socket);
    } catch {
      // Pipelined behind a request that is not answered yet: no client does that.
      socket.destroy();
    }
    this.response.once("finish", () => hangUp(socket));
  }

  get remoteAddress(): string {
    return this.request.socket.remoteAddress ?? "";
  }

  get secure(): boolean {
    return "encrypted" in this.request.socket;
  }

  /** A middleware has answered, or the client has left. */
  get gone(): boolean {
    return this.response.headersSent || this.socket.destroyed;
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
    const { request, socket, head } = this;
    const upgrade = { request, socket, head, dialect, line, listener };
    this.webSockets.open(upgrade, {
      headers: () => {
        // Middlewares that wait for the head of the answer to set a cookie
        // (express-session) do it now.
        this.response.writeHead(101);
        return { ...this.response.getHeaders(), ...headers };
      },
      accepted: (carrier) => opened(carrier),
      refused: (answer) => {
        this.refuse(answer);
        opened(undefined);
      },
      release: () => {
        if (socket instanceof Socket) this.response.detachSocket(socket);
        socket.off("error", this.#fail).off("end", this.#fail);
      },
    });
  }
}

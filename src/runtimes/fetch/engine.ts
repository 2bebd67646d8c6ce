/**
 * The engine for servers of `fetch`: a `Request` in, a `Response` out.
 * Middlewares see both in the shape that they know from Node.
 */
import type { HostedDialect } from "../../dialects/dialect.js";
import { BaseEngine } from "../../server/engine.js";
import { plainRefusal, type Refusal } from "../../server/gate.js";
import type { OpeningRequest } from "../../server/connection.js";
import type { EngineOptions } from "../../server/options.js";
import type { Engine, Middleware } from "../../server/runtime.js";
import { Admission } from "../admission.js";
import { isBelow } from "../mount-path.js";
import { randomDigits, randomId } from "../node/platform.js";
import { asksOf } from "../node/query.js";
import { FetchCall } from "./call.js";
import { incomingOf } from "./incoming.js";
import { Outgoing } from "./outgoing.js";
import { clock, defer } from "./platform.js";
import { FetchUpgradeCall } from "./upgrade-call.js";
import type { Upgrade } from "./wire.js";

/** What a runtime knows of a request beside the request. */
export interface Visit {
  readonly remoteAddress: string;
  readonly upgrade: Upgrade;
}

export class FetchEngine extends BaseEngine implements Engine {
  readonly admission: Admission;
  /** What requests of ours begin with. */
  mount = "/socket.io/";
  otherPaths: ((url: string) => string | undefined) | undefined = undefined;
  /** Whether requests can become WebSockets here. */
  webSockets = false;
  readonly #threshold: number;

  constructor(options: EngineOptions, dialects: readonly HostedDialect[]) {
    super(options, dialects, { clock, randomId, randomDigits, defer });
    this.admission = new Admission(options);
    this.#threshold =
      options.httpCompression === false
        ? Infinity
        : options.httpCompression.threshold;
  }

  override get transports(): readonly string[] {
    const { transports } = this.opts;
    return this.webSockets
      ? transports
      : transports.filter((name) => name !== "websocket");
  }

  /** The part of a URL that is ours; `undefined`: the request is not for us. */
  mountOf({ pathname, search }: URL): string | undefined {
    return isBelow(pathname, this.mount)
      ? this.mount
      : this.otherPaths?.(pathname + search);
  }

  /** Adds a middleware that sees every HTTP request and every upgrade of this engine. */
  use(middleware: Middleware): this {
    this.admission.use(middleware);
    return this;
  }

  /** Answers a request. `undefined`: it has become a WebSocket, and the runtime has answered. */
  answer(
    source: Request,
    url: URL,
    { remoteAddress, upgrade }: Visit,
  ): Promise<Response | undefined> {
    return new Promise((resolve) => {
      const request = incomingOf(source, url, remoteAddress);
      const outgoing = new Outgoing(resolve);
      const wants =
        source.headers.get("upgrade")?.toLowerCase() === "websocket";
      const asks = asksOf(
        request,
        this.mountOf(url) ?? this.mount,
        wants,
        wants ? request.headers["user-agent"] : undefined,
      );
      const then = wants
        ? this.#stream(
            new FetchUpgradeCall(
              request,
              asks,
              outgoing,
              upgrade,
              this.opts.maxHttpBufferSize,
              resolve,
            ),
          )
        : this.#exchange(
            new FetchCall(request, asks, source, outgoing, this.#threshold),
          );
      const response = () => outgoing.asResponse;
      this.admission.admit(request, response, (failure) => {
        if (!outgoing.headersSent) then(failure);
      });
    });
  }

  #exchange(call: FetchCall): (failure?: Refusal) => void {
    return (failure) => {
      if (failure === undefined) return this.handleCall(call);
      this.#refused(call.request, failure);
      call.answer(plainRefusal(failure));
    };
  }

  #stream(call: FetchUpgradeCall): (failure?: Refusal) => void {
    return (failure) => {
      if (failure === undefined) return this.handleStream(call, {});
      this.#refused(call.request, failure);
      call.refuse(plainRefusal(failure));
    };
  }

  #refused(req: OpeningRequest, failure: Refusal): void {
    this.emit("connection_error", { req, ...failure });
  }
}

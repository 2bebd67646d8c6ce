/**
 * What a request passes before the engine sees it: the application's
 * middlewares, CORS among them, and the check of its origin where that is asked
 * for. The same on every runtime.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import cors from "cors";
import { CODES, refusal, type Refusal } from "../server/gate.js";
import { attempt } from "../server/middleware.js";
import type { EngineOptions } from "../server/options.js";
import type { Middleware } from "../server/runtime.js";
import { isOriginAllowed } from "./origin.js";

export class Admission {
  readonly #middlewares: Middleware[] = [];
  readonly #enforceOrigin: boolean;
  readonly #cors: Middleware | undefined;

  constructor(options: Pick<EngineOptions, "cors" | "enforceOrigin">) {
    this.#enforceOrigin = options.enforceOrigin;
    this.#cors = options.cors === false ? undefined : cors(options.cors);
    if (this.#cors !== undefined) this.use(this.#cors);
  }

  /** Whether middlewares look at requests. */
  get asks(): boolean {
    return this.#middlewares.length > 0;
  }

  /** Whether nothing is asked of any request. */
  get isOpen(): boolean {
    return !this.asks && !this.#enforceOrigin;
  }

  use(middleware: Middleware): void {
    this.#middlewares.push(middleware);
  }

  /** The CORS rules alone, for answers that are not the engine's. */
  applyCors(
    request: IncomingMessage,
    response: ServerResponse,
    next: () => void,
  ): void {
    if (this.#cors === undefined) next();
    else this.#cors(request, response, next);
  }

  /**
   * Runs the middlewares, then checks the origin. `then` is not called if a
   * middleware answers by itself. The response is not made if nobody asks for it.
   */
  admit(
    request: IncomingMessage,
    responseOf: () => ServerResponse,
    then: (failure?: Refusal) => void,
  ): void {
    if (this.isOpen) return then();
    const response = responseOf();
    const run = (index: number): void => {
      const middleware = this.#middlewares[index];
      if (middleware === undefined) {
        then(
          !this.#enforceOrigin || isOriginAllowed(request, response)
            ? undefined
            : refusal(CODES.FORBIDDEN, { name: "ORIGIN_NOT_ALLOWED" }),
        );
        return;
      }
      let called = false;
      const next = (error?: unknown) => {
        if (called) return;
        called = true;
        if (error === undefined || error === null) run(index + 1);
        else
          then(
            refusal(CODES.BAD_REQUEST, { name: "MIDDLEWARE_FAILURE", error }),
          );
      };
      attempt(
        () => middleware(request, response, next),
        (error) => next(error ?? new Error("a middleware failed")),
      );
    };
    run(0);
  }
}

/**
 * The handlers that are declared once for a whole namespace, and which of them
 * an event reaches. There is one answer to an event, so one of these takes it,
 * the first that there is:
 *
 * 1. listeners of the socket itself (`socket.on`), all of them
 * 2. the function for this event (`handle`), then the one for `*`: those of the
 *    namespace, of the parent that made it, of all namespaces
 * 3. the class (`register`): in the same order
 * 4. the class of the connection (`serve`)
 *
 * `connect` and `disconnect` are not for `*`.
 */
import type { Middleware } from "../middleware.js";
import type { Socket } from "../socket.js";
import { tooManyWait } from "../socket-limits.js";
import {
  RESERVED_EVENTS,
  type DisconnectReason,
  type Event,
} from "../socket-types.js";
import { isFunction } from "../typed-events.js";
import { ConnectionRefusedError } from "./errors.js";
import { inOrder } from "./in-order.js";
import { invoke } from "./invocation.js";
import {
  ofCatchAll,
  ofFunction,
  type CatchAllHandler,
  type Handler,
  type Target,
} from "./target.js";

/** Names that are no events of clients, but may have handlers. */
const LIFE = new Set(["connect", "disconnect"]);

const NO_GATES: readonly Middleware<Socket>[] = [];

/** Handlers that are objects, one for each connection. */
export interface Served extends Target {
  readonly gate: Middleware<Socket>;
  left(socket: Socket, reason: DisconnectReason): void;
}

export class HandlerTable {
  #functions: Map<string, Target> | undefined = undefined;
  #any: Target | undefined = undefined;
  #object: (Target & { readonly title: string }) | undefined = undefined;
  #served: Served | undefined = undefined;
  readonly #outer: HandlerTable | undefined;

  /** @param outer asked where this table has nothing */
  constructor(outer?: HandlerTable) {
    this.#outer = outer;
  }

  get served(): Served | undefined {
    return this.#served;
  }

  /** The last one given for a name counts. */
  handle(event: string, handler: Handler | CatchAllHandler): void {
    if (typeof handler !== "function")
      throw new TypeError(
        `handle("${event}"): expected a function as handler, got ${typeof handler}`,
      );
    if (event === "connection")
      throw new TypeError(
        'handle("connection"): the handler that lets clients in is handle("connect"); after that, io.on("connection") hears of each',
      );
    if (!LIFE.has(event) && (event === "error" || RESERVED_EVENTS.has(event)))
      throw new TypeError(
        `handle("${event}"): no client can send this event, so the handler would never be called`,
      );
    if (event === "*") this.#any = ofCatchAll(handler);
    else (this.#functions ??= new Map()).set(event, ofFunction(handler));
  }

  /** @throws {TypeError} there is a class already */
  register(object: Target & { readonly title: string }, nsp: string): void {
    if (this.#object !== undefined)
      throw new TypeError(
        `register: namespace "${nsp}" already has a class for its events, ${this.#object.title}: one namespace has one, so make ${object.title} extend it or give it another namespace`,
      );
    this.#object = object;
  }

  serve(served: Served): void {
    this.#served = served;
  }

  /** Whom a socket has to pass before it is let in, behind the middlewares. */
  get gates(): readonly Middleware<Socket>[] {
    const target = this.#find("connect");
    const served = this.#served;
    if (target === undefined && served === undefined) return NO_GATES;
    const gates: Middleware<Socket>[] = [];
    if (target !== undefined)
      gates.push((socket, next) =>
        pass(
          () => target.run("connect", socket, [socket.handshake.auth]),
          next,
        ),
      );
    if (served !== undefined) gates.push(served.gate);
    return gates;
  }

  /** A client's event that the socket itself has no listener for. */
  event(socket: Socket, [event, ...args]: Event): void {
    if (LIFE.has(event)) return;
    const target = this.#find(event) ?? this.#served;
    if (target === undefined) return;
    const task = () => invoke(target, socket, event, args);
    const { handlersInOrder, limits } = socket.nsp.server._settings;
    if (!handlersInOrder) return void task();
    const refused = inOrder(socket, task, limits.waitingEvents);
    if (refused === 0) return;
    const answer = tooManyWait(socket, refused > 1);
    const ack: unknown = args.at(-1);
    if (isFunction(ack)) ack(answer);
  }

  /** The socket was in and is gone. */
  left(socket: Socket, reason: DisconnectReason, description: unknown): void {
    const target = this.#find("disconnect");
    if (target !== undefined) {
      const task = () =>
        invoke(target, socket, "disconnect", [reason, description]);
      if (socket.nsp.server._settings.handlersInOrder) inOrder(socket, task);
      else void task();
    }
    this.#served?.left(socket, reason);
  }

  #find(event: string): Target | undefined {
    return this._functionFor(event, !LIFE.has(event)) ?? this._objectFor();
  }

  _functionFor(event: string, caught: boolean): Target | undefined {
    return (
      this.#functions?.get(event) ??
      (caught ? this.#any : undefined) ??
      this.#outer?._functionFor(event, caught)
    );
  }

  _objectFor(): Target | undefined {
    return this.#object ?? this.#outer?._objectFor();
  }
}

/** Lets a socket in unless the handler refuses. Other errors are the middlewares' affair. */
export function pass(
  handler: () => unknown,
  next: (error?: Error) => void,
): unknown {
  const decide = (result: unknown) =>
    next(result === false ? new ConnectionRefusedError() : undefined);
  const refuse = (error: unknown) => {
    if (!(error instanceof ConnectionRefusedError)) throw error;
    next(error);
  };
  try {
    const result = handler();
    if (!(result instanceof Promise)) return decide(result);
    return result.then(decide, refuse);
  } catch (error) {
    return refuse(error);
  }
}

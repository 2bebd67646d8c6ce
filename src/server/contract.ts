/**
 * A contract in force: what clients send is checked before it reaches any
 * middleware of a socket, listener or handler, and so are their answers. Built
 * of what sockets have anyway, so that nothing is spent without a contract.
 */
import { Checks, ValidationError, type Checked } from "../contract/check.js";
import {
  assertContract,
  type Contract,
  type ServerEmits,
  type ServerListens,
} from "../contract/contract.js";
import type { Answer } from "../hub/acks.js";
import { FAILED } from "./handlers/invocation.js";
import type { Next } from "./middleware.js";
import { Namespace } from "./namespace.js";
import type { HandlerErrorContext } from "./options.js";
import type { BaseServer } from "./server.js";
import type { Socket } from "./socket.js";
import type { Event } from "./socket-types.js";
import { isFunction, type Any, type EventsMap } from "./typed-events.js";

export interface ContractOptions {
  /**
   * Hears of every event, and every answer, that does not keep to the contract.
   * Of events, the socket's own listeners of `error` do, too. The socket of an
   * answer to a broadcast is not known. @default none
   */
  onInvalid?: (error: ValidationError, context: HandlerErrorContext) => void;
}

/** What has been refused, for `refusals()`. */
const counts = new WeakMap<object, Map<string, number>>();

/** Counted together, as clients can think up any number of names. */
const UNKNOWN = "*";

/**
 * Puts a contract into force for a namespace, or for the root namespace of a
 * server, and gives it the types that follow. An event that does not keep to it
 * reaches nobody; the client's acknowledgement gets `{ error: { message,
 * issues } }`. What a validator makes of a value is what handlers get. Of a
 * namespace made of a regular expression, all children are meant.
 *
 * To be called before clients come. `onAny` listeners hear what arrived.
 */
export function withContract<
  const C extends Contract,
  ServerSideEvents extends EventsMap,
  SocketData,
>(
  target:
    | Namespace<Any, Any, ServerSideEvents, SocketData>
    | BaseServer<Any, Any, ServerSideEvents, SocketData>,
  contract: C,
  options: ContractOptions = {},
): Namespace<ServerListens<C>, ServerEmits<C>, ServerSideEvents, SocketData> {
  assertContract("withContract", contract);
  const nsp = target instanceof Namespace ? target : target?.sockets;
  if (!(nsp instanceof Namespace))
    throw new TypeError(
      'withContract: the first argument is a server or a namespace, as io or io.of("/chat") are',
    );
  if (counts.has(nsp))
    throw new Error(`namespace "${nsp.name}" already has a contract`);
  const refused = new Map<string, number>();
  counts.set(nsp, refused);
  const guard = new Guard(contract, options, refused);
  // Before `connection`, so that this comes before all that applications add.
  nsp.prependListener("connect", (socket: Socket) => guard.watch(socket));
  // That events keep to the contract is seen to when they come, so only here it can be said.
  const checked: unknown = nsp;
  return checked as Namespace<
    ServerListens<C>,
    ServerEmits<C>,
    ServerSideEvents,
    SocketData
  >;
}

/**
 * How often an event, or an answer to one, did not keep to the namespace's
 * contract, by the event's name; `*` stands for names that the contract does
 * not have.
 */
export function refusals(
  target: Namespace<Any, Any, Any, Any> | BaseServer<Any, Any, Any, Any>,
): ReadonlyMap<string, number> {
  const nsp = target instanceof Namespace ? target : target.sockets;
  return counts.get(nsp) ?? new Map<string, number>();
}

class Guard {
  readonly #events: Checks;
  readonly #answers: Checks;

  constructor(
    { toServer, toClient }: Contract,
    private readonly options: ContractOptions,
    private readonly refused: Map<string, number>,
  ) {
    this.#events = new Checks(toServer);
    this.#answers = new Checks(toClient);
  }

  watch(socket: Socket): void {
    socket.use((event, next) => this.#event(socket, event, next));
    const { nsp } = socket;
    nsp._checkAnswer ??= (...asked) => this.#answer(nsp, ...asked);
  }

  #event(socket: Socket, event: Event, next: Next): unknown {
    const [name, ...args] = event;
    const last: unknown = args.at(-1);
    const ack = isFunction(last) ? last : undefined;
    if (ack !== undefined) args.pop();
    const pass = (checked: Checked) => {
      if (checked instanceof ValidationError) {
        this.#complain(checked, socket.nsp, socket.id);
        ack?.(checked.answer);
        next(checked);
        return;
      }
      event.splice(1, event.length, ...checked);
      if (ack !== undefined) event.push(ack);
      next();
    };
    const fail = (error: unknown) => {
      ack?.(FAILED);
      throw error;
    };
    try {
      const checked = this.#events.args(name, args);
      return checked instanceof Promise
        ? checked.then(pass, fail)
        : pass(checked);
    } catch (error) {
      return fail(error);
    }
  }

  /** What checks an answer before it is given on. */
  #answer(
    nsp: Namespace,
    event: string,
    answer: Answer,
    invalid: ((error: Error) => void) | undefined,
    socketId = "",
  ): Answer {
    const pass = (checked: Checked) => {
      if (!(checked instanceof ValidationError)) return answer(...checked);
      this.#complain(checked, nsp, socketId);
      invalid?.(checked);
    };
    return (...values) =>
      nsp._attempt(
        event,
        () => {
          const checked = this.#answers.ack(event, values);
          return checked instanceof Promise
            ? checked.then(pass)
            : pass(checked);
        },
        socketId,
      );
  }

  #complain(error: ValidationError, nsp: Namespace, socketId: string): void {
    const { event } = error;
    const name = error.known ? event : UNKNOWN;
    this.refused.set(name, (this.refused.get(name) ?? 0) + 1);
    nsp._attempt(
      event,
      () =>
        this.options.onInvalid?.(error, {
          event,
          namespace: nsp.name,
          socketId,
        }),
      socketId,
    );
  }
}

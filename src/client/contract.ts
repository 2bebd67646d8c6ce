/**
 * A contract at the client's end: what the server sends is checked before it
 * reaches any listener or handler. It is a function of its own, so that
 * programs without a contract are without this, too.
 */
import { Checks, ValidationError, type Checked } from "../contract/check.js";
import {
  assertContract,
  type ClientEmits,
  type ClientListens,
  type Contract,
} from "../contract/contract.js";
import { isAckFailure } from "../contract/failure.js";
import type { EventsMap } from "./emitter.js";
import { BaseClient } from "./managed/client.js";
import { AnswerError } from "./managed/errors.js";
import { Socket } from "./socket.js";

export interface ContractOptions {
  /** Hears of every event, and answer to a callback, that does not keep to the contract. @default the console */
  onInvalid?: (error: ValidationError, namespace: string) => void;
}

/**
 * Puts a contract into force for a namespace of a client, and gives the client
 * the types that follow. An event that does not keep to it reaches nobody; if
 * the server asked, its acknowledgement gets `{ error: { message, issues } }`.
 * What a validator makes of a value is what handlers get. `call()` rejects with
 * an `AnswerError` if the server refuses, and with a `ValidationError` if the
 * answer is not as agreed; a callback of `emit()` gets the server's refusal as
 * it is, `{ error }`, and is not called with an answer that is not as agreed.
 *
 * To be called before `connect()`.
 */
export function withContract<C extends Contract>(
  client: BaseClient<EventsMap, EventsMap>,
  contract: C,
  options?: ContractOptions & {
    /** @default "/" */
    namespace?: string;
  },
): BaseClient<ClientListens<C>, ClientEmits<C>>;
/** The same for a socket of `io()`, whose own acknowledgements get what arrived. */
export function withContract<C extends Contract>(
  socket: Socket<EventsMap, EventsMap>,
  contract: C,
  options?: ContractOptions,
): Socket<ClientListens<C>, ClientEmits<C>>;
export function withContract(
  target: BaseClient<EventsMap, EventsMap> | Socket<EventsMap, EventsMap>,
  contract: Contract,
  options: ContractOptions & { namespace?: string } = {},
): unknown {
  assertContract("withContract", contract);
  const guard = new ContractGuard(contract, options);
  if (target instanceof BaseClient)
    target._guardWith(options.namespace ?? "/", guard);
  else if (target instanceof Socket) guard.watch(target);
  else
    throw new TypeError(
      "withContract: the first argument is a Client, or a socket as io() gives them",
    );
  return target;
}

class ContractGuard {
  private readonly _events: Checks;
  private readonly _answers: Checks;

  constructor(
    { toClient, toServer }: Contract,
    private readonly _options: ContractOptions,
  ) {
    this._events = new Checks(toClient);
    this._answers = new Checks(toServer);
  }

  watch(socket: Socket<EventsMap, EventsMap>): void {
    const deliver = socket._deliver.bind(socket);
    socket._deliver = (all) => {
      const last = all.at(-1);
      const answer = typeof last === "function" ? last : undefined;
      const event = String(all[0]);
      const given = all.slice(1, answer ? -1 : undefined);
      const pass = (checked: Checked) => {
        if (checked instanceof ValidationError) {
          this._complain(checked, socket.nsp);
          if (answer) Reflect.apply(answer, undefined, [checked.answer]);
        } else deliver([event, ...checked, ...(answer ? [answer] : [])]);
      };
      const checked = this._events.args(event, given);
      if (checked instanceof Promise) void checked.then(pass);
      else pass(checked);
    };
  }

  async answer(
    event: string,
    values: readonly unknown[],
  ): Promise<readonly unknown[]> {
    const [first] = values;
    if (isAckFailure(first)) {
      const { message, data, issues } = first.error;
      throw new AnswerError(message, data, issues);
    }
    const checked = await this._answers.ack(event, values);
    if (checked instanceof ValidationError) throw checked;
    return checked;
  }

  callback(
    event: string,
    namespace: string,
    callback: (...values: unknown[]) => unknown,
  ): (...values: unknown[]) => unknown {
    const pass = (checked: Checked) =>
      checked instanceof ValidationError
        ? this._complain(checked, namespace)
        : callback(...checked);
    return (...values) => {
      if (isAckFailure(values[0])) return callback(...values);
      const checked = this._answers.ack(event, values);
      return checked instanceof Promise ? checked.then(pass) : pass(checked);
    };
  }

  private _complain(error: ValidationError, namespace: string): void {
    const { onInvalid } = this._options;
    if (onInvalid) onInvalid(error, namespace);
    else
      console.error(
        `omnio: an event of the server's does not keep to the contract (namespace ${namespace}): ${error.message}`,
      );
  }
}

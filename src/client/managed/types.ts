/**
 * How the types of events, in the form that `io()` takes them too, become those
 * of handlers, data and answers. A function as last parameter of an event is
 * its acknowledgement.
 */
import type { Data, EventNames, EventsMap } from "../emitter.js";
import type { ConnectionError } from "./errors.js";
import type { Args } from "../../contract/args.js";

type Callback = (...values: Data[]) => unknown;

/** The values of an event, without the acknowledgement. */
export type Values<F> = F extends (...args: infer All) => unknown
  ? All extends [...infer Head, Callback]
    ? Head
    : All
  : Data[];

/** The acknowledgement of an event. */
export type Answer<F> = F extends (...args: infer All) => unknown
  ? All extends [...unknown[], infer Last extends Callback]
    ? Last
    : Callback
  : Callback;

/** What the other end answers, as `call()` gives it. */
export type Answered<F> =
  Parameters<Answer<F>> extends infer Given extends unknown[]
    ? number extends Given["length"]
      ? Data
      : Given extends []
        ? undefined
        : Given extends [infer One]
          ? One
          : Given
    : never;

/** One value, or several in `args()`. */
type Payload<V extends unknown[]> = V extends [unknown?]
  ? V[0] | Args<V>
  : Args<V>;

/** The data and options of an event, as far as it has values. */
export type DataAndOptions<F, Options> = number extends Values<F>["length"]
  ? [data?: Data, options?: Options]
  : Values<F> extends []
    ? [data?: undefined, options?: Options]
    : [] extends Values<F>
      ? [data?: Payload<Values<F>>, options?: Options]
      : [data: Payload<Values<F>>, options?: Options];

/** What a handler may return: the acknowledgement's values, an array for several. */
export type Result<F> =
  Answered<F> extends infer Value
    ? Value | void | Promise<Value | void>
    : never;

export type Handler<F> = (...args: Values<F>) => Result<F>;

/** Events of the connection itself, for each namespace. */
export interface Lifecycle {
  /** The namespace is connected, also after each reconnection. */
  connect: () => void;
  /** The connection could not be made, or the server refused the namespace. */
  connect_error: (error: ConnectionError) => void;
  /** The namespace is not connected any more; after an accident it will be tried again. */
  disconnect: (reason: string) => void;
  /** After `disconnect`: it will not come back by itself. */
  disconnect_final: (reason: string) => void;
}

export type HandlerFor<Map extends EventsMap, Ev> = Ev extends keyof Lifecycle
  ? Lifecycle[Ev]
  : Ev extends EventNames<Map>
    ? Handler<Map[Ev]>
    : never;

/**
 * Events with types: maps from event names to listeners, and what follows from
 * them for emitting, listening and acknowledgements. The exported names are
 * those of socket.io, so that programs which import them go on compiling.
 */
import { EventEmitter } from "node:events";
import { useListenerTable } from "./listener-table.js";
import { localEmit, uncoverEmit } from "./local-emit.js";

/**
 * The one place where a type is left open. Event maps describe the user's own
 * listeners, whose parameters nothing stricter accepts in both directions.
 */
export type Any = ReturnType<JSON["parse"]>;

type Fn = (...args: Any[]) => Any;

/** `typeof value === "function"`, with a type that can be called. */
export function isFunction(
  value: unknown,
): value is (...args: unknown[]) => unknown {
  return typeof value === "function";
}

/** From event names to the types of their listeners. */
export interface EventsMap {
  [event: string]: Any;
}

/** What holds where no map is given: every name, any arguments. */
export interface DefaultEventsMap {
  [event: string]: (...args: Any[]) => void;
}

/** The names in an event map. */
export type EventNames<Map extends EventsMap> = keyof Map & (string | symbol);

/** The parameters of an event's listener. */
export type EventParams<
  Map extends EventsMap,
  Ev extends EventNames<Map>,
> = Parameters<Map[Ev]>;

type IsAny<T> = 0 extends 1 & T ? true : false;

/** The last element of a tuple. */
export type Last<List extends readonly unknown[]> = List extends readonly [
  ...unknown[],
  infer L,
]
  ? L
  : List extends readonly [unknown?, ...infer Rest]
    ? number extends List["length"]
      ? List[number]
      : Rest extends readonly []
        ? List[number]
        : Last<Rest>
    : never;

/** All elements of a tuple but the last. */
export type AllButLast<List extends Any[]> = List extends [
  ...infer Head,
  unknown,
]
  ? Head
  : Any[];

/** Whether a listener ends in a callback: `"open"` if its type does not tell. */
type Asks<Listener> =
  IsAny<Listener> extends true
    ? "open"
    : Listener extends (...args: infer Params) => Any
      ? Params extends []
        ? "no"
        : IsAny<Last<Params>> extends true
          ? "open"
          : Last<Params> extends Fn
            ? "yes"
            : "no"
      : "no";

/** Whether a listener's callback takes an error first. */
type AsksWithError<Listener> = Listener extends (...args: infer Params) => Any
  ? Last<Params> extends (...args: infer Answer) => Any
    ? Answer extends []
      ? false
      : Answer[0] extends Error
        ? true
        : false
    : false
  : false;

/** The names of the events whose last parameter is an acknowledgement callback. */
export type EventNamesWithAck<
  Map extends EventsMap,
  K extends EventNames<Map> = EventNames<Map>,
> = K extends unknown
  ? Asks<Map[K]> extends "yes" | "open"
    ? K
    : never
  : never;

/** The names of the events without one. */
export type EventNamesWithoutAck<
  Map extends EventsMap,
  K extends EventNames<Map> = EventNames<Map>,
> = K extends unknown
  ? Asks<Map[K]> extends "no" | "open"
    ? K
    : never
  : never;

/** The names of the events whose callback takes an error first. */
export type EventNamesWithError<
  Map extends EventsMap,
  K extends EventNamesWithAck<Map> = EventNamesWithAck<Map>,
> = K extends unknown
  ? Asks<Map[K]> extends "open"
    ? K
    : AsksWithError<Map[K]> extends true
      ? K
      : never
  : never;

/** The map without the events that ask for an acknowledgement. */
export type RemoveAcknowledgements<Map extends EventsMap> = {
  [K in EventNamesWithoutAck<Map>]: Map[K];
};

/** The names that the library and the user have. */
export type ReservedOrUserEventNames<
  ReservedEventsMap extends EventsMap,
  UserEvents extends EventsMap,
> = EventNames<ReservedEventsMap> | EventNames<UserEvents>;

/** The listener of a name that the library or the user has; an untyped one where neither is known. */
export type ReservedOrUserListener<
  ReservedEvents extends EventsMap,
  UserEvents extends EventsMap,
  Ev extends ReservedOrUserEventNames<ReservedEvents, UserEvents>,
> = OrUntyped<
  Ev extends EventNames<ReservedEvents>
    ? ReservedEvents[Ev]
    : Ev extends EventNames<UserEvents>
      ? UserEvents[Ev]
      : never
>;

type OrUntyped<T> = [T] extends [never]
  ? (...args: Any[]) => void | Promise<void>
  : T;

/** What `emit` of a broadcast looks like. */
export interface TypedEventBroadcaster<EmitEvents extends EventsMap> {
  emit<Ev extends EventNames<EmitEvents>>(
    ev: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): boolean;
}

/** What a callback answers with, its error aside. */
export type FirstNonErrorTuple<List extends unknown[]> = List[0] extends Error
  ? List[1]
  : List[0];

/** The value that a callback answers with. */
export type FirstNonErrorArg<T> = T extends (...args: infer Params) => Any
  ? FirstNonErrorTuple<Params>
  : Any;

/** Each element as a list of such. */
export type MultiplyArray<List extends unknown[]> = {
  [K in keyof List]: List[K][];
};

// The first element alone, with its label.
type Head<List extends Any[]> = List extends [Any, ...infer Rest]
  ? List extends [...infer First, ...Rest]
    ? First
    : never
  : never;

// Callbacks in a parameter list get an error in front, unless they have one.
type WithError<Params extends Any[]> = {
  [K in keyof Params]: Params[K] extends (...args: infer Answer) => infer Result
    ? Answer[0] extends Error
      ? Params[K]
      : (err: Error, ...args: Answer) => Result
    : Params[K];
};

// Callbacks in a parameter list get a list: one answer of each receiver.
type WithResponses<Params extends Any[]> = {
  [K in keyof Params]: Params[K] extends (...args: infer Answer) => infer Result
    ? Answer extends [Error]
      ? (err: Error) => Result
      : Answer extends [Error, ...infer Rest]
        ? (err: Error, ...args: Head<MultiplyArray<Rest>>) => Result
        : Answer extends []
          ? () => Result
          : (...args: Head<MultiplyArray<Answer>>) => Result
    : Params[K];
};

/** The events as emitted with `timeout()`: their callbacks take an error first. */
export type DecorateAcknowledgements<E> = {
  [K in keyof E]: E[K] extends (...args: infer Params) => infer Result
    ? (...args: WithError<Params>) => Result
    : E[K];
};

/** The events as emitted to several receivers: their callbacks take a list of answers. */
export type DecorateAcknowledgementsWithMultipleResponses<E> = {
  [K in keyof E]: E[K] extends (...args: infer Params) => infer Result
    ? (...args: WithResponses<Params>) => Result
    : E[K];
};

/** Both of these. */
export type DecorateAcknowledgementsWithTimeoutAndMultipleResponses<E> = {
  [K in keyof E]: E[K] extends (...args: infer Params) => infer Result
    ? (...args: WithResponses<WithError<Params>>) => Result
    : E[K];
};

/**
 * An `EventEmitter` with typed events.
 *
 * @typeParam ListenEvents - what can be listened to
 * @typeParam EmitEvents - what can be emitted
 * @typeParam ReservedEvents - what the library itself emits
 */
export abstract class StrictEventEmitter<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ReservedEvents extends EventsMap = Record<never, never>,
>
  extends EventEmitter
  implements TypedEventBroadcaster<EmitEvents>
{
  constructor(...options: ConstructorParameters<typeof EventEmitter>) {
    super(...options);
    uncoverEmit(this);
  }

  /** Adds a listener. */
  override on<
    Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>,
  >(
    ev: Ev,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): this {
    useListenerTable(this);
    return super.on(ev, listener);
  }

  /** Adds a listener for one time. */
  override once<
    Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>,
  >(
    ev: Ev,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): this {
    return super.once(ev, listener);
  }

  /** Emits an event. */
  override emit<Ev extends EventNames<EmitEvents>>(
    ev: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): boolean {
    return super.emit(ev, ...args);
  }

  /** The listeners of an event. */
  override listeners<
    Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>,
  >(event: Ev): ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>[] {
    return super.listeners(event) as ReservedOrUserListener<
      ReservedEvents,
      ListenEvents,
      Ev
    >[];
  }

  /** Calls the listeners, which know nothing of the network. */
  protected emitReserved<Ev extends EventNames<ReservedEvents>>(
    ev: Ev,
    ...args: EventParams<ReservedEvents, Ev>
  ): boolean {
    return localEmit.call(this, ev, ...args);
  }

  /** Calls the listeners with what came from the network. */
  protected emitUntyped(ev: string, ...args: unknown[]): boolean {
    return localEmit.call(this, ev, ...args);
  }
}

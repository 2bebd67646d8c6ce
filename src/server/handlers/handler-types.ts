/**
 * The types of handlers: which arguments they take, what may be their answer,
 * and what a class of them has to look like.
 */
import type { Args } from "../../contract/args.js";
import type { Socket } from "../socket.js";
import type { DisconnectReason } from "../socket-types.js";
import type {
  Any,
  EventNames,
  EventParams,
  EventsMap,
  Last,
} from "../typed-events.js";
import type { NamespaceHandler } from "./namespace-handler.js";

type OrPromise<T> = T | Promise<T>;

/** One value alone, unless it is an array: those are several. */
type Values<Answer extends unknown[]> = Answer extends []
  ? undefined
  : Answer extends [infer One]
    ? One extends readonly unknown[]
      ? [One] | Args<Answer>
      : One | [One] | Args<Answer>
    : Answer | Args<Answer>;

/** What the handler of an event with these parameters may return. */
export type AnswerTo<Params extends unknown[]> = 0 extends 1 & Last<Params>
  ? unknown
  : Last<Params> extends (...answer: infer Answer) => unknown
    ? OrPromise<Values<Answer> | void>
    : unknown;

/** Has the compiler take a list that is returned for a tuple. Nothing has this type. */
type TupleHint = [never];

/** The handler of one event. */
export type EventHandler<
  Listen extends EventsMap,
  Ev extends EventNames<Listen>,
  S,
> = (
  socket: S,
  ...args: EventParams<Listen, Ev>
) => AnswerTo<EventParams<Listen, Ev>> | TupleHint;

/** Decides whether a client is let in. */
export type ConnectHandler<S> = (socket: S, auth: Any) => unknown;
export type DisconnectHandler<S> = (
  socket: S,
  reason: DisconnectReason,
  description?: unknown,
) => unknown;
/** Handles what nothing else does. */
export type AnyEventHandler<S> = (
  event: string,
  socket: S,
  ...args: Any[]
) => unknown;

// Names as the methods that they reach.

type Separator = " " | "_" | "-" | "." | ":" | "/";
type Pascal<
  Name extends string,
  Up extends boolean = true,
  Done extends string = "",
> = Name extends `${infer Letter}${infer Rest}`
  ? Letter extends Separator
    ? Pascal<Rest, true, Done>
    : Pascal<
        Rest,
        false,
        `${Done}${Up extends true ? Uppercase<Letter> : Letter}`
      >
  : Done;

/** The method that an event reaches: `onChatMessage` for `chat message`. */
export type MethodName<Name extends string> = `on${Pascal<Name>}`;

type SocketOf<H> =
  H extends NamespaceHandler<infer L, infer E, infer S, infer D>
    ? Socket<L, E, S, D>
    : never;
type ListenOf<H> =
  H extends NamespaceHandler<infer L, Any, Any, Any> ? L : never;

/** What a method of this class has to look like to handle an event. */
export type HandlerOf<H, Event extends string> = Event extends "connect"
  ? ConnectHandler<SocketOf<H>>
  : Event extends "disconnect"
    ? DisconnectHandler<SocketOf<H>>
    : Event extends EventNames<ListenOf<H>>
      ? EventHandler<ListenOf<H>, Event, SocketOf<H>>
      : never;

type Reaching<Listen, Method> = {
  [Ev in keyof Listen & string]: MethodName<Ev> extends Method ? Ev : never;
}[keyof Listen & string];

type MethodOf<H, Name, Listen extends EventsMap> = Name extends "onConnect"
  ? ConnectHandler<SocketOf<H>>
  : Name extends "onDisconnect"
    ? DisconnectHandler<SocketOf<H>>
    : Name extends "onUnknownEvent"
      ? AnyEventHandler<SocketOf<H>>
      : string extends keyof Listen
        ? (socket: SocketOf<H>, ...args: Any[]) => unknown
        : HandlerOf<H, Reaching<Listen, Name>>;

type IsMethodName<Name> = Name extends `on${infer Rest}`
  ? Rest extends Capitalize<Rest>
    ? Rest extends ""
      ? false
      : true
    : false
  : false;

/**
 * What a class has to look like to be registered: each of its methods fits the
 * event that reaches it, and none is without one.
 */
export type Fitting<H> = {
  [Name in keyof H as IsMethodName<Name> extends true ? Name : never]: MethodOf<
    H,
    Name,
    ListenOf<H>
  >;
};

type Answered<Args extends unknown[], Result> = [Result] extends [
  void | undefined,
]
  ? (...args: Args) => void
  : Result extends Any[]
    ? (...args: [...Args, ack: (...answer: Result) => void]) => void
    : (...args: [...Args, ack: (answer: Result) => void]) => void;

/**
 * The events that a class handles, as a client emits them: `chatMessage` for
 * `onChatMessage`.
 */
export type EventsOf<H> = {
  [
    Name in keyof H as Name extends
      "onConnect" | "onDisconnect" | "onUnknownEvent"
      ? never
      : IsMethodName<Name> extends true
        ? Name extends `on${infer Rest}`
          ? Uncapitalize<Rest>
          : never
        : never
  ]: H[Name] extends (socket: Any, ...args: infer Args) => infer Result
    ? Answered<Args, Awaited<Result>>
    : never;
};

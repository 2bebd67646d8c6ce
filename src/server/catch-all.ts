/**
 * Listeners for every event, in and out: the part of a socket's public face
 * that has to do with them. The lists are made when the first listener comes.
 */
import { makeTableLater } from "./listener-table.js";
import {
  StrictEventEmitter,
  type Any,
  type EventsMap,
} from "./typed-events.js";

export type AnyListener = (...args: Any[]) => void;

export abstract class CatchAllEmitter<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ReservedEvents extends EventsMap,
> extends StrictEventEmitter<ListenEvents, EmitEvents, ReservedEvents> {
  constructor() {
    super({ captureRejections: true });
    makeTableLater(this);
  }

  // Replaced, never changed: whoever walks through a list sees it as it was.
  protected anyListeners: readonly AnyListener[] | undefined = undefined;
  protected anyOutgoingListeners: readonly AnyListener[] | undefined =
    undefined;

  /** Adds a listener for every event of the client; acknowledgements are not events. */
  onAny(listener: AnyListener): this {
    this.anyListeners = [...this.listenersAny(), listener];
    return this;
  }

  /** The same, in front of the others. */
  prependAny(listener: AnyListener): this {
    this.anyListeners = [listener, ...this.listenersAny()];
    return this;
  }

  /** Removes such a listener, or all of them. */
  offAny(listener?: AnyListener): this {
    this.anyListeners = without(this.anyListeners, listener);
    return this;
  }

  listenersAny(): AnyListener[] {
    return [...(this.anyListeners ?? [])];
  }

  /** Adds a listener for every event to the client, broadcasts included. */
  onAnyOutgoing(listener: AnyListener): this {
    this.anyOutgoingListeners = [...this.listenersAnyOutgoing(), listener];
    return this;
  }

  /** The same, in front of the others. */
  prependAnyOutgoing(listener: AnyListener): this {
    this.anyOutgoingListeners = [listener, ...this.listenersAnyOutgoing()];
    return this;
  }

  /** Removes such a listener, or all of them. */
  offAnyOutgoing(listener?: AnyListener): this {
    this.anyOutgoingListeners = without(this.anyOutgoingListeners, listener);
    return this;
  }

  listenersAnyOutgoing(): AnyListener[] {
    return [...(this.anyOutgoingListeners ?? [])];
  }
}

function without(
  listeners: readonly AnyListener[] | undefined,
  listener: AnyListener | undefined,
): readonly AnyListener[] | undefined {
  if (listener === undefined || listeners === undefined) return undefined;
  const index = listeners.indexOf(listener);
  return index < 0 ? listeners : listeners.toSpliced(index, 1);
}

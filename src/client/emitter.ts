/**
 * Typed events for the client: the small emitter whose methods users of
 * Socket.IO know in browsers, and the types that check event names and
 * arguments. A listener that throws stops the emission and the error reaches
 * whoever emitted, as it does in the reference client.
 */

/** What applications send and receive, unless they say more: the type of `JSON.parse`. */
export type Data = ReturnType<typeof JSON.parse>;

/** Maps the names of events to the listeners they take. */
export interface EventsMap {
  [event: string]: Data;
}

/** Any event with any arguments. */
export interface DefaultEventsMap {
  [event: string]: (...args: Data[]) => void;
}

export type EventNames<Map extends EventsMap> = keyof Map & (string | symbol);

export type EventParams<
  Map extends EventsMap,
  Ev extends EventNames<Map>,
> = Parameters<Map[Ev]>;

export type ReservedOrUserEventNames<
  ReservedEvents extends EventsMap,
  UserEvents extends EventsMap,
> = EventNames<ReservedEvents> | EventNames<UserEvents>;

type FallbackToUntypedListener<T> = [T] extends [never]
  ? (...args: Data[]) => void | Promise<void>
  : T;

/** A reserved event's listener goes before the user's of the same name. */
export type ReservedOrUserListener<
  ReservedEvents extends EventsMap,
  UserEvents extends EventsMap,
  Ev extends ReservedOrUserEventNames<ReservedEvents, UserEvents>,
> = FallbackToUntypedListener<
  Ev extends EventNames<ReservedEvents>
    ? ReservedEvents[Ev]
    : Ev extends EventNames<UserEvents>
      ? UserEvents[Ev]
      : never
>;

interface Callback {
  (...args: unknown[]): unknown;
  /** The listener that a `once` stands for. */
  _original?: unknown;
}

export class Emitter<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ReservedEvents extends EventsMap = Record<never, never>,
> {
  /**
   * Made with the first listener: most parts of a client never have one. Lists
   * are not changed, as listeners may add and remove others while they are called.
   * @internal
   */
  _callbacks: Map<unknown, readonly Callback[]> | undefined;

  /** Calls the listener each time the event happens. */
  on<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    ev: Ev,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): this {
    return this._add(ev, listener);
  }

  /** Calls the listener the next time the event happens, and forgets it. */
  once<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    ev: Ev,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): this {
    const call: Callback = listener;
    const once: Callback = (...args) => {
      this._remove(ev, once);
      call.apply(this, args);
    };
    once._original = listener;
    return this._add(ev, once);
  }

  /** Removes one listener, or without it all of the event, or without both all there are. */
  off<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    ev?: Ev,
    listener?: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): this {
    if (ev === undefined) this._callbacks = undefined;
    else if (listener === undefined) this._callbacks?.delete(ev);
    else this._remove(ev, listener);
    return this;
  }

  /** The same as {@link off}. */
  removeListener<
    Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>,
  >(
    ev?: Ev,
    listener?: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): this {
    return this.off(ev, listener);
  }

  /** The same as {@link on}. */
  addEventListener<
    Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>,
  >(
    ev: Ev,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): this {
    return this.on(ev, listener);
  }

  /** The same as {@link off}. */
  removeEventListener<
    Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>,
  >(
    ev?: Ev,
    listener?: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): this {
    return this.off(ev, listener);
  }

  /** Removes all listeners of the event, or all there are. */
  removeAllListeners<
    Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>,
  >(ev?: Ev): this {
    return this.off(ev);
  }

  /** Calls the listeners of the event, in the order in which they were added. */
  emit<Ev extends EventNames<EmitEvents>>(
    ev: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): this {
    return this._call(ev, args);
  }

  /** The listeners of the event. */
  listeners<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    event: Ev,
  ): ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>[];
  listeners(event: unknown): readonly unknown[] {
    return this._list(event);
  }

  /** Whether the event has listeners. */
  hasListeners<
    Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>,
  >(event: Ev): boolean {
    return this._list(event).length > 0;
  }

  /** Emits an event that applications listen to and do not emit. */
  protected emitReserved<Ev extends EventNames<ReservedEvents>>(
    ev: Ev,
    ...args: EventParams<ReservedEvents, Ev>
  ): this {
    return this._call(ev, args);
  }

  /** @internal */
  _call(ev: unknown, args: readonly unknown[]): this {
    for (const callback of this._list(ev)) Reflect.apply(callback, this, args);
    return this;
  }

  private _list(ev: unknown): readonly Callback[] {
    return this._callbacks?.get(ev) ?? [];
  }

  private _add(ev: unknown, callback: Callback): this {
    this._callbacks ??= new Map();
    this._callbacks.set(ev, [...this._list(ev), callback]);
    return this;
  }

  private _remove(ev: unknown, listener: unknown): void {
    const callbacks = this._list(ev);
    const at = callbacks.findIndex(
      (c) => c === listener || c._original === listener,
    );
    this._callbacks?.set(
      ev,
      callbacks.filter((_, i) => i !== at),
    );
  }
}

/**
 * A namespace for many names, by a regular expression or a function: each name
 * becomes a child with the parent's middlewares and listeners.
 */
import {
  Adapter,
  type AdapterInstance,
  type AdapterNamespace,
  type AdapterPacket,
  type BroadcastOptions,
} from "./adapter.js";
import { Namespace } from "./namespace.js";
import type { RemoteSocket } from "./remote-socket.js";
import type { BaseServer } from "./server.js";
import type {
  Any,
  DefaultEventsMap,
  EventNamesWithoutAck,
  EventParams,
  EventsMap,
} from "./typed-events.js";

export class ParentNamespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = Any,
> extends Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  readonly children = new Set<
    Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
  >();

  constructor(
    server: BaseServer<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    /** How many parents the server had before: the name that nobody can join is made of it. */
    index: number,
  ) {
    super(server, `/_${index}`);
  }

  /** Emits to the sockets of all children. */
  override emit<Ev extends EventNamesWithoutAck<EmitEvents>>(
    ev: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): boolean {
    for (const child of this.children) child.emit(ev, ...args);
    return true;
  }

  /** Makes the child of this name. */
  createChild(
    name: string,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const child = new Namespace(this.server, name, this._handlers);
    child.slowConsumer = this.slowConsumer;
    for (const fn of this._fns) child.use(fn);
    for (const event of ["connect", "connection"] as const)
      for (const listener of this.listeners(event)) child.on(event, listener);
    this.children.add(child);
    if (this.server._settings.cleanupEmptyChildNamespaces)
      child._emptied = () => {
        this.children.delete(child);
        this.server._namespaces.remove(child);
      };
    this.server._namespaces.add(child);
    return child;
  }

  /** @throws always: another server may have children that this one has not */
  override fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]> {
    throw new Error("fetchSockets() is not supported on parent namespaces");
  }

  protected override _makeAdapter(): AdapterInstance {
    return new FanOut(this, () => this.children);
  }
}

/** Hands broadcasts to the children's adapters. */
class FanOut extends Adapter {
  constructor(
    parent: AdapterNamespace,
    private readonly children: () => Iterable<{
      readonly adapter: AdapterInstance;
    }>,
  ) {
    super(parent);
  }

  override broadcast(packet: AdapterPacket, opts: BroadcastOptions): void {
    for (const { adapter } of this.children())
      // Each child writes its own name into the packet, or more.
      adapter.broadcast({ ...packet, data: packet.data.slice() }, opts);
  }
}

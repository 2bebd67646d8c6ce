/**
 * What a server and a namespace have in common: both emit to many.
 */
import type { SlowConsumer } from "../dialects/outgoing.js";
import type { Room, SocketId } from "./adapter.js";
import type { BroadcastOperator, Operator } from "./broadcast-operator.js";
import type { RemoteSocket } from "./remote-socket.js";
import {
  StrictEventEmitter,
  type DecorateAcknowledgements,
  type DecorateAcknowledgementsWithMultipleResponses,
  type EventsMap,
  type RemoveAcknowledgements,
} from "./typed-events.js";

export abstract class Broadcasting<
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  ReservedEvents extends EventsMap,
  SocketData,
> extends StrictEventEmitter<
  ServerSideEvents,
  RemoveAcknowledgements<EmitEvents>,
  ReservedEvents
> {
  /** Means everybody. */
  protected abstract everybody(): Operator<EmitEvents, SocketData>;

  /** Means the sockets in these rooms. */
  to(room: Room | Room[]): Operator<EmitEvents, SocketData> {
    return this.everybody().to(room);
  }

  /** The same as `to()`, which reads better before `fetchSockets()` and the like. */
  in(room: Room | Room[]): Operator<EmitEvents, SocketData> {
    return this.everybody().in(room);
  }

  /** Leaves out the sockets in these rooms. */
  except(room: Room | Room[]): Operator<EmitEvents, SocketData> {
    return this.everybody().except(room);
  }

  /** Whether to compress, where the connection can. @default true */
  compress(compress: boolean): Operator<EmitEvents, SocketData> {
    return this.everybody().compress(compress);
  }

  /** What becomes of what follows for those for whom too much waits. @default the namespace's `slowConsumer` */
  whenSlow(policy: SlowConsumer): Operator<EmitEvents, SocketData> {
    return this.everybody().whenSlow(policy);
  }

  /** What follows may be lost by those who are not ready to take it. */
  get volatile(): Operator<EmitEvents, SocketData> {
    return this.everybody().volatile;
  }

  /** Means the sockets of this server only. */
  get local(): Operator<EmitEvents, SocketData> {
    return this.everybody().local;
  }

  /** How long to wait for acknowledgements, in ms. */
  timeout(
    timeout: number,
  ): BroadcastOperator<
    DecorateAcknowledgements<
      DecorateAcknowledgementsWithMultipleResponses<EmitEvents>
    >,
    SocketData
  > {
    return this.everybody().timeout(timeout);
  }

  /**
   * The ids of all sockets.
   * @deprecated use `fetchSockets()`
   */
  allSockets(): Promise<Set<SocketId>> {
    return this.everybody().allSockets();
  }

  /** All sockets, on all servers of the cluster. */
  fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]> {
    return this.everybody().fetchSockets();
  }

  /** Lets all sockets join rooms. */
  socketsJoin(room: Room | Room[]): void {
    this.everybody().socketsJoin(room);
  }

  /** Lets all sockets leave rooms. */
  socketsLeave(room: Room | Room[]): void {
    this.everybody().socketsLeave(room);
  }

  /** Disconnects all sockets, with `close` their connections too. @default false */
  disconnectSockets(close = false): void {
    this.everybody().disconnectSockets(close);
  }
}

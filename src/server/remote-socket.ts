/**
 * A socket as `fetchSockets()` returns it: perhaps of another server.
 */
import type { Room, SocketId } from "./adapter.js";
import type { BroadcastOperator } from "./broadcast-operator.js";
import type { Handshake } from "./socket-types.js";
import type {
  DecorateAcknowledgements,
  EventNames,
  EventParams,
  EventsMap,
  TypedEventBroadcaster,
} from "./typed-events.js";

/** What servers tell each other of a socket. */
export interface SocketDetails<SocketData> {
  id: SocketId;
  handshake: Handshake;
  rooms: Room[];
  data: SocketData;
}

export class RemoteSocket<
  EmitEvents extends EventsMap,
  SocketData,
> implements TypedEventBroadcaster<EmitEvents> {
  readonly id: SocketId;
  readonly handshake: Handshake;
  readonly rooms: Set<Room>;
  readonly data: SocketData;
  private readonly operator: BroadcastOperator<EmitEvents, SocketData>;

  constructor(
    details: SocketDetails<SocketData>,
    operator: BroadcastOperator<EmitEvents, SocketData>,
  ) {
    this.id = details.id;
    this.handshake = details.handshake;
    this.rooms = new Set(details.rooms);
    this.data = details.data;
    this.operator = operator;
  }

  /** How long to wait for the acknowledgement, in ms. */
  timeout(
    timeout: number,
  ): BroadcastOperator<DecorateAcknowledgements<EmitEvents>, SocketData> {
    return this.operator.timeout(timeout);
  }

  /** Emits to this socket. A callback gets `(error, answer)`. */
  emit<Ev extends EventNames<EmitEvents>>(
    ev: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): boolean {
    return this.operator.emit(ev, ...args);
  }

  /** Lets the socket join rooms. */
  join(room: Room | Room[]): void {
    this.operator.socketsJoin(room);
  }

  /** Lets the socket leave a room. */
  leave(room: Room): void {
    this.operator.socketsLeave(room);
  }

  /** Disconnects the socket, with `close` its connection too. @default false */
  disconnect(close = false): this {
    this.operator.disconnectSockets(close);
    return this;
  }
}

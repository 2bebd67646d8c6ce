/**
 * Says who is meant, then what is to happen: `io.to("room").except("other").emit(...)`.
 * Operators do not change; each call that narrows makes a new one.
 */
import type { SlowConsumer } from "../dialects/outgoing.js";
import type {
  AdapterInstance,
  BroadcastFlags,
  BroadcastOptions,
  Room,
  SocketId,
} from "./adapter.js";
import { BroadcastAck } from "./broadcast-ack.js";
import { RemoteSocket, type SocketDetails } from "./remote-socket.js";
import { assertNotReserved } from "./socket-types.js";
import {
  isFunction,
  type AllButLast,
  type Any,
  type DecorateAcknowledgements,
  type DecorateAcknowledgementsWithMultipleResponses,
  type EventNames,
  type EventNamesWithError,
  type EventParams,
  type EventsMap,
  type FirstNonErrorArg,
  type Last,
  type TypedEventBroadcaster,
} from "./typed-events.js";

/** What a server, a namespace or a socket broadcasts with: callbacks take a list of answers. */
export type Operator<
  EmitEvents extends EventsMap,
  SocketData,
> = BroadcastOperator<
  DecorateAcknowledgementsWithMultipleResponses<EmitEvents>,
  SocketData
>;

/**
 * A room that nobody is in: to adapters, no room at all means everybody. On the
 * wire between servers it is a name like others.
 */
const NOWHERE: Room = "\0nowhere";

export class BroadcastOperator<
  EmitEvents extends EventsMap,
  SocketData,
> implements TypedEventBroadcaster<EmitEvents> {
  constructor(
    private readonly adapter: AdapterInstance,
    private readonly rooms: Set<Room> = new Set(),
    private readonly exceptRooms: Set<Room> = new Set(),
    private readonly flags: BroadcastFlags = {},
  ) {}

  /** Means the sockets in these rooms too. Several calls add up; an empty list is nobody. */
  to(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    const nowhere = Array.isArray(room) && room.length === 0;
    return new BroadcastOperator(
      this.adapter,
      union(this.rooms, nowhere ? NOWHERE : room),
      this.exceptRooms,
      this.flags,
    );
  }

  /** The same as `to()`, which reads better before `fetchSockets()` and the like. */
  in(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.to(room);
  }

  /** Leaves out the sockets in these rooms. */
  except(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return new BroadcastOperator(
      this.adapter,
      this.rooms,
      union(this.exceptRooms, room),
      this.flags,
    );
  }

  /** Whether to compress, where the connection can. @default true */
  compress(compress: boolean): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ compress });
  }

  /** What becomes of what follows for those for whom too much waits. @default the namespace's `slowConsumer` */
  whenSlow(policy: SlowConsumer): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ whenSlow: policy });
  }

  /** What follows may be lost by those who are not ready to take it. */
  get volatile(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ volatile: true });
  }

  /** Means the sockets of this server only. */
  get local(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ local: true });
  }

  /** How long to wait for acknowledgements, in ms. */
  timeout(
    timeout: number,
  ): BroadcastOperator<DecorateAcknowledgements<EmitEvents>, SocketData> {
    return this.#with({ timeout });
  }

  /**
   * Emits to all who are meant.
   *
   * With a callback as last argument each receiver is asked for an answer. The
   * callback gets `(error, answers)`, once: as soon as everybody has answered,
   * or is gone, or `timeout()` is over. The error is set unless everybody has
   * answered. Without `timeout()` it waits as long as somebody may yet answer;
   * the reference gives up after about 1 ms.
   *
   * @throws {Error} the name is reserved
   * @throws {RangeError} more binary attachments than `maxAttachments`; nothing is sent
   */
  emit<Ev extends EventNames<EmitEvents>>(
    ev: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): boolean {
    assertNotReserved(ev);
    const data: Any[] = [ev, ...args];
    const packet = { type: 2, data };
    const ack: unknown = data.at(-1);
    if (!isFunction(ack)) {
      this.adapter.broadcast(packet, this.#options());
      return true;
    }
    data.pop();
    new BroadcastAck(
      this.adapter,
      packet,
      this.#options(),
      (error, responses) => ack(error, responses),
    );
    return true;
  }

  /**
   * Emits to all who are meant and resolves to their answers. Rejects when not
   * everybody has answered; `error.responses` has the answers that came.
   */
  emitWithAck<Ev extends EventNamesWithError<EmitEvents>>(
    ev: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>> {
    return new Promise((resolve, reject) => {
      const ack = (
        error: Error | null,
        responses: FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>,
      ) =>
        error === null
          ? resolve(responses)
          : reject(Object.assign(error, { responses }));
      this.emit(ev, ...([...args, ack] as EventParams<EmitEvents, Ev>));
    });
  }

  /**
   * The ids of the sockets that are meant.
   * @deprecated use `fetchSockets()`
   */
  allSockets(): Promise<Set<SocketId>> {
    return this.adapter.sockets(this.rooms);
  }

  /** The sockets that are meant, on all servers of the cluster. */
  async fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]> {
    const found = (await this.adapter.fetchSockets(
      this.#options(),
    )) as SocketDetails<SocketData>[];
    return found.map((details) =>
      isLocal<EmitEvents, SocketData>(details)
        ? details
        : new RemoteSocket(
            details,
            new BroadcastOperator(
              this.adapter,
              new Set([details.id]),
              new Set(),
              { expectSingleResponse: true },
            ),
          ),
    );
  }

  /** Lets the sockets that are meant join rooms. */
  socketsJoin(room: Room | Room[]): void {
    this.adapter.addSockets(this.#options(), list(room));
  }

  /** Lets the sockets that are meant leave rooms. */
  socketsLeave(room: Room | Room[]): void {
    this.adapter.delSockets(this.#options(), list(room));
  }

  /** Disconnects the sockets that are meant, with `close` their connections too. @default false */
  disconnectSockets(close = false): void {
    this.adapter.disconnectSockets(this.#options(), close);
  }

  #options(): BroadcastOptions {
    return { rooms: this.rooms, except: this.exceptRooms, flags: this.flags };
  }

  #with<Events extends EventsMap>(
    flags: BroadcastFlags,
  ): BroadcastOperator<Events, SocketData> {
    return new BroadcastOperator(this.adapter, this.rooms, this.exceptRooms, {
      ...this.flags,
      ...flags,
    });
  }
}

/** A socket of this server is given as it is. */
function isLocal<EmitEvents extends EventsMap, SocketData>(
  details: object,
): details is RemoteSocket<EmitEvents, SocketData> {
  return "server" in details && details.server !== undefined;
}

/** One of something, or several. */
export function list<T>(one: T | T[]): T[] {
  return Array.isArray(one) ? one : [one];
}

function union(rooms: Set<Room>, more: Room | Room[]): Set<Room> {
  return new Set([...rooms, ...list(more)]);
}

/**
 * An event on its way to one socket, and the answer that may come back.
 */
import type { HostedDialect } from "../dialects/dialect.js";
import { Outgoing, type SlowConsumer } from "../dialects/outgoing.js";
import type { EventPacket } from "../dialects/packet.js";
import type { Answer, PendingAcks } from "../hub/acks.js";
import type { Peer } from "../hub/ports.js";
import type { RecoveryBounds } from "../hub/recovery.js";
import type { AdapterInstance, BroadcastFlags } from "./adapter.js";
import type { Connection } from "./connection.js";
import type { Limits } from "./limits.js";
import type { Runtime } from "./runtime.js";
import { mayExpect } from "./socket-limits.js";
import type { Event } from "./socket-types.js";

/**
 * Makes of what takes an answer what checks it before. `invalid` is told of
 * one that is not passed on.
 */
export type AnswerCheck = (
  event: string,
  answer: Answer,
  invalid: ((error: Error) => void) | undefined,
  socketId?: string,
) => Answer;

/** What is needed of the socket. */
export interface Receiver extends Peer {
  readonly dialect: HostedDialect;
  readonly nsp: {
    readonly name: string;
    readonly adapter: AdapterInstance;
    /** Those that are connected, by their ids. */
    readonly sockets: ReadonlyMap<string, unknown>;
    _ids: number;
    readonly _checkAnswer: AnswerCheck | undefined;
    /** What becomes of its events if too much waits for a client. */
    readonly slowConsumer: SlowConsumer;
    readonly server: {
      readonly _runtime: Runtime;
      readonly _settings: {
        readonly limits: Limits;
        readonly recovery: { readonly bounds: RecoveryBounds };
      };
    };
  };
  readonly acks: PendingAcks;
  readonly conn: Connection;
  /** It will never be connected again. */
  readonly _gone: boolean;
  /** What it is sent has to be kept, as it may be missed. */
  readonly _kept: boolean;
  /** When it lost a connection that its client may come back to. */
  readonly _lostAt: number | undefined;
  _forgetAck(id: number): void;
}

/**
 * @param answer - takes the answer
 * @param gone - called if none will come, as the socket is gone, or what came is no answer
 * @returns the id that the answer will have, if one may come
 * @throws {RangeError} too many attachments, or answers that are waited for
 */
export function emitTo(
  socket: Receiver,
  args: Event,
  flags: BroadcastFlags,
  answer?: Answer,
  gone?: (error?: Error) => void,
): number | undefined {
  const { nsp } = socket;
  if (socket._gone) {
    if (gone !== undefined) nsp.server._runtime.defer(gone);
    // Programs hold on to a socket while they wait for something else.
    if (answer === undefined) sendLater(socket, args, flags);
    return undefined;
  }
  let id: number | undefined;
  if (answer !== undefined) {
    if (!mayExpect(socket))
      throw new RangeError(
        `the client owes ${socket.acks.size} answers already (limits.pendingAcks): use timeout(), so that they are not waited for without end, or raise the limit`,
      );
    id = nsp._ids++;
    const take = nsp._checkAnswer?.(args[0], answer, gone, socket.id);
    socket.acks.expect(id, take ?? answer, gone);
  }
  try {
    if (socket._kept) sendThroughAdapter(socket, args, flags, id);
    else send(socket, args, flags, id);
  } catch (error) {
    if (id !== undefined) socket._forgetAck(id);
    throw error;
  }
  return id;
}

/** Calls `ack` once: with the answer, or with an error if none comes in time. */
export function emitWithTimeout(
  socket: Receiver,
  args: Event,
  flags: BroadcastFlags,
  timeout: number,
  ack: (error: Error | null, ...args: unknown[]) => void,
): void {
  let cancel = () => {};
  const finish = (error: Error | null, ...answer: unknown[]) => {
    cancel();
    ack(error, ...answer);
  };
  const id = emitTo(
    socket,
    args,
    flags,
    (...answer) => finish(null, ...answer),
    (error = disconnected()) => finish(error),
  );
  if (id === undefined) return;
  cancel = socket.nsp.server._runtime.clock.after(timeout, () => {
    socket._forgetAck(id);
    ack(new Error("operation has timed out"));
  });
}

export function disconnected(): Error {
  return new Error("socket has been disconnected");
}

function send(
  socket: Receiver,
  args: Event,
  { volatile, compress, whenSlow }: BroadcastFlags,
  id: number | undefined,
): void {
  const event: EventPacket = { type: "event", nsp: socket.nsp.name, args };
  if (id !== undefined) event.id = id;
  const units = socket.dialect.encode(event);
  socket.deliver(
    new Outgoing(
      units,
      volatile === true,
      compress !== false,
      false,
      whenSlow ?? socket.nsp.slowConsumer,
    ),
    event,
  );
}

/**
 * The client is away, and may come back: the adapter keeps what is said to it
 * beside what is said to all. If it is back already, on a socket of the same
 * id, that gets it. What nobody will ask for any more is counted.
 */
function sendLater(socket: Receiver, args: Event, flags: BroadcastFlags): void {
  const { nsp, _lostAt } = socket;
  if (_lostAt === undefined || flags.volatile === true) return;
  const { _runtime, _settings } = nsp.server;
  const until = _lostAt + _settings.recovery.bounds.maxDisconnectionDuration;
  if (nsp.sockets.has(socket.id) || _runtime.clock.now() <= until)
    sendThroughAdapter(socket, args, flags, undefined);
  else socket.conn.dropped?.();
}

/** The adapter keeps what may have to be sent again. */
function sendThroughAdapter(
  socket: Receiver,
  data: Event,
  flags: BroadcastFlags,
  id: number | undefined,
): void {
  const packet = id === undefined ? { type: 2, data } : { type: 2, data, id };
  socket.nsp.adapter.broadcast(packet, {
    rooms: new Set([socket.id]),
    except: new Set(),
    flags,
  });
}

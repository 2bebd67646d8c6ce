/**
 * The adapter of a namespace with connection state recovery, in memory.
 */
import type { Broadcast } from "../hub/broadcast.js";
import { RecoveryLog } from "../hub/recovery.js";
import {
  Adapter,
  type AdapterNamespace,
  type AdapterPacket,
  type BroadcastOptions,
  type PrivateSessionId,
  type Session,
  type SessionToPersist,
} from "./adapter.js";

const NOBODY: ReadonlySet<string> = new Set();

export class SessionAwareAdapter extends Adapter {
  readonly #log: RecoveryLog;
  readonly #period: number;
  #cancelSweep: (() => void) | undefined = undefined;

  constructor(nsp: AdapterNamespace) {
    super(nsp);
    const { recovery } = nsp.server._settings;
    this.#log = new RecoveryLog(recovery.bounds);
    this.#period = Math.max(1000, recovery.bounds.maxDisconnectionDuration / 2);
  }

  /** omnio: where a socket that connects now begins to miss packets. */
  get offset(): string {
    return this.#log.offset;
  }

  override close(): Promise<void> | void {
    this.#cancelSweep?.();
    this.#cancelSweep = undefined;
    return super.close();
  }

  override broadcast(packet: AdapterPacket, opts: BroadcastOptions): void {
    const event = this.toEvent(packet);
    // Neither an acknowledgement function nor what may be lost can be given later.
    if (event.id !== undefined || opts.flags?.volatile === true)
      return super.broadcast(packet, opts);
    const entry = {
      args: event.args,
      rooms: opts.rooms,
      except: opts.except ?? NOBODY,
    };
    const clock = this.namespace.server._runtime.clock;
    // The offset is a part of the words, so it is needed first; what cannot be
    // put into words must not stay in the log.
    event.offset = this.#log.next;
    const broadcast = this.encodeFor(event, opts);
    const bytes = this.#size(broadcast);
    this.#log.append({ ...entry, bytes }, clock.now());
    this.#sweepLater();
    this.forEach(opts, (socket) => broadcast.to(socket));
  }

  override persistSession(session: SessionToPersist): void {
    const { pid, ...rest } = session;
    this.#log.persist(pid, rest, this.namespace.server._runtime.clock.now());
    this.#sweepLater();
  }

  override restoreSession(
    pid: PrivateSessionId,
    offset: string,
  ): Session | null {
    const recovered = this.#log.restore(
      pid,
      offset === "" ? undefined : offset,
      this.namespace.server._runtime.clock.now(),
    );
    if (recovered === undefined) return null;
    const { session, missed } = recovered;
    return {
      sid: session.sid,
      pid,
      rooms: [...session.rooms],
      data: session.data,
      missedPackets: missed.map(({ args, offset }) => [...args, offset]),
    };
  }

  // All dialects that recover have words of about the same size.
  #size(broadcast: Broadcast): number {
    const dialect = this.namespace.server._dialects.find(
      ({ link }) => link.recovery,
    );
    let bytes = 0;
    if (dialect !== undefined)
      for (const unit of broadcast.encode(dialect).units) bytes += unit.length;
    return bytes;
  }

  /** Memory is given back also when nothing happens any more. */
  #sweepLater(): void {
    if (this.#cancelSweep !== undefined) return;
    const { clock } = this.namespace.server._runtime;
    this.#cancelSweep = clock.after(this.#period, () => {
      this.#cancelSweep = undefined;
      this.#log.expire(clock.now());
      if (!this.#log.empty) this.#sweepLater();
    });
  }
}

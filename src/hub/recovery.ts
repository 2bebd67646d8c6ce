/**
 * Connection state recovery: a log of what was sent in a namespace, and the
 * sessions of those who lost their connection. A client that comes back with
 * its secret and the offset of the last packet it got is given what it missed.
 *
 * Offsets are a counter in base 36 behind a `~`, so that a position in the log
 * is arithmetic, and clients can tell an offset from any other last argument.
 * Log and sessions are bounded in number, bytes and age; time is an argument.
 */

export interface RecoveryBounds {
  /** ms */
  readonly maxDisconnectionDuration: number;
  readonly maxPackets: number;
  readonly maxBytes: number;
  readonly maxSessions: number;
}

export interface LogEntry {
  readonly args: readonly unknown[];
  readonly rooms: ReadonlySet<string>;
  readonly except: ReadonlySet<string>;
  /** Roughly what the entry occupies. */
  readonly bytes: number;
}

export interface LostSession {
  readonly sid: string;
  readonly rooms: readonly string[];
  readonly data: unknown;
  /** The log's position when the socket connected. */
  readonly firstOffset?: string | undefined;
  /** The last packet that the socket was sent. */
  readonly lastOffset?: string | undefined;
}

export interface Recovered {
  readonly session: LostSession;
  /** The arguments of the events that were missed, each with its offset. */
  readonly missed: { args: readonly unknown[]; offset: string }[];
}

export class RecoveryLog {
  #entries: ((LogEntry & { readonly at: number }) | undefined)[] = [];
  /** The number of `#entries[#start]`; what is before that index is gone. */
  #first = 1;
  #start = 0;
  #bytes = 0;
  readonly #sessions = new Map<
    string,
    { session: LostSession; position: number; at: number }
  >();

  constructor(private readonly bounds: RecoveryBounds) {}

  /** The offset of the newest entry, or of none yet. */
  get offset(): string {
    return format(this.#last);
  }

  /** The offset that the next entry will have. */
  get next(): string {
    return format(this.#last + 1);
  }

  /** Whether there is anything that could expire. */
  get empty(): boolean {
    return this.#size === 0 && this.#sessions.size === 0;
  }

  get packets(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  /** @returns the entry's offset */
  append(entry: LogEntry, now: number): string {
    this.#entries.push({ ...entry, at: now });
    this.#bytes += entry.bytes;
    const { maxPackets, maxBytes } = this.bounds;
    while (
      this.#size > 0 &&
      (this.#size > maxPackets || this.#bytes > maxBytes)
    )
      this.#dropOldest();
    return this.offset;
  }

  /** Keeps a session until it is asked for, or has expired. */
  persist(pid: string, session: LostSession, now: number): void {
    this.#sessions.delete(pid);
    this.#sessions.set(pid, { session, position: this.#last, at: now });
    if (this.#sessions.size > this.bounds.maxSessions)
      for (const oldest of this.#sessions.keys()) {
        this.#sessions.delete(oldest);
        break;
      }
  }

  /**
   * Gives a session back, for one time only: whether or not it can be restored,
   * it is gone afterwards.
   *
   * @param offset - that of the last packet the client got; `undefined`: it got none
   */
  restore(
    pid: string,
    offset: string | undefined,
    now: number,
  ): Recovered | undefined {
    this.expire(now);
    const lost = this.#sessions.get(pid);
    if (lost === undefined) return undefined;
    this.#sessions.delete(pid);
    const { session } = lost;
    const began = parse(session.firstOffset);
    let from = parse(offset ?? session.firstOffset);
    // Clients remember the offset of an earlier session until they get a new one.
    if (from < began) from = began;
    // Up to its end the session was sent everything that was meant for it. So a
    // client that has got the last of it has missed nothing before that moment,
    // however much of the log, meant for others, has been dropped since.
    const lastSent = parse(session.lastOffset ?? session.firstOffset);
    if (from >= lastSent && from <= this.#last)
      from = Math.max(from, lost.position);
    if (!(from >= this.#first - 1 && from <= this.#last)) return undefined;
    const missed: Recovered["missed"] = [];
    for (let n = from + 1; n <= this.#last; n++) {
      const entry = this.#entries[this.#start + n - this.#first];
      if (entry !== undefined && concerns(session.rooms, entry))
        missed.push({ args: entry.args, offset: format(n) });
    }
    return { session, missed };
  }

  /** Forgets what is too old. */
  expire(now: number): void {
    const threshold = now - this.bounds.maxDisconnectionDuration;
    // Both are in the order of their age.
    for (const [pid, { at }] of this.#sessions) {
      if (at >= threshold) break;
      this.#sessions.delete(pid);
    }
    for (;;) {
      const oldest = this.#entries[this.#start];
      if (oldest === undefined || oldest.at >= threshold) break;
      this.#dropOldest();
    }
  }

  get #size(): number {
    return this.#entries.length - this.#start;
  }

  get #last(): number {
    return this.#first + this.#size - 1;
  }

  #dropOldest(): void {
    this.#bytes -= this.#entries[this.#start]?.bytes ?? 0;
    // Gives the memory of the entry back at once, and that of its slot now and then.
    this.#entries[this.#start] = undefined;
    this.#start++;
    this.#first++;
    if (this.#start * 2 > this.#entries.length + 32) {
      this.#entries = this.#entries.slice(this.#start);
      this.#start = 0;
    }
  }
}

function concerns(rooms: readonly string[], entry: LogEntry): boolean {
  return (
    (entry.rooms.size === 0 || rooms.some((room) => entry.rooms.has(room))) &&
    !rooms.some((room) => entry.except.has(room))
  );
}

function format(n: number): string {
  return "~" + n.toString(36);
}

/** `NaN` if it is no offset of ours: compares as false with everything. */
function parse(offset: string | undefined): number {
  return offset !== undefined && /^~[0-9a-z]{1,10}$/.test(offset)
    ? parseInt(offset.slice(1), 36)
    : NaN;
}

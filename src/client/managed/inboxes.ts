/** All that wait for a client's events: each has an inbox of its own. */
import type { Timers } from "../timers.js";
import { DisconnectedError } from "./errors.js";
import { Inbox, type Received } from "./inbox.js";

export class Inboxes {
  private readonly _all = new Map<Inbox, string | undefined>();

  constructor(
    private readonly _timers: Timers,
    /** Told when an event is dropped. */
    private readonly _full: () => void,
  ) {}

  /** @param namespace - `undefined`: all of them */
  open(namespace: string | undefined): Inbox {
    const inbox = new Inbox(this._timers, this._full);
    this._all.set(inbox, namespace);
    return inbox;
  }

  push(namespace: string, event: Received): void {
    for (const [inbox, only] of this._all)
      if (only === undefined || only === namespace) inbox.push([...event]);
  }

  /** There will be no more events for those who wait now. */
  end(): void {
    for (const inbox of this._all.keys()) inbox.end();
    this._all.clear();
  }

  /** The events of an inbox until they end, or nobody asks any more. */
  async *events(inbox: Inbox): AsyncGenerator<Received, undefined> {
    try {
      for (;;) yield await inbox.receive();
    } catch (error) {
      if (error instanceof DisconnectedError) return undefined;
      throw error;
    } finally {
      this._all.delete(inbox);
    }
  }
}

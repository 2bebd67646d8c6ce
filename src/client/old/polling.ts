/**
 * What polling adds for old servers: its first request becomes a search, and
 * what follows goes where the search has led.
 */
import type { Exchange, Reply } from "../polling.js";
import type { Transport } from "../transport.js";
import { Search } from "./search.js";

/** A polling transport as this part sees it. */
export interface Poller extends Transport {
  /** Begins to poll again. */
  poll(): void;
  /** It may be written to from now on. */
  ready(): void;
}

export class OldPolling {
  private readonly _search: Search;
  private _resting = false;

  constructor(
    private readonly poller: Poller,
    later: boolean,
  ) {
    this._search = new Search(poller, later);
  }

  exchange(
    url: string,
    exchange: Exchange,
    ask: (url: string, exchange: Exchange) => Promise<Reply>,
  ): Promise<Reply> {
    return this._search.exchange(url, exchange, ask);
  }

  /** The first answer came, and it takes a while until it is known what follows. */
  rested(): void {
    const { poller } = this;
    this._resting = poller.readyState === "opening" && !!this._search.way;
  }

  /** The session began. */
  opened(): void {
    const { poller, _search } = this;
    if (_search.way?.patient) {
      poller.writable = false;
      // Not the frame that began the session, which is still being told.
      queueMicrotask(() => poller.once("frame", () => poller.ready()));
    }
    if (!this._resting) return;
    // The session's id is set right after this.
    queueMicrotask(() => {
      if (poller.readyState === "open") poller.poll();
    });
  }
}

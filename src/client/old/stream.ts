/**
 * What WebSocket needs for old servers. They greet over HTTP, so where WebSocket
 * is the only transport, polling finds out what the server speaks once
 * WebSocket in the way of Engine.IO has failed.
 */
import { LINES } from "../../dialects/dialect.js";
import type { Unit } from "../../dialects/packet.js";
import type { Way } from "../../dialects/way.js";
import type { Transport, TransportOptions } from "../transport.js";
import { codeOf, oldUrl, type Seeker } from "./search.js";
import { WAYS } from "./ways.js";

/** A WebSocket transport as this part sees it. */
export interface Stream extends Seeker {
  /** Opens the WebSocket at its address. */
  dial(): void;
  greeted(frame: Unit): void;
  failed(error: unknown): void;
}

/** Polling that makes the requests of a search and nothing else. */
export type Scouting = new (
  options: TransportOptions,
  later: boolean,
) => Transport;

export class OldStream {
  private _scout: Transport | undefined;

  constructor(
    private readonly stream: Stream,
    private readonly Scout: Scouting,
  ) {}

  /** How to talk to the server, if it is an old one. */
  get way(): Way | undefined {
    return WAYS.get(this.stream.query.EIO);
  }

  start(): void {
    const { way, stream } = this;
    // Those that do not greet apart, greet here.
    if (way?.patient && !stream.query.sid) this.search(undefined);
    else stream.dial();
  }

  /** Whether what broke the WebSocket may be that the server is an old one. */
  broke(error: unknown): boolean {
    const { opts, query } = this.stream;
    const searched = this._scout ?? this.way ?? query.sid ?? opts.protocol;
    // Without a code it is an answer over HTTP, or a browser, which does not tell.
    const code = codeOf(error);
    if (searched || (code !== undefined && code !== "ECONNRESET")) return false;
    this.search(error);
    return true;
  }

  get searching(): boolean {
    return this._scout !== undefined;
  }

  stop(): void {
    this._scout?.off().close();
  }

  url(scheme: string): string | undefined {
    const { way, stream } = this;
    if (!way) return undefined;
    return oldUrl(stream, scheme, way.stream(String(stream.query.sid)));
  }

  private search(cause: unknown): void {
    const { stream } = this;
    const { opts, query } = stream;
    const scout = new this.Scout({ ...opts, query: { ...query } }, true);
    this._scout = scout;
    scout
      .on("frame", (frame) => {
        scout.off().close();
        stream.greeted(frame);
      })
      .on("error", (error) => stream.failed(cause ?? error))
      .open();
  }
}

export const GREETING_LINE = LINES.pollingText;

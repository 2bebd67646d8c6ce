/**
 * Finds out over HTTP what a server speaks, and from then on asks it in the
 * right way. The first request is that of Engine.IO, so servers since 1.0 cost
 * nothing more. An answer that is not Engine.IO's (another page, no page, a
 * dropped connection) leads to the handshake of 0.7 to 0.9, and this to the
 * first poll of 0.6. What the server spoke last time is tried first.
 *
 * Refusals that are some Socket.IO's own end the search, and so does a network
 * that does not get us there. If nothing is found, the first answer counts.
 */
import { eio3 } from "../../dialects/eio3/index.js";
import { eio4 } from "../../dialects/eio4/index.js";
import type { Way } from "../../dialects/way.js";
import type { Exchange, Reply } from "../polling.js";
import type { TransportOptions } from "../transport.js";
import { encodeQuery } from "../url.js";
import { WAYS } from "./ways.js";

const CURRENT = [eio4(), eio3()];

/** What a search needs of its transport. */
export interface Seeker {
  readonly opts: TransportOptions;
  readonly query: Record<string, unknown>;
}

type Ask = (url: string, exchange: Exchange) => Promise<Reply>;

/** The first step, or one of the old ways. */
type Step = Way | "current";

export class Search {
  /** How to talk to the server, if it is an old one. */
  way: Way | undefined;

  constructor(
    private readonly seeker: Seeker,
    /** The search begins behind Engine.IO, which somebody else has tried. */
    private readonly later = false,
  ) {}

  /** Makes one request of a polling transport, or more if it is the first. */
  exchange(url: string, exchange: Exchange, ask: Ask): Promise<Reply> {
    const { way, seeker } = this;
    const { sid } = seeker.query;
    if (typeof sid !== "string") return this.find(url, exchange, ask);
    if (!way) return ask(url, exchange);
    if (exchange.method === "POST")
      return ask(this._url("http", way.post(sid)), pack(way, exchange));
    return ask(this._url("http", way.poll(sid, stamp())), exchange);
  }

  private async find(
    url: string,
    exchange: Exchange,
    ask: Ask,
  ): Promise<Reply> {
    let first: (() => Reply) | undefined;
    for (const step of this.steps()) {
      let outcome: () => Reply;
      try {
        const reply = await ask(this.address(step, url), exchange);
        outcome = () => reply;
        const verdict = judge(step, reply);
        if (verdict === "found" && step !== "current") this.way = step;
        if (verdict !== "other") return reply;
      } catch (error) {
        if (exchange.signal.aborted || !wasDropped(error)) throw error;
        outcome = () => {
          throw error;
        };
      }
      first ??= outcome;
    }
    return first ? first() : Promise.reject(new Error("no generation to try"));
  }

  private _url(scheme: string, path: string): string {
    return oldUrl(this.seeker, scheme, path);
  }

  private steps(): Step[] {
    const { seeker, later } = this;
    const { query, opts } = seeker;
    const expected: Step = WAYS.get(query.EIO) ?? "current";
    if (opts.protocol) return [expected];
    const all: Step[] = [expected, "current", ...WAYS.values()];
    return [...new Set(all)].filter(
      // A session of 0.6 cannot be found over HTTP and used over WebSocket.
      (step) => !later || (step !== "current" && step.patient),
    );
  }

  private address(step: Step, url: string): string {
    if (step !== "current") return this._url("http", step.hello(stamp()));
    const { query } = this.seeker;
    if (!WAYS.has(query.EIO)) return url;
    // It was an old server last time.
    query.EIO = CURRENT[0].protocol;
    return "http" + this.seeker.opts.base + "?" + encodeQuery(query);
  }
}

/** A POST as such a server wants it. */
export function pack({ form }: Way, exchange: Exchange): Exchange {
  const { body, headers } = exchange;
  if (!form || body === undefined) return exchange;
  return {
    ...exchange,
    headers: {
      ...headers,
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    },
    body: form(body),
  };
}

/** Whether this is the server that was sought, its refusal, or another answer. */
function judge(step: Step, reply: Reply): "found" | "refused" | "other" {
  const { body } = reply;
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  if (step !== "current") {
    if (reply.status === 200 && step.dialect.recognises(text)) return "found";
    return step.refuses(text) ? "refused" : "other";
  }
  // Browsers say 0 for a server that hung up, as for one that is not there.
  if (reply.status !== 200) return hasCode(text) ? "refused" : "other";
  return CURRENT.some((dialect) => dialect.recognises(body))
    ? "found"
    : "other";
}

/** The refusals of Engine.IO have codes from 0 to 5. */
function hasCode(text: string): boolean {
  try {
    const said: unknown = JSON.parse(text);
    const code: unknown =
      typeof said === "object" && said !== null && Reflect.get(said, "code");
    return typeof code === "number" && code >= 0 && code <= 5;
  } catch {
    return false;
  }
}

/** The server was there and hung up. */
function wasDropped(error: unknown): boolean {
  return codeOf(error) === "ECONNRESET";
}

/** The system's word for what went wrong, in Node.js. */
export function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null
    ? Reflect.get(error, "code")
    : undefined;
}

/** The address of a path of an old server. */
export function oldUrl(
  { opts, query }: Seeker,
  scheme: string,
  path: string,
): string {
  const own = ["EIO", "transport", "sid", "b64"];
  const others = Object.fromEntries(
    Object.entries(query).filter(([name]) => !own.includes(name)),
  );
  others[opts.timestampParam ?? "t"] = stamp();
  const slash = opts.base.endsWith("/") ? "" : "/";
  return scheme + opts.base + slash + path + "?" + encodeQuery(others);
}

function stamp(): string {
  return Math.random().toString(36).slice(2, 10);
}

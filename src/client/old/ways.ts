/**
 * Where servers before Socket.IO 1.0 are found and how they are talked to over
 * HTTP: one value for each of their two dialects.
 */
import type { Dialect } from "../../dialects/dialect.js";
import { v06 } from "../../dialects/v06.js";
import { v09 } from "../../dialects/v09.js";
import type { Exchange } from "../polling.js";

export interface Way {
  /** Knows the server's greeting. */
  readonly dialect: Dialect;
  /** Whether an answer to the first request, that is no greeting, is the refusal of such a server. */
  refuses(text: string): boolean;
  /** The session in a greeting, for servers that greet apart, and the transports that they offer. */
  offer(greeting: string): { sid: string; transports: string } | undefined;
  /** The path of the first request; `stamp` keeps caches away. */
  hello(stamp: string): string;
  poll(sid: string, stamp: string): string;
  post(sid: string): string;
  stream(sid: string): string;
  /** A POST as such servers want it. */
  pack(exchange: Exchange): Exchange;
  /** The server says when it is ready, and wants no word before. */
  readonly patient: boolean;
}

const way09: Way = {
  dialect: v09(),
  refuses: (text) => text.startsWith("handshake "),
  offer(greeting) {
    const [sid, , , transports = ""] = greeting.split(":");
    return { sid, transports };
  },
  hello: () => "1/",
  poll: (sid) => `1/xhr-polling/${sid}`,
  post: (sid) => `1/xhr-polling/${sid}`,
  stream: (sid) => `1/websocket/${sid}`,
  pack: (exchange) => exchange,
  patient: true,
};

const way06: Way = {
  dialect: v06(),
  refuses: () => false,
  offer: () => undefined,
  hello: (stamp) => `xhr-polling//${stamp}`,
  poll: (sid, stamp) => `xhr-polling/${sid}/${stamp}`,
  post: (sid) => `xhr-polling/${sid}/send`,
  stream: () => "websocket",
  pack: ({ body, headers, ...exchange }) => ({
    ...exchange,
    headers: {
      ...headers,
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    },
    body: "data=" + encodeURIComponent(String(body)),
  }),
  patient: false,
};

/** By the number that requests and dialects carry, in the order of trying. */
export const WAYS: ReadonlyMap<unknown, Way> = new Map(
  [way09, way06].map((way) => [way.dialect.protocol, way]),
);

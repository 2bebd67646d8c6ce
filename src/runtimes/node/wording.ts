/**
 * The words of requests, kept in two parts: what clients of one program say
 * alike, which is one string for all of them, and what is each client's own.
 * The key of the handshake, cookies, and what proxies add are different with
 * every request; the rest of it, most of 200 to 700 bytes, is not.
 */
import { Buffer } from "node:buffer";

/** So many kinds of request are known at a time: those that were new last. */
const KNOWN = 64;

/** Headers that say the same for all clients of a program, or nearly. */
const ALIKE = [
  ...["host", "connection", "upgrade", "origin", "user-agent", "dnt"],
  ...["accept", "accept-[a-z]+", "cache-control", "pragma", "sec-gpc"],
  ...["sec-(?:fetch|ch)-[a-z-]+", "sec-websocket-(?:version|extensions)"],
].join("|");

/**
 * Finds what is a client's own: the value of every other header, and the query
 * unless it says no more than how to connect. It finds the same places once
 * they are empty.
 */
const OWN = new RegExp(
  String.raw`^(GET [^?\r\n]*\?(?!EIO=\d&transport=[a-z]+ )|(?!(?:${ALIKE}):)[^:\r\n]+: ?)([^\r\n]*)`,
  "gim",
);

export interface Wording {
  /** With places that are empty. */
  readonly alike: string;
  /** What belongs there, a line for each. */
  readonly own: string;
}

export class Wordings {
  readonly #known = new Map<string, string>();

  get size(): number {
    return this.#known.size;
  }

  /** Takes the head of a request apart. */
  split(head: string): Wording {
    const own: string[] = [];
    const alike = head.replace(OWN, (_, name: string, value: string) => {
      own.push(value);
      return name;
    });
    return { alike: this.#shared(alike), own: flat(own.join("\n")) };
  }

  #shared(alike: string): string {
    const known = this.#known;
    const shared = known.get(alike);
    if (shared !== undefined) return shared;
    if (known.size === KNOWN)
      for (const oldest of known.keys()) {
        known.delete(oldest);
        break;
      }
    known.set(alike, alike);
    return alike;
  }
}

/** The head as it was. */
export function putTogether({ alike, own }: Wording): string {
  const values = own.split("\n").values();
  return alike.replace(OWN, (place) => place + (values.next().value ?? ""));
}

/** The same text by itself: one that was cut out keeps all of what it was cut from. */
function flat(text: string): string {
  return Buffer.from(text).toString();
}

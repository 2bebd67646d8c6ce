/** Answers as small as their client can read them. */
import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { deflate, gzip } from "node:zlib";
import Negotiator from "negotiator";
import type { Unit } from "../../dialects/packet.js";

const ENCODERS = { gzip: promisify(gzip), deflate: promisify(deflate) };

/** `Accept-Encoding` says yes to all of these unless it says no. */
const ENCODINGS = ["gzip", "deflate", "identity"];

export interface Compressed {
  readonly encoding: "gzip" | "deflate";
  readonly bytes: Buffer;
}

/**
 * @param threshold bytes from which it is worth it
 * @returns `undefined`: it goes as it is
 */
export function compressed(
  body: Unit,
  threshold: number,
  requestOf: () => IncomingMessage,
): Promise<Compressed> | undefined {
  if (Buffer.byteLength(body) < threshold) return undefined;
  const encoding = new Negotiator(requestOf()).encoding(ENCODINGS);
  if (encoding !== "gzip" && encoding !== "deflate") return undefined;
  return ENCODERS[encoding](body).then((bytes) => ({ encoding, bytes }));
}

/**
 * The public `io.encoder`: packets in the official raw shape, put into words
 * without any engine's around them. Adapters use it.
 */
import type { Parser, RawPacket } from "../dialects/dialect.js";
import { write } from "../dialects/text.js";
import type { Any } from "./typed-events.js";

export interface PacketEncoder {
  encode(packet: RawPacket): Any[];
}

export function makeEncoder(
  parser: Parser | undefined,
  maxAttachments: number,
): PacketEncoder {
  if (parser !== undefined) return new parser.Encoder();
  return { encode: (packet) => write(packet, { maxAttachments }) };
}

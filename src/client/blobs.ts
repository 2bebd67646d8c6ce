/**
 * Files and other `Blob`s in events: their bytes can only be read
 * asynchronously, so the event that has some waits for them.
 */
import { hasBlob, hasToJSON, isBlob, isBytes } from "../dialects/binary.js";
import type { Packet } from "../dialects/packet.js";

/** The packet with bytes in the place of its `Blob`s, later; `undefined`: it has none. */
export function withBlobsRead(packet: Packet): Promise<Packet> | undefined {
  if (!("args" in packet) || !hasBlob(packet.args)) return undefined;
  return read(packet.args).then((args) => ({ ...packet, args }) as Packet);
}

async function read(value: unknown): Promise<unknown> {
  if (isBlob(value)) return value.arrayBuffer();
  if (Array.isArray(value)) return Promise.all(value.map(read));
  if (typeof value !== "object" || value === null || isBytes(value))
    return value;
  if (hasToJSON(value)) return read(value.toJSON());
  const entries = Object.entries(value).map(
    async ([key, item]: [string, unknown]) => [key, await read(item)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

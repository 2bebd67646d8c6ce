/**
 * The sockets of one client by namespace. Nearly every client is in one, which
 * is then all that is kept: a map for it would be 230 bytes of an idle
 * connection, and an object around the two another 40.
 */
import type { Socket } from "./socket.js";

/** A map as soon as a second namespace is joined. */
export type Joined = Socket | Map<string, Socket> | undefined;

export function countOf(joined: Joined): number {
  if (joined instanceof Map) return joined.size;
  return joined === undefined ? 0 : 1;
}

export function socketIn(joined: Joined, nsp: string): Socket | undefined {
  if (joined instanceof Map) return joined.get(nsp);
  return joined?.nsp.name === nsp ? joined : undefined;
}

export function withSocket(joined: Joined, socket: Socket): Joined {
  if (joined === undefined) return socket;
  const all =
    joined instanceof Map ? joined : new Map([[joined.nsp.name, joined]]);
  return all.set(socket.nsp.name, socket);
}

export function withoutSocket(joined: Joined, socket: Socket): Joined {
  const { name } = socket.nsp;
  if (socketIn(joined, name) !== socket) return joined;
  if (!(joined instanceof Map)) return undefined;
  joined.delete(name);
  return joined;
}

/** A list of its own, in the order in which they joined. */
export function socketsOf(joined: Joined): Socket[] {
  if (joined instanceof Map) return [...joined.values()];
  return joined === undefined ? [] : [joined];
}

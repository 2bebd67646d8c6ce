/**
 * The end of a connection that nothing more is to be said or heard on. A peer
 * that leaves its own half open, or does not read what it was told, would keep
 * the socket for ever, as Node watches over no socket that has left HTTP.
 */
import type { Duplex } from "node:stream";
import { clock } from "./platform.js";

/** How long a peer may take to close, in ms (as `ws`). */
export const CLOSE_TIMEOUT = 30_000;

export function hangUp(socket: Duplex): void {
  socket.end();
  // Otherwise the peer's end is not noticed behind bytes that nobody reads.
  socket.resume();
  const cancel = clock.after(CLOSE_TIMEOUT, () => socket.destroy());
  socket.once("close", cancel);
}

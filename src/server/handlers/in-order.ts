/**
 * Handlers of one socket one after another, where the application asks for it
 * (`handlersInOrder`): the next begins when the last has come to its end.
 */
import type { Socket } from "../socket.js";

/** What a socket's next event has to wait for. Those with nothing to wait for are not here. */
const busy = new WeakMap<Socket, Promise<void>>();

/** @param task returns a promise, never to be rejected, if it takes its time */
export function inOrder(
  socket: Socket,
  task: () => Promise<void> | undefined,
): void {
  const before = busy.get(socket);
  const end = before === undefined ? task() : before.then(task);
  if (end === undefined) return;
  busy.set(socket, end);
  void end.then(() => {
    if (busy.get(socket) === end) busy.delete(socket);
  });
}

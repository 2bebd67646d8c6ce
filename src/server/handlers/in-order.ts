/**
 * Handlers of one socket one after another, where the application asks for it
 * (`handlersInOrder`): the next begins when the last has come to its end.
 */
import type { Socket } from "../socket.js";

/** What a socket's next event has to wait for. */
interface Queue {
  end: Promise<void>;
  waiting: number;
  /** How many in a row found no place. */
  refused: number;
}

/** Those with nothing to wait for are not here. */
const queues = new WeakMap<Socket, Queue>();

/**
 * @param task returns a promise, never to be rejected, if it takes its time
 * @param most how many may wait
 * @returns 0, or how many in a row there was no place for, this one included
 */
export function inOrder(
  socket: Socket,
  task: () => Promise<void> | undefined,
  most = Infinity,
): number {
  const queue = queues.get(socket);
  if (queue === undefined) {
    const end = task();
    if (end !== undefined)
      leaveAfter(socket, { end, waiting: 0, refused: 0 }, end);
    return 0;
  }
  if (queue.waiting >= most) return ++queue.refused;
  queue.refused = 0;
  queue.waiting++;
  const end = queue.end.then(() => {
    queue.waiting--;
    return task();
  });
  queue.end = end;
  leaveAfter(socket, queue, end);
  return 0;
}

function leaveAfter(socket: Socket, queue: Queue, end: Promise<void>): void {
  queues.set(socket, queue);
  void end.then(() => {
    if (queue.end === end) queues.delete(socket);
  });
}

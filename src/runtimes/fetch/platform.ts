/**
 * What runtimes with `fetch` servers have in common beside the web's classes:
 * timers that need not keep the process alive, and microtasks. Ids and memory
 * are Node's, which all of them know.
 */
import type { Clock } from "../../hub/ports.js";

/** `setTimeout` fires at once when asked to wait longer. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

export const clock: Clock = {
  now: () => performance.now(),
  after(ms, task) {
    const timer: unknown = setTimeout(task, Math.min(ms, LONGEST_TIMEOUT));
    if (isTimer(timer)) timer.unref();
    return () => clearTimeout(timer as number);
  },
};

/** Runs a task when the current callback is done. */
export const defer = (task: () => void): void => queueMicrotask(task);

/** Some runtimes have numbers for timers. */
function isTimer(timer: unknown): timer is { unref(): void } {
  return typeof timer === "object" && timer !== null && "unref" in timer;
}

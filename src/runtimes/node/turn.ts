/**
 * When the current callback of Node's is done, before any I/O. `nextTick` has
 * that moment for every callback; where the callback is ours, it is when it
 * returns, and the object that Node makes for each task was 3 % of an echo.
 */

const tasks: (() => void)[] = [];
let inTurn = false;

/** Runs a task when the current callback is done, before any I/O. */
export function defer(task: () => void): void {
  if (inTurn) tasks.push(task);
  else process.nextTick(task);
}

/** Calls a callback of ours, and what was deferred meanwhile as soon as it returns or throws. */
export function turn<T>(callback: () => T): T {
  if (inTurn) return callback();
  inTurn = true;
  try {
    return callback();
  } finally {
    settle();
  }
}

function settle(): void {
  let done = 0;
  try {
    // Tasks may defer others.
    for (; done < tasks.length; done++) tasks[done]();
  } finally {
    inTurn = false;
    // What stands behind one that threw is not to suffer for it.
    const all = tasks.splice(0);
    while (++done < all.length) process.nextTick(all[done]);
  }
}

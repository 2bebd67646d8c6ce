/**
 * Timers, as replaceable as the options ask for: with `useNativeTimers` those
 * that were there when this module was loaded, so that a test's fake clock does
 * not stop the connection; otherwise whatever the globals are at the time.
 */

/** 23 days, in ms: timers of 2 ** 31 and more fire at once. */
export const LONGEST = 2e9;

export type Timer = ReturnType<typeof setTimeout>;

export interface Timers {
  /** Runs `task` once after `ms`. */
  set(task: () => void, ms: number): Timer;
  clear(timer: Timer | undefined): void;
}

const nativeSet = setTimeout;
const nativeClear = clearTimeout;

interface Wishes {
  readonly useNativeTimers?: boolean | undefined;
  readonly autoUnref?: boolean | undefined;
}

/** Those of all clients that want nothing else. */
const usual = make({});

export function timersFor(options: Wishes): Timers {
  return options.useNativeTimers || options.autoUnref ? make(options) : usual;
}

function make(options: Wishes): Timers {
  const native = options.useNativeTimers;
  return {
    set(task, ms) {
      const timer = (native ? nativeSet : setTimeout)(
        task,
        Math.min(ms, LONGEST),
      );
      if (options.autoUnref) timer.unref();
      return timer;
    },
    clear(timer) {
      (native ? nativeClear : clearTimeout)(timer);
    },
  };
}

/**
 * A full garbage collection, in the process that asks for it.
 */
import { setTimeout as delay } from "node:timers/promises";

/** What the first one finalizes, the second one frees. */
export async function collect() {
  if (!globalThis.gc)
    throw new Error("this process has to run with --expose-gc");
  globalThis.gc();
  await delay(50);
  globalThis.gc();
}

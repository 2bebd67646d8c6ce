/**
 * What a client has asked for beside what it is in. Most clients ask for one
 * namespace and get it, and nothing of that is kept.
 */
import type { Socket } from "./socket.js";

export class Asked {
  /** Namespaces that it is not in yet, with its socket there. */
  readonly pending = new Map<string, Socket | undefined>();
  /** Namespaces that parents have made for it: they outlive its visit. */
  made = 0;
  refusals = 0;

  /** There is nothing to remember. */
  get isOver(): boolean {
    return this.pending.size + this.made + this.refusals === 0;
  }
}

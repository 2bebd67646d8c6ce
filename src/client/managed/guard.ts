/** What a client asks of a contract that is in force for one of its namespaces. */
import type { Socket } from "../socket.js";

type Callback = (...values: unknown[]) => unknown;

/** Checks what arrives in a namespace. */
export interface Guard {
  watch(socket: Socket): void;
  /** @throws what `call()` rejects with */
  answer(
    event: string,
    values: readonly unknown[],
  ): Promise<readonly unknown[]>;
  /** What to call in place of a callback of `emit()`. */
  callback(event: string, namespace: string, callback: Callback): Callback;
}

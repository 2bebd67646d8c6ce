/**
 * Events that wait for an answer. A waiting event ends in one of two ways: the
 * peer answers, or it never will, because it is gone or took too long. Nothing
 * waits for ever.
 */

/** Takes an answer. */
export type Answer = (...args: unknown[]) => void;

interface Waiting {
  readonly answer: Answer;
  readonly gone: (() => void) | undefined;
}

/** The waiting events of one socket, by id. */
export class PendingAcks {
  readonly #waiting = new Map<number, Waiting>();

  get size(): number {
    return this.#waiting.size;
  }

  /** @param gone - called if the peer leaves without an answer */
  expect(id: number, answer: Answer, gone?: () => void): void {
    this.#waiting.set(id, { answer, gone });
  }

  /** Takes an answer of the peer. `false`: nothing with this id waits. */
  settle(id: number, args: readonly unknown[]): boolean {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return false;
    this.#waiting.delete(id);
    waiting.answer(...args);
    return true;
  }

  /** The peer is gone: tells everybody who wants to know, and forgets all. */
  abandon(): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { gone } of all) gone?.();
  }

  // The part of a Map's face that adapters use.

  has(id: number): boolean {
    return this.#waiting.has(id);
  }

  get(id: number): Answer | undefined {
    return this.#waiting.get(id)?.answer;
  }

  set(id: number, answer: Answer): this {
    this.expect(id, answer);
    return this;
  }

  delete(id: number): boolean {
    return this.#waiting.delete(id);
  }
}

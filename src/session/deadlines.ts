/**
 * The earliest deadline of many sessions, so that a server needs one timer
 * rather than two for each connection. A binary heap that forgives: a deadline
 * that moved later stays where it is and is put right when it comes up, so a
 * heartbeat costs one comparison.
 */

/** Something that wants to be woken at a time. */
export interface Deadlined {
  /** ms on the server's clock; `Infinity`: never. */
  readonly deadline: number;
  /** Its place in the heap. Written by `Deadlines` only. */
  place: Place | undefined;
  tick(now: number): void;
}

/** Where the heap believes a deadline to be. Without an owner it means nothing any more. */
export interface Place {
  readonly at: number;
  owner: Deadlined | undefined;
}

export class Deadlines {
  readonly #heap: Place[] = [];

  /** When `run` has something to do; `Infinity`: nothing is waiting. */
  get next(): number {
    return this.#heap.length === 0 ? Infinity : this.#heap[0].at;
  }

  /** To be called whenever an owner's deadline may have come nearer. */
  watch(owner: Deadlined): void {
    const { deadline, place } = owner;
    if (deadline >= (place?.at ?? Infinity)) return;
    this.forget(owner);
    owner.place = { at: deadline, owner };
    this.#push(owner.place);
  }

  /**
   * The owner is over. Its place stays until it comes up, but holds on to
   * nothing: a session may be large, and its deadline far.
   */
  forget(owner: Deadlined): void {
    if (owner.place === undefined) return;
    owner.place.owner = undefined;
    owner.place = undefined;
  }

  /** Ticks everyone whose deadline has come. */
  run(now: number): void {
    while (this.#heap.length > 0 && this.#heap[0].at <= now) {
      const { owner } = this.#pop();
      if (owner === undefined) continue;
      owner.place = undefined;
      if (owner.deadline <= now) owner.tick(now);
      this.watch(owner);
    }
  }

  #push(place: Place): void {
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(place);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (heap[parent].at <= place.at) break;
      heap[hole] = heap[parent];
      hole = parent;
    }
    heap[hole] = place;
  }

  #pop(): Place {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap[heap.length - 1];
    heap.length -= 1;
    const { length } = heap;
    if (length > 0) {
      let hole = 0;
      for (;;) {
        let child = 2 * hole + 1;
        if (child >= length) break;
        if (child + 1 < length && heap[child + 1].at < heap[child].at) child++;
        if (heap[child].at >= last.at) break;
        heap[hole] = heap[child];
        hole = child;
      }
      heap[hole] = last;
    }
    return top;
  }
}

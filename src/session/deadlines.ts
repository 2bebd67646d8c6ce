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
  /** Where the heap believes the deadline to be. Written by `Deadlines` only. */
  scheduled: number;
  tick(now: number): void;
}

interface Entry {
  at: number;
  owner: Deadlined;
}

export class Deadlines {
  readonly #heap: Entry[] = [];

  /** When `run` has something to do; `Infinity`: nothing is waiting. */
  get next(): number {
    return this.#heap.length === 0 ? Infinity : this.#heap[0].at;
  }

  /** To be called whenever an owner's deadline may have come nearer. */
  watch(owner: Deadlined): void {
    if (owner.deadline < owner.scheduled) {
      owner.scheduled = owner.deadline;
      this.#push({ at: owner.deadline, owner });
    }
  }

  /** Ticks everyone whose deadline has come. */
  run(now: number): void {
    while (this.#heap.length > 0 && this.#heap[0].at <= now) {
      const { at, owner } = this.#pop();
      // An entry that a nearer one has overtaken.
      if (at !== owner.scheduled) continue;
      owner.scheduled = Infinity;
      if (owner.deadline <= now) owner.tick(now);
      this.watch(owner);
    }
  }

  /** Forgets those who want nothing any more. To be called when most have ended. */
  prune(): void {
    const entries = this.#heap.splice(0);
    for (const entry of entries)
      if (entry.owner.deadline === Infinity) entry.owner.scheduled = Infinity;
      else this.#push(entry);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(entry);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (heap[parent].at <= entry.at) break;
      heap[hole] = heap[parent];
      hole = parent;
    }
    heap[hole] = entry;
  }

  #pop(): Entry {
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

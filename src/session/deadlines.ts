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
  place: number | undefined;
  tick(now: number): void;
}

export class Deadlines {
  readonly #owners: Deadlined[] = [];
  /** When the heap believes their deadlines to be: an object for both was 40 bytes of an idle connection. */
  readonly #times: number[] = [];

  /** When `run` has something to do; `Infinity`: nothing is waiting. */
  get next(): number {
    return this.#times.length === 0 ? Infinity : this.#times[0];
  }

  /** To be called whenever an owner's deadline may have come nearer. */
  watch(owner: Deadlined): void {
    const { deadline, place } = owner;
    if (deadline >= (place === undefined ? Infinity : this.#times[place]))
      return;
    this.#rise(place ?? this.#owners.length, owner, deadline);
  }

  /** The owner is over, and is held no longer. */
  forget(owner: Deadlined): void {
    const { place } = owner;
    if (place === undefined) return;
    owner.place = undefined;
    const last = this.#owners.pop();
    const at = this.#times.pop();
    if (last === undefined || at === undefined || last === owner) return;
    // Into the hole, from where it may have to go in either direction.
    this.#sink(place, last, at);
    if (last.place === place) this.#rise(place, last, at);
  }

  /** Ticks everyone whose deadline has come. */
  run(now: number): void {
    while (this.next <= now) {
      const [owner] = this.#owners;
      this.forget(owner);
      if (owner.deadline <= now) owner.tick(now);
      this.watch(owner);
    }
  }

  #put(place: number, owner: Deadlined, at: number): void {
    this.#owners[place] = owner;
    this.#times[place] = at;
    owner.place = place;
  }

  /** Puts an owner where there is a hole, or above it. */
  #rise(hole: number, owner: Deadlined, at: number): void {
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (this.#times[parent] <= at) break;
      this.#put(hole, this.#owners[parent], this.#times[parent]);
      hole = parent;
    }
    this.#put(hole, owner, at);
  }

  /** Puts an owner where there is a hole, or below it. */
  #sink(hole: number, owner: Deadlined, at: number): void {
    const times = this.#times;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= times.length) break;
      if (child + 1 < times.length && times[child + 1] < times[child]) child++;
      if (times[child] >= at) break;
      this.#put(hole, this.#owners[child], times[child]);
      hole = child;
    }
    this.#put(hole, owner, at);
  }
}

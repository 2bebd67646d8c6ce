import fc from "fast-check";
import { expect, test } from "vitest";
import { Deadlines, type Deadlined } from "../../src/session/deadlines.js";

class Owner implements Deadlined {
  place: number | undefined = undefined;
  readonly ticks: number[] = [];
  constructor(public deadline: number) {}
  tick(now: number): void {
    this.ticks.push(now);
    this.deadline = Infinity;
  }
}

test("everyone is ticked once, in order, not before the deadline", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { maxLength: 200 }), (times) => {
      const deadlines = new Deadlines();
      const owners = times.map((at) => new Owner(at));
      for (const owner of owners) deadlines.watch(owner);
      let last = -1;
      while (deadlines.next < Infinity) {
        expect(deadlines.next).toBeGreaterThan(last);
        last = deadlines.next;
        deadlines.run(last);
      }
      expect(owners.map((owner) => owner.ticks)).toEqual(
        times.map((at) => [at]),
      );
    }),
  );
});

test("a deadline may move in both directions", () => {
  const deadlines = new Deadlines();
  const owner = new Owner(100);
  deadlines.watch(owner);
  owner.deadline = 50;
  deadlines.watch(owner);
  expect(deadlines.next).toBe(50);
  owner.deadline = 200;
  deadlines.watch(owner);
  deadlines.run(50);
  deadlines.run(100);
  expect(owner.ticks).toEqual([]);
  deadlines.run(200);
  expect(owner.ticks).toEqual([200]);
  expect(deadlines.next).toBe(Infinity);
});

test("owners that never wait again leave nothing behind", () => {
  const deadlines = new Deadlines();
  const owner = new Owner(10);
  deadlines.watch(owner);
  owner.deadline = Infinity;
  deadlines.run(10);
  expect(deadlines.next).toBe(Infinity);
});

test("an owner that is over is not held, nor ticked", () => {
  const deadlines = new Deadlines();
  const owner = new Owner(10);
  deadlines.watch(owner);
  deadlines.forget(owner);
  expect(owner.place).toBeUndefined();
  deadlines.run(10);
  expect(owner.ticks).toEqual([]);
  expect(deadlines.next).toBe(Infinity);
});

test("who takes the place of one that is over may belong above it", () => {
  const deadlines = new Deadlines();
  const owners = [0, 50, 1, 60, 70, 2, 3].map((at) => new Owner(at));
  for (const owner of owners) deadlines.watch(owner);
  deadlines.forget(owners[3]);
  for (const at of [90, 95, 96]) deadlines.watch(new Owner(at));
  deadlines.run(10);
  expect(owners.flatMap(({ ticks }) => ticks)).toEqual([10, 10, 10, 10]);
});

test("whoever waits is ticked, whatever others did before", () => {
  const step = fc.tuple(
    fc.constantFrom("watch", "watch", "watch", "watch", "forget", "run"),
    fc.nat(15),
    fc.nat(100),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const deadlines = new Deadlines();
      const owners = Array.from({ length: 16 }, () => new Owner(Infinity));
      const waiting = new Set<Owner>();
      for (const [what, who, at] of steps) {
        const owner = owners[who];
        if (what === "watch") {
          // Mostly later than what is run, so that many wait.
          owner.deadline = at * 4;
          deadlines.watch(owner);
          waiting.add(owner);
        } else if (what === "forget") {
          deadlines.forget(owner);
          waiting.delete(owner);
        } else {
          const due = [...waiting].filter(({ deadline }) => deadline <= at);
          const before = due.map(({ ticks }) => ticks.length);
          deadlines.run(at);
          expect(due.map(({ ticks }) => ticks.length)).toEqual(
            before.map((count) => count + 1),
          );
          for (const one of due) waiting.delete(one);
          for (const one of waiting) expect(one.place).toBeDefined();
          expect(deadlines.next).toBeGreaterThan(at);
        }
      }
    }),
  );
});

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

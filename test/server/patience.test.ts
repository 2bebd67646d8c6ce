/** Who does not join a namespace in time, by one timer. */
import { expect, test } from "vitest";
import { Patience } from "../../src/server/patience.js";
import { FakeClock } from "./fakes.js";

function waiting(name: string, log: string[]) {
  return { overdue: () => log.push(name) };
}

test("each has its own time, counted from when it came", () => {
  const [clock, log]: [FakeClock, string[]] = [new FakeClock(), []];
  const deadline = new Patience(clock, 100);
  const [a, b, c] = ["a", "b", "c"].map((name) => waiting(name, log));
  deadline.add(a);
  clock.advance(40);
  deadline.add(b);
  deadline.add(c);
  expect(clock.pending).toBe(1);
  deadline.delete(c);
  clock.advance(59);
  expect(log).toEqual([]);
  clock.advance(1);
  expect(log).toEqual(["a"]);
  clock.advance(40);
  expect(log).toEqual(["a", "b"]);
  expect(clock.pending).toBe(0);
});

test("no timer is left when all have joined", () => {
  const clock = new FakeClock();
  const deadline = new Patience(clock, 100);
  const [a, b] = ["a", "b"].map((name) => waiting(name, []));
  deadline.add(a);
  deadline.add(b);
  deadline.delete(a);
  expect(clock.pending).toBe(1);
  deadline.delete(b);
  deadline.delete(b);
  expect(clock.pending).toBe(0);
  deadline.add(a);
  expect(clock.pending).toBe(1);
});

test("whoever is told may take others away, or add some", () => {
  const [clock, log]: [FakeClock, string[]] = [new FakeClock(), []];
  const deadline = new Patience(clock, 100);
  const b = waiting("b", log);
  const a = {
    overdue: () => {
      log.push("a");
      deadline.delete(b);
      deadline.add(waiting("c", log));
    },
  };
  deadline.add(a);
  deadline.add(b);
  clock.advance(50);
  deadline.add(waiting("d", log));
  clock.advance(50);
  expect(log).toEqual(["a"]);
  expect(clock.pending).toBe(1);
  clock.advance(50);
  expect(log).toEqual(["a", "d"]);
  clock.advance(50);
  expect(log).toEqual(["a", "d", "c"]);
  expect(clock.pending).toBe(0);
});

test("one that throws keeps nobody else from being told", () => {
  const [clock, log]: [FakeClock, string[]] = [new FakeClock(), []];
  const deadline = new Patience(clock, 100);
  deadline.add({
    overdue: () => {
      throw new Error("of the application");
    },
  });
  deadline.add(waiting("beside", log));
  clock.advance(50);
  deadline.add(waiting("later", log));
  expect(() => clock.advance(50)).toThrow("of the application");
  clock.advance(50);
  expect(log).toEqual(["beside", "later"]);
});

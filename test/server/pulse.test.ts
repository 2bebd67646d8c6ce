/** When sessions that have something to say are flushed. */
import { expect, test } from "vitest";
import { Pulse } from "../../src/server/pulse.js";

function rig() {
  const tasks: (() => void)[] = [];
  const flushed: string[] = [];
  const clock = { now: () => 5, after: () => () => {} };
  const pulse = new Pulse(clock, (task) => void tasks.push(task));
  const session = (name: string, then = () => {}) => ({
    flush(now: number) {
      flushed.push(`${name} at ${now}`);
      then();
    },
  });
  return { pulse, tasks, flushed, session };
}

test("all of a tick are flushed by one task, in order", () => {
  const { pulse, tasks, flushed, session } = rig();
  pulse.dirty(session("a"));
  pulse.dirty(session("b"));
  expect(tasks.length).toBe(1);
  tasks.shift()?.();
  expect(flushed).toEqual(["a at 5", "b at 5"]);
});

test("what is said during the task is flushed by the next one", () => {
  const { pulse, tasks, flushed, session } = rig();
  pulse.dirty(session("a", () => pulse.dirty(session("b"))));
  tasks.shift()?.();
  expect(flushed).toEqual(["a at 5"]);
  tasks.shift()?.();
  expect(flushed).toEqual(["a at 5", "b at 5"]);
});

test("one that throws does not leave those behind it unflushed", () => {
  const { pulse, tasks, flushed, session } = rig();
  const fault = new Error("of a listener");
  pulse.dirty(
    session("a", () => {
      throw fault;
    }),
  );
  pulse.dirty(session("b"));
  pulse.dirty(session("c"));
  expect(() => tasks.shift()?.()).toThrow(fault);
  expect(tasks.length).toBe(1);
  tasks.shift()?.();
  expect(flushed).toEqual(["a at 5", "b at 5", "c at 5"]);
});

/** When deferred tasks run: at the end of Node's callback, or of ours. */
import { expect, test } from "vitest";
import { defer, turn } from "../../../src/runtimes/node/turn.js";

function noted() {
  const notes: string[] = [];
  return { notes, note: (word: string) => () => void notes.push(word) };
}

const nextImmediate = () => new Promise((resolve) => setImmediate(resolve));

test("outside of a turn a task waits for the end of Node's callback", async () => {
  const { notes, note } = noted();
  defer(note("task"));
  notes.push("sync");
  await nextImmediate();
  expect(notes).toEqual(["sync", "task"]);
});

test("in a turn it waits for the end of the turn, and no longer", () => {
  const { notes, note } = noted();
  const result = turn(() => {
    defer(note("first"));
    defer(note("second"));
    notes.push("sync");
    return "result";
  });
  expect(notes).toEqual(["sync", "first", "second"]);
  expect(result).toBe("result");
});

test("a turn in a turn is part of it", () => {
  const { notes, note } = noted();
  turn(() => {
    turn(() => defer(note("task")));
    notes.push("outer");
  });
  expect(notes).toEqual(["outer", "task"]);
});

test("what tasks defer belongs to the turn, what comes after it does not", async () => {
  const { notes, note } = noted();
  turn(() => defer(() => defer(note("of a task"))));
  defer(note("later"));
  expect(notes).toEqual(["of a task"]);
  await nextImmediate();
  expect(notes).toEqual(["of a task", "later"]);
});

test("a callback that throws loses no task", () => {
  const { notes, note } = noted();
  const fault = new Error("of the callback");
  expect(() =>
    turn(() => {
      defer(note("task"));
      throw fault;
    }),
  ).toThrow(fault);
  expect(notes).toEqual(["task"]);
});

test("a task that throws does not take the ones behind it along", async () => {
  const { notes, note } = noted();
  const fault = new Error("of a task");
  expect(() =>
    turn(() => {
      defer(note("before"));
      defer(() => {
        throw fault;
      });
      defer(note("behind"));
    }),
  ).toThrow(fault);
  expect(notes).toEqual(["before"]);
  await nextImmediate();
  expect(notes).toEqual(["before", "behind"]);
  turn(() => defer(note("of the next turn")));
  expect(notes).toEqual(["before", "behind", "of the next turn"]);
});

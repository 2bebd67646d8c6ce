import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import {
  makeTableLater,
  useListenerTable,
} from "../../src/server/listener-table.js";

function emitter(): EventEmitter {
  const made = new EventEmitter();
  makeTableLater(made);
  useListenerTable(made);
  return made;
}

test("no name has listeners of its own", () => {
  for (const name of ["constructor", "__proto__", "toString", "valueOf"]) {
    expect(emitter().emit(name)).toBe(false);
    expect(emitter().listenerCount(name)).toBe(0);
  }
});

test("any name can be listened to", () => {
  for (const name of ["constructor", "__proto__", "toString", "chat"]) {
    const one = emitter();
    const heard: unknown[] = [];
    const listener = (value: unknown) => heard.push(value);
    one.on(name, listener);
    one.once(name, listener);
    expect(one.eventNames()).toEqual([name]);
    expect(one.emit(name, 1)).toBe(true);
    expect(one.emit(name, 2)).toBe(true);
    one.off(name, listener);
    expect(one.emit(name, 3)).toBe(false);
    expect(heard).toEqual([1, 1, 2]);
    expect(one.eventNames()).toEqual([]);
  }
});

test("listeners that are there stay", () => {
  const one = emitter();
  const listener = () => {};
  one.on("chat", listener);
  useListenerTable(one);
  expect(one.listeners("chat")).toEqual([listener]);
});

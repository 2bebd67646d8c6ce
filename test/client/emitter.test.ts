import { describe, expect, it, vi } from "vitest";
import { Emitter, type DefaultEventsMap } from "../../src/client/emitter.js";

const make = () => new Emitter<DefaultEventsMap, DefaultEventsMap>();

describe("emitter", () => {
  it("calls listeners in order, with the arguments and itself as this", () => {
    const emitter = make();
    const calls: unknown[] = [];
    emitter.on("a", function (this: unknown, ...args: unknown[]) {
      calls.push([1, this, ...args]);
    });
    emitter.on("a", (...args: unknown[]) => calls.push([2, ...args]));
    expect(emitter.emit("a", "x", 3)).toBe(emitter);
    expect(calls).toEqual([
      [1, emitter, "x", 3],
      [2, "x", 3],
    ]);
  });

  it("calls a once listener once, and removes it by the original", () => {
    const emitter = make();
    const listener = vi.fn();
    emitter.once("a", listener);
    emitter.emit("a").emit("a");
    expect(listener).toHaveBeenCalledTimes(1);
    emitter.once("a", listener);
    emitter.off("a", listener);
    emitter.emit("a");
    expect(listener).toHaveBeenCalledTimes(1);
    expect(emitter.hasListeners("a")).toBe(false);
  });

  it("is not disturbed by listeners that come and go during an emission", () => {
    const emitter = make();
    const calls: number[] = [];
    const second = () => calls.push(2);
    emitter.on("a", () => {
      calls.push(1);
      emitter.off("a", second);
      emitter.on("a", () => calls.push(3));
    });
    emitter.on("a", second);
    emitter.emit("a");
    expect(calls).toEqual([1, 2]);
  });

  it("removes one, those of an event, or all", () => {
    const emitter = make();
    const a = vi.fn();
    const b = vi.fn();
    emitter.on("x", a).on("x", b).on("y", a);
    emitter.removeListener("x", a);
    expect(emitter.listeners("x")).toEqual([b]);
    emitter.removeAllListeners("x");
    expect(emitter.listeners("x")).toEqual([]);
    expect(emitter.hasListeners("y")).toBe(true);
    emitter.off();
    expect(emitter.hasListeners("y")).toBe(false);
  });

  it("keeps names apart that objects have already", () => {
    const emitter = make();
    const listener = vi.fn();
    emitter.on("constructor", listener).on("__proto__", listener);
    emitter.emit("constructor").emit("__proto__").emit("toString");
    expect(listener).toHaveBeenCalledTimes(2);
  });

  it("lets errors of listeners through", () => {
    const emitter = make();
    emitter.on("a", () => {
      throw new Error("mine");
    });
    expect(() => emitter.emit("a")).toThrow("mine");
  });
});

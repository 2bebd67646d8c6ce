import { describe, expect, it } from "vitest";
import { Backoff } from "../../src/client/backoff.js";

const settings = {
  reconnectionDelay: 1000,
  reconnectionDelayMax: 5000,
  randomizationFactor: 0.5,
};
const delays = (backoff: Backoff, n: number) =>
  Array.from({ length: n }, () => backoff.duration());

describe("backoff", () => {
  it("doubles up to the limit", () => {
    const backoff = new Backoff({ ...settings, randomizationFactor: 0 });
    expect(delays(backoff, 5)).toEqual([1000, 2000, 4000, 5000, 5000]);
    expect(backoff.attempts).toBe(5);
  });

  it("starts again after a reset", () => {
    const backoff = new Backoff({ ...settings, randomizationFactor: 0 });
    delays(backoff, 3);
    backoff.reset();
    expect(backoff.attempts).toBe(0);
    expect(backoff.duration()).toBe(1000);
  });

  it("spreads the delays at the limit too, so that clients do not come back in step", () => {
    let random = 0;
    const backoff = new Backoff(settings, () => random);
    delays(backoff, 9);
    expect(backoff.duration()).toBe(2500);
    random = 0.5;
    expect(backoff.duration()).toBe(5000);
    random = 0.999_999;
    expect(backoff.duration()).toBe(7500);
  });

  it("stays within the spread for any number of attempts", () => {
    const backoff = new Backoff(settings);
    for (const delay of delays(backoff, 2000)) {
      expect(delay).toBeGreaterThanOrEqual(500);
      expect(delay).toBeLessThanOrEqual(7500);
    }
  });

  it("follows settings that change", () => {
    const changing = { ...settings, randomizationFactor: 0 };
    const backoff = new Backoff(changing);
    changing.reconnectionDelay = 10;
    expect(backoff.duration()).toBe(10);
  });
});

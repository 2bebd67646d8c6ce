import { expect, test } from "vitest";
import { TokenBucket } from "../../src/hub/token-bucket.js";

/** How many of so many pass, all at once. */
function passed(bucket: TokenBucket, count: number, now: number): number {
  let passing = 0;
  for (let i = 0; i < count; i++) if (bucket.take(now)) passing++;
  return passing;
}

test("a burst, then the rate, and no more saved up than the burst", () => {
  const bucket = new TokenBucket(10, 5, 0);
  expect(passed(bucket, 100, 0)).toBe(5);
  expect(passed(bucket, 100, 99)).toBe(0);
  expect(passed(bucket, 100, 100)).toBe(1);
  expect(passed(bucket, 100, 400)).toBe(3);
  expect(passed(bucket, 100, 60_000)).toBe(5);
});

test("counts those refused in a row", () => {
  const bucket = new TokenBucket(1, 1, 0);
  bucket.take(0);
  bucket.take(0);
  bucket.take(0);
  expect(bucket.refused).toBe(2);
  bucket.take(1000);
  expect(bucket.refused).toBe(0);
});

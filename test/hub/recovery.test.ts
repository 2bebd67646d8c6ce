/** The recovery log: positions, bounds, age, and that nothing is given twice. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { RecoveryLog } from "../../src/hub/recovery.js";

const BOUNDS = {
  maxDisconnectionDuration: 1000,
  maxPackets: 5,
  maxBytes: 100,
  maxSessions: 3,
};

function log(bounds: Partial<typeof BOUNDS> = {}) {
  return new RecoveryLog({ ...BOUNDS, ...bounds });
}

const entry = (text: string, rooms: string[] = [], bytes = 1) => ({
  args: [text],
  rooms: new Set(rooms),
  except: new Set<string>(),
  bytes,
});

const session = (firstOffset?: string, lastOffset?: string) => ({
  sid: "sid",
  rooms: ["sid"],
  data: {},
  firstOffset,
  lastOffset,
});

test("offsets count up, in base 36 behind a tilde", () => {
  const recovery = log({ maxPackets: 100 });
  expect(recovery.offset).toBe("~0");
  const offsets = Array.from({ length: 37 }, () =>
    recovery.append(entry("x"), 0),
  );
  expect(offsets[0]).toBe("~1");
  expect(offsets.at(-1)).toBe("~11");
  expect(recovery.next).toBe("~12");
});

test("what comes behind the offset is missed, as far as it concerns the session", () => {
  const recovery = log();
  const first = recovery.append(entry("seen"), 0);
  recovery.append(entry("mine", ["sid"]), 0);
  recovery.persist("pid", session(), 0);
  recovery.append(entry("other", ["room"]), 0);
  recovery.append({ ...entry("not me"), except: new Set(["sid"]) }, 0);
  recovery.append(entry("all"), 0);
  expect(recovery.restore("pid", first, 0)?.missed).toEqual([
    { args: ["mine"], offset: "~2" },
    { args: ["all"], offset: "~5" },
  ]);
  expect(recovery.restore("pid", first, 0)).toBeUndefined();
});

test("packets are bounded in number and bytes, the oldest go first", () => {
  const recovery = log();
  for (let i = 0; i < 1000; i++) recovery.append(entry("x"), 0);
  expect(recovery.packets).toBe(5);
  recovery.append(entry("big", [], 98), 0);
  expect(recovery.packets).toBe(3);
  expect(recovery.bytes).toBe(100);
  recovery.append(entry("huge", [], 1000), 0);
  expect(recovery.packets).toBe(0);
  expect(recovery.bytes).toBe(0);
  expect(recovery.offset).toBe("~ru");
});

test("lost sessions are bounded, the oldest go first", () => {
  const recovery = log();
  for (let i = 0; i < 10; i++)
    recovery.persist(`pid${i}`, session("~0", "~0"), i);
  expect(recovery.sessions).toBe(3);
  expect(recovery.restore("pid6", "~0", 10)).toBeUndefined();
  expect(recovery.restore("pid7", "~0", 10)).toBeDefined();
});

test("an offset that the log no longer reaches restores nothing", () => {
  const recovery = log();
  const first = recovery.append(entry("a"), 0);
  for (let i = 0; i < 5; i++) recovery.append(entry("x", ["sid"]), 0);
  recovery.persist("pid", session("~0", "~6"), 0);
  recovery.append(entry("y"), 0);
  expect(recovery.restore("pid", first, 0)).toBeUndefined();
  expect(recovery.sessions).toBe(0);
});

test("what was for others only does not count: who was quiet comes back", () => {
  const recovery = log();
  recovery.append(entry("mine", ["sid"]), 0);
  for (let i = 0; i < 100; i++) recovery.append(entry("x", ["other"]), 0);
  recovery.persist("pid", session("~0", "~1"), 0);
  recovery.append(entry("missed"), 0);
  expect(recovery.restore("pid", "~1", 0)?.missed).toEqual([
    { args: ["missed"], offset: "~2u" },
  ]);
});

test("without an offset a client got nothing since it connected", () => {
  const recovery = log();
  recovery.append(entry("before"), 0);
  const first = recovery.offset;
  recovery.append(entry("lost on the way"), 0);
  recovery.persist("pid", session(first, "~2"), 0);
  recovery.append(entry("missed"), 0);
  expect(recovery.restore("pid", undefined, 0)?.missed).toEqual([
    { args: ["lost on the way"], offset: "~2" },
    { args: ["missed"], offset: "~3" },
  ]);
});

test("the offset of an earlier session gives nothing from before this one", () => {
  const recovery = log();
  const old = recovery.append(entry("a"), 0);
  recovery.append(entry("before"), 0);
  recovery.persist("pid", session("~2", "~2"), 0);
  recovery.append(entry("missed"), 0);
  expect(recovery.restore("pid", old, 0)?.missed).toEqual([
    { args: ["missed"], offset: "~3" },
  ]);
});

test.each(["", "1", "~", "~-1", "~9", "~1.5", "~zzzzzzzzzzz", "~1 ", "hello"])(
  "%j is no offset of this log",
  (offset) => {
    const recovery = log();
    recovery.append(entry("a"), 0);
    recovery.persist("pid", session("~1", "~1"), 0);
    expect(recovery.restore("pid", offset, 0)).toBeUndefined();
  },
);

test("sessions and packets expire, also when nobody asks for them", () => {
  const recovery = log();
  recovery.append(entry("a"), 0);
  recovery.persist("pid", session("~0"), 10);
  recovery.expire(1000);
  expect(recovery.packets).toBe(1);
  recovery.expire(1001);
  expect(recovery.packets).toBe(0);
  expect(recovery.sessions).toBe(1);
  expect(recovery.restore("pid", "~1", 1011)).toBeUndefined();
  expect(recovery.empty).toBe(true);
});

test("any history: what is restored is exactly what was missed", () => {
  const room = fc.subarray(["sid", "other"]);
  fc.assert(
    fc.property(
      fc.array(room, { maxLength: 60 }),
      fc.array(room, { maxLength: 20 }),
      fc.nat(60),
      fc.integer({ min: 1, max: 80 }),
      (before, after, received, maxPackets) => {
        const recovery = log({ maxPackets, maxBytes: Infinity });
        const sent: { offset: string; mine: boolean }[] = [];
        for (const rooms of before)
          sent.push({
            offset: recovery.append(entry("x", rooms), 0),
            mine: rooms.length === 0 || rooms.includes("sid"),
          });
        const mine = sent.filter(({ mine }) => mine);
        const got = mine.slice(0, received);
        recovery.persist("pid", session("~0", mine.at(-1)?.offset ?? "~0"), 0);
        for (const rooms of after)
          sent.push({
            offset: recovery.append(entry("x", rooms), 0),
            mine: rooms.length === 0 || rooms.includes("sid"),
          });
        const restored = recovery.restore("pid", got.at(-1)?.offset, 0);
        const expected = sent
          .filter(({ mine }) => mine)
          .slice(got.length)
          .map(({ offset }) => offset);
        // Bounds may make it impossible, but never wrong.
        if (restored !== undefined)
          expect(restored.missed.map(({ offset }) => offset)).toEqual(expected);
        else expect(maxPackets).toBeLessThan(before.length + after.length);
      },
    ),
  );
});

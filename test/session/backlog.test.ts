/**
 * How much may wait for a peer, and what is done beyond. Sizes: `42["aaaa"]` is
 * ten bytes.
 */
import { describe, expect, test } from "vitest";
import type { SlowConsumer } from "../../src/dialects/outgoing.js";
import { eio4 } from "../../src/dialects/index.js";
import type { QueueBounds } from "../../src/session/backlog.js";
import { Rig, type FakeCarrier } from "./rig.js";

const BOUNDS: QueueBounds = {
  maxBufferedBytes: 100,
  maxBufferedPackets: 20,
  slowConsumerGrace: 1000,
};

function rigWith(bounds: Partial<QueueBounds> = {}): [Rig, FakeCarrier] {
  const rig = new Rig(eio4, { ...BOUNDS, ...bounds });
  return [rig, rig.open(rig.stream())];
}

/** Says words of ten bytes each, in one tick. */
function say(rig: Rig, words: string[], whenSlow?: SlowConsumer): boolean[] {
  const taken = words.map((word) =>
    rig.say(word.padEnd(4, "."), whenSlow ? { whenSlow } : {}),
  );
  rig.session.flush(rig.now);
  return taken;
}

const words = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `w${index}`);

const names = (units: readonly unknown[]): string[] =>
  units.map((unit) => String(unit).slice(4, -2).replace(/\.+$/, ""));

describe("a stream that takes nothing", () => {
  test("is given no more, and the rest when it has room", () => {
    const [rig, stream] = rigWith({ maxBufferedBytes: 100_000 });
    stream.stall(70_000);
    say(rig, ["a"]);
    expect(stream.written).toEqual([]);
    stream.drain();
    rig.session.flush(rig.now);
    expect(names(stream.written)).toEqual(["a"]);
  });

  test("what one tick says is never too much by itself", () => {
    const [rig] = rigWith();
    say(rig, words(1000));
    expect(rig.session.phase).toBe("open");
  });

  test("is the end after the grace, if more is said", () => {
    const [rig, stream] = rigWith();
    stream.stall(101);
    say(rig, ["a"]);
    rig.pass(999);
    say(rig, ["b"]);
    expect(rig.session.phase).toBe("open");
    rig.pass(1);
    say(rig, ["c"]);
    expect(rig.log).toEqual(["ended: slow consumer", "gone"]);
    expect(stream.words).toEqual([1008, "slow consumer"]);
  });

  test("is not, if it has caught up in between", () => {
    const [rig, stream] = rigWith();
    stream.stall(101);
    say(rig, ["a"]);
    rig.pass(900);
    stream.bufferedBytes = 50;
    say(rig, ["b"]);
    stream.bufferedBytes = 101;
    rig.pass(50);
    say(rig, ["c"]);
    rig.pass(49);
    say(rig, ["d"]);
    expect(rig.session.phase).toBe("open");
  });

  test("is the end at once where far more than the bound is there", () => {
    const [rig, stream] = rigWith();
    stream.stall(1600);
    say(rig, ["a"]);
    expect(rig.session.phase).toBe("open");
    stream.stall(1601);
    say(rig, ["b"]);
    expect(rig.log).toContain("ended: slow consumer");
  });

  test("a single tick may leave more than that, and gets the grace", () => {
    const [rig, stream] = rigWith();
    say(rig, words(500));
    stream.stall(5000);
    say(rig, ["a"]);
    expect(rig.session.phase).toBe("open");
    stream.stall(5000 + 1601);
    say(rig, ["b"]);
    expect(rig.log).toContain("ended: slow consumer");
  });

  test("heartbeats alone end nothing", () => {
    const [rig, stream] = rigWith({ slowConsumerGrace: 0 });
    stream.stall(1e6);
    rig.pass(1000);
    expect(rig.session.phase).toBe("open");
    say(rig, ["a"]);
    expect(rig.log).toContain("ended: slow consumer");
  });
});

describe("a client that does not poll", () => {
  test("is counted in packets, too", () => {
    const rig = new Rig(eio4, { ...BOUNDS, maxBufferedBytes: 1e6 });
    rig.open(rig.poll());
    say(rig, words(21));
    say(rig, ["a"]);
    rig.pass(999);
    say(rig, ["b"]);
    expect(rig.session.phase).toBe("open");
    rig.pass(1);
    say(rig, ["c"]);
    expect(rig.log).toContain("ended: slow consumer");
    expect(rig.session.bufferedBytes).toBe(0);
  });

  test("a poll takes from what waits", () => {
    const rig = new Rig(eio4, BOUNDS);
    rig.open(rig.poll());
    say(rig, words(20));
    expect(rig.session.bufferedBytes).toBeGreaterThanOrEqual(200);
    rig.attach(rig.poll());
    rig.attach(rig.poll());
    expect(rig.session.bufferedBytes).toBe(0);
  });
});

describe("dropping", () => {
  test("the newest: what is queued stays", () => {
    const rig = new Rig(eio4, BOUNDS);
    rig.open(rig.poll());
    const taken = say(rig, words(11), "drop-newest");
    expect(taken.indexOf(false)).toBe(10);
    expect(names(rig.dropped)).toEqual(["w10"]);
    expect(rig.session.phase).toBe("open");
  });

  test("the oldest: the newest is always there", () => {
    const [rig, stream] = rigWith();
    stream.stall(70_000);
    say(rig, words(6), "drop-oldest");
    expect(names(rig.dropped)).toEqual(words(5));
    stream.drain();
    rig.session.flush(rig.now);
    expect(names(stream.written)).toEqual(["w5"]);
  });

  test("makes room for itself only", () => {
    const rig = new Rig(eio4, BOUNDS);
    rig.open(rig.poll());
    say(rig, words(10), "drop-oldest");
    const waiting = rig.session.queue.length;
    say(rig, ["new"], "drop-oldest");
    expect(rig.session.queue.length).toBe(waiting);
    expect(names(rig.dropped)).toEqual(["w0"]);
  });

  test("volatile packets go first", () => {
    const rig = new Rig(eio4, BOUNDS);
    rig.open(rig.poll());
    say(rig, words(5));
    const poll = rig.poll();
    rig.session.attach(poll, rig.now);
    const again = rig.attach(rig.poll());
    expect(rig.say("vola", { volatile: true })).toBe(true);
    for (let i = 0; i < 10; i++)
      rig.say(`n${i}..`, { whenSlow: "drop-newest" });
    expect(names(rig.dropped)).toEqual(["vola"]);
    rig.session.flush(rig.now);
    expect(names(again.written.join("").split("\x1e"))).toHaveLength(10);
  });

  test("what may not be dropped stays, and lets the others go", () => {
    const rig = new Rig(eio4, BOUNDS);
    rig.open(rig.poll());
    say(rig, words(10));
    expect(say(rig, ["a"], "drop-oldest")).toEqual([false]);
    expect(rig.session.phase).toBe("open");
    expect(names(rig.session.queue.map(({ units }) => units[0]))).toEqual(
      words(10),
    );
  });

  test("a packet larger than the bound passes where nothing waits", () => {
    const [rig, stream] = rigWith();
    const long = "x".repeat(500);
    expect(rig.say(long, { whenSlow: "drop-newest" })).toBe(true);
    rig.session.flush(rig.now);
    expect(stream.written).toHaveLength(1);
  });

  test("what the kernel takes at once is not counted", () => {
    const [rig, stream] = rigWith();
    expect(say(rig, words(1000), "drop-newest")).not.toContain(false);
    expect(stream.written).toHaveLength(1000);
  });
});

describe("the high-water mark", () => {
  test("is half of the bound; drained is said once, when there is room", () => {
    const [rig, stream] = rigWith();
    for (const word of words(5)) rig.say(word);
    expect(rig.session.isHigh).toBe(false);
    for (const word of words(5)) rig.say(word);
    expect(rig.session.isHigh).toBe(true);
    stream.stall(70_000);
    rig.session.flush(rig.now);
    expect(rig.log).toEqual([]);
    stream.drain();
    rig.session.flush(rig.now);
    rig.session.flush(rig.now);
    expect(rig.log).toEqual(["drained"]);
  });

  test("nothing is said of a drain that nobody waits for", () => {
    const [rig, stream] = rigWith({ maxBufferedBytes: 100_000 });
    stream.stall(70_000);
    say(rig, words(3));
    stream.drain();
    rig.session.flush(rig.now);
    expect(rig.log).toEqual([]);
  });
});

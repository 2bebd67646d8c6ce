/** One backlog serves many sessions, and what one of them remembers is nobody else's. */
import { expect, test } from "vitest";
import { hostedEio4 } from "../../src/dialects/eio4/index.js";
import { Outgoing } from "../../src/dialects/outgoing.js";
import { Decoders } from "../../src/session/decoders.js";
import { SessionKind } from "../../src/session/kind.js";
import { Rig, TIMES, type FakeCarrier } from "./rig.js";

const host = { dropped: () => {} };

function makeKind(maxBufferedBytes = 100): SessionKind {
  return new SessionKind(
    hostedEio4(),
    new Decoders({ maxPayload: 1e6, maxAttachments: 10 }),
    TIMES,
    { maxBufferedBytes, maxBufferedPackets: 20, slowConsumerGrace: 1000 },
  );
}

function openOn(kind: SessionKind): [Rig, FakeCarrier] {
  const rig = new Rig(undefined, undefined, undefined, kind);
  return [rig, rig.open(rig.stream())];
}

function say(rig: Rig, word: string): void {
  rig.say(word);
  rig.session.flush(rig.now);
}

test("who is lent one is the only one who has it", () => {
  const kind = makeKind();
  const first = kind.lend(kind.nothing, host);
  expect(kind.lend(first, host)).toBe(first);
  expect(kind.lend(kind.nothing, host)).not.toBe(first);
  expect(kind.giveBack(first)).toBe(kind.nothing);
  expect(kind.lend(kind.nothing, host)).toBe(first);
});

test("one in which something waits stays where it is", () => {
  const kind = makeKind();
  const backlog = kind.lend(kind.nothing, host);
  backlog.push(new Outgoing(["a"]));
  expect(kind.giveBack(backlog)).toBe(backlog);
  expect(kind.lend(kind.nothing, host)).not.toBe(backlog);
});

test("a session has none between ticks", () => {
  const kind = makeKind();
  const [rig, stream] = openOn(kind);
  const idle = kind.lend(kind.nothing, host);
  kind.giveBack(idle);
  say(rig, "a");
  expect(stream.written).toEqual(['42["a"]']);
  expect(kind.lend(kind.nothing, host)).toBe(idle);
});

test("since when one is too slow is not said of the next", () => {
  const kind = makeKind();
  const [slow, stalled] = openOn(kind);
  const [quick, stream] = openOn(kind);
  stalled.stall(101);
  say(slow, "a");
  slow.pass(999);
  quick.pass(900);
  stream.stall(101);
  say(quick, "a");
  say(slow, "b");
  slow.pass(1);
  say(slow, "c");
  expect(slow.log).toContain("ended: slow consumer");
  quick.pass(500);
  say(quick, "b");
  expect(quick.session.phase).toBe("open");
});

test("what is dropped is told to the session whose it was", () => {
  const kind = makeKind();
  const [first] = openOn(kind);
  const [second, stalled] = openOn(kind);
  say(first, "a");
  stalled.stall(70_000);
  expect(second.say("b", { whenSlow: "drop-newest" })).toBe(false);
  expect([first.dropped.length, second.dropped.length]).toEqual([0, 1]);
});

test("room is told to who was told to wait", () => {
  const kind = makeKind(100_000);
  const [first, stalled] = openOn(kind);
  const [second] = openOn(kind);
  stalled.stall(70_000);
  expect(first.session.isHigh).toBe(true);
  say(first, "a");
  say(second, "a");
  stalled.drain();
  first.session.flush(first.now);
  say(second, "b");
  expect([first.log, second.log]).toEqual([["drained"], []]);
});

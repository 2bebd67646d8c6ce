/**
 * What only sessions of the generations before 1.0 do: outlive their carrier,
 * hold polls for a time, count or pause heartbeats, confirm receipts.
 */
import { describe, expect, test } from "vitest";
import { v06, v09 } from "../../src/dialects/index.js";
import { Outgoing } from "../../src/dialects/outgoing.js";
import { Rig } from "./rig.js";

const times = {
  heartbeatInterval: 1000,
  heartbeatTimeout: 500,
  closeTimeout: 2000,
  pollingDuration: 300,
};
const make09 = () => v09(times);
const make06 = () => v06(times);

describe("0.7 to 0.9", () => {
  test("a client that is greeted apart has 30 s to come", () => {
    const rig = new Rig(make09);
    rig.open(undefined);
    rig.pass(29_999);
    expect(rig.session.phase).toBe("open");
    rig.pass(1);
    expect(rig.log).toEqual(["ended: transport close", "gone"]);
  });

  test("what is said before the first carrier waits for it", () => {
    const rig = new Rig(make09);
    rig.open(undefined);
    rig.say("early");
    const stream = rig.attach(rig.stream());
    expect(stream.written).toEqual(['5:::{"name":"early"}']);
  });

  test("a lost stream is waited for, and its packets are kept", () => {
    const rig = new Rig(make09);
    const stream = rig.open(rig.stream());
    rig.session.detach(stream, "transport close", rig.now);
    rig.say("meanwhile");
    rig.pass(1999);
    const next = rig.attach(rig.stream());
    expect(next.written).toEqual(['5:::{"name":"meanwhile"}']);
    rig.session.detach(next, "transport close", rig.now);
    rig.pass(2000);
    expect(rig.log).toEqual(["ended: transport close", "gone"]);
  });

  test("a poll that is cut off is waited for as well", () => {
    const rig = new Rig(make09);
    const poll = rig.open(rig.poll());
    rig.session.flush(rig.now);
    const held = rig.attach(rig.poll());
    rig.session.detach(held, "transport error", rig.now);
    expect(rig.session.phase).toBe("open");
    expect(poll.closed).toBe(false);
    rig.pass(2000);
    expect(rig.log).toEqual(["ended: transport close", "gone"]);
  });

  test("a poll is answered with a noop when it has been held long enough", () => {
    const rig = new Rig(make09);
    rig.open(undefined);
    const poll = rig.attach(rig.poll());
    rig.pass(299);
    expect(poll.written).toEqual([]);
    rig.pass(1);
    expect(poll.written).toEqual(["8::"]);
  });

  test("the carrier that comes last counts", () => {
    const rig = new Rig(make09);
    rig.open(undefined);
    const poll = rig.attach(rig.poll());
    const stream = rig.attach(rig.stream());
    expect(poll.written).toEqual(["8::"]);
    const other = rig.attach(rig.stream());
    expect(stream.closed).toBe(true);
    rig.say("here");
    rig.session.flush(rig.now);
    expect(other.written).toEqual(['5:::{"name":"here"}']);
  });

  test("heartbeats on streams only; the answer is the same word", () => {
    const rig = new Rig(make09);
    rig.open(undefined);
    const stream = rig.attach(rig.stream());
    rig.pass(1000);
    expect(stream.written).toEqual(["2::"]);
    rig.receive("2::", stream);
    rig.pass(999);
    rig.attach(rig.poll());
    for (let polls = 0; polls < 20; polls++) {
      rig.pass(200);
      rig.attach(rig.poll());
    }
    expect(rig.session.phase).toBe("open");
    const again = rig.attach(rig.stream());
    rig.pass(1500);
    expect(again.written).toEqual(["2::"]);
    expect(rig.log.at(-2)).toBe("ended: ping timeout");
  });

  test("a receipt is given before the application hears of the message", () => {
    const rig = new Rig(make09);
    rig.open(undefined);
    const stream = rig.attach(rig.stream());
    rig.receive("3:7::text", stream);
    expect(stream.written).toEqual(["6:::7"]);
    expect(rig.packets).toMatchObject([
      { type: "event", args: ["message", "text"] },
    ]);
  });

  test("a client that leaves is told to stay away; one that is cut off is not", () => {
    const left = new Rig(make09);
    left.open(undefined);
    const told = left.attach(left.poll());
    left.session.end("forced close", left.now);
    expect(told.written).toEqual(["0::"]);

    const cut = new Rig(make09);
    cut.open(undefined);
    const dropped = cut.attach(cut.poll());
    cut.session.end("forced close", cut.now, { discard: true });
    expect(dropped.written).toEqual([]);
    expect(dropped.closed).toBe(true);
  });
});

test("whoever is dismissed on a stream is told so before it ends, and not if it is cut off", () => {
  const left = new Rig(make09);
  const told = left.open(left.stream());
  left.session.end("forced close", left.now);
  expect(told.written).toEqual(["0::"]);
  expect(told.closed).toBe(true);

  const cut = new Rig(make09);
  const dropped = cut.open(cut.stream());
  cut.session.end("forced close", cut.now, { discard: true });
  expect(dropped.written).toEqual([]);
});

describe("0.6", () => {
  test("the poll that comes last counts", () => {
    const rig = new Rig(make06);
    rig.open(rig.poll());
    const first = rig.attach(rig.poll());
    const second = rig.attach(rig.poll());
    expect(first.written).toEqual([""]);
    rig.session.send(
      new Outgoing(
        rig.dialect.encode({
          type: "event",
          nsp: "/",
          args: ["message", "here"],
        }),
      ),
    );
    rig.session.flush(rig.now);
    expect(second.written).toEqual(["~m~4~m~here"]);
    expect(rig.session.phase).toBe("open");
  });

  test("an end between two polls waits for nobody, as there are no words for it", () => {
    const rig = new Rig(make06);
    rig.open(rig.poll());
    rig.session.end("forced close", rig.now);
    expect(rig.log).toEqual(["ended: forced close", "gone"]);
  });

  test("heartbeats have numbers, and only the answer to the latest counts", () => {
    const rig = new Rig(make06);
    const stream = rig.open(rig.stream());
    rig.pass(1000);
    expect(stream.written).toEqual(["~m~4~m~~h~1"]);
    rig.receive("~m~4~m~~h~9", stream);
    rig.pass(400);
    rig.receive("~m~4~m~~h~1", stream);
    rig.pass(1000);
    expect(stream.written).toEqual(["~m~4~m~~h~1", "~m~4~m~~h~2"]);
    rig.pass(500);
    expect(rig.log.at(-2)).toBe("ended: ping timeout");
  });

  test("a lost stream is the end, a late poll is too", () => {
    const stream = new Rig(make06);
    stream.session.detach(
      stream.open(stream.stream()),
      "transport close",
      stream.now,
    );
    expect(stream.log).toEqual(["ended: transport close", "gone"]);

    const polls = new Rig(make06);
    polls.open(polls.poll());
    polls.pass(1999);
    expect(polls.session.phase).toBe("open");
    polls.pass(1);
    expect(polls.log).toEqual(["ended: transport close", "gone"]);
  });

  test("what it has no words for is not sent", () => {
    const rig = new Rig(make06);
    const stream = rig.open(rig.stream());
    expect(rig.say("news")).toBe(false);
    rig.session.flush(rig.now);
    expect(stream.written).toEqual([]);
  });
});

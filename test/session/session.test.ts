import { describe, expect, test } from "vitest";
import { eio3 } from "../../src/dialects/index.js";
import { Rig, TIMES } from "./rig.js";

describe("heartbeat from the server (Engine.IO 4)", () => {
  test("pings after the interval, again after the answer, and gives up without one", () => {
    const rig = new Rig();
    const stream = rig.open(rig.stream());
    rig.pass(TIMES.pingInterval - 1);
    expect(stream.written).toEqual([]);
    rig.pass(1);
    expect(stream.written).toEqual(["2"]);
    rig.pass(100);
    rig.receive("3", stream);
    rig.pass(TIMES.pingInterval - 1);
    expect(stream.written).toEqual(["2"]);
    rig.pass(1);
    expect(stream.written).toEqual(["2", "2"]);
    rig.pass(TIMES.pingTimeout);
    expect(rig.log).toEqual(["heartbeat", "ended: ping timeout", "gone"]);
    expect(stream.closed).toBe(true);
  });

  test("an unsolicited pong starts no second heartbeat", () => {
    const rig = new Rig();
    const stream = rig.open(rig.stream());
    for (let i = 0; i < 100; i++) rig.receive("3", stream);
    rig.pass(TIMES.pingInterval);
    expect(stream.written).toEqual(["2"]);
  });

  test("while a pong is awaited, another packet buys time once", () => {
    const rig = new Rig();
    const stream = rig.open(rig.stream());
    rig.pass(TIMES.pingInterval + 400);
    rig.receive('42["a"]', stream);
    rig.pass(400);
    expect(rig.session.phase).toBe("open");
    rig.receive('42["a"]', stream);
    rig.pass(100);
    expect(rig.log).toEqual(["ended: ping timeout", "gone"]);
  });

  test("a client that pings has the direction wrong", () => {
    const rig = new Rig();
    const stream = rig.open(rig.stream());
    rig.receive("2", stream);
    expect(rig.log).toEqual(["ended: transport error", "gone"]);
  });

  test("polling sessions are pinged too", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    const poll = rig.attach(rig.poll());
    rig.pass(TIMES.pingInterval);
    expect(poll.written).toEqual(["2"]);
  });
});

describe("heartbeat from the client (Engine.IO 3)", () => {
  test("answers pings with their data, and gives up without them", () => {
    const rig = new Rig(eio3);
    const stream = rig.open(rig.stream());
    rig.pass(1400);
    rig.receive("2abc", stream);
    expect(stream.written).toEqual(["3abc"]);
    rig.pass(TIMES.pingInterval + TIMES.pingTimeout - 1);
    expect(rig.session.phase).toBe("open");
    rig.pass(1);
    expect(rig.log).toEqual(["heartbeat", "ended: ping timeout", "gone"]);
  });
});

describe("the heartbeat does not die with an upgrade", () => {
  for (const [name, make] of [
    ["Engine.IO 4", undefined],
    ["Engine.IO 3", eio3],
  ] as const) {
    test(name, () => {
      const rig = new Rig(make);
      rig.open(rig.poll());
      rig.upgrade();
      rig.pass(TIMES.pingInterval + TIMES.pingTimeout);
      expect(rig.log).toContain("ended: ping timeout");
    });
  }

  test("also when the upgrade lands while a pong is awaited", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    rig.attach(rig.poll());
    rig.pass(TIMES.pingInterval + 1);
    rig.upgrade();
    rig.pass(TIMES.pingTimeout);
    expect(rig.log).toContain("ended: ping timeout");
  });
});

describe("polling", () => {
  test("a held poll takes what is said in a tick; the rest waits for the next", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    const first = rig.attach(rig.poll());
    rig.say("a");
    rig.say("b");
    rig.session.flush(rig.now);
    expect(first.written).toEqual(['42["a"]\x1e42["b"]']);
    rig.say("c");
    rig.session.flush(rig.now);
    const second = rig.attach(rig.poll());
    expect(second.written).toEqual(['42["c"]']);
  });

  test("a payload holds at most 16 packets", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    for (let i = 0; i < 40; i++) rig.say(String(i));
    const sizes = [0, 1, 2].map(() => {
      const [payload] = rig.attach(rig.poll()).written;
      return String(payload).split("\x1e").length;
    });
    expect(sizes).toEqual([16, 16, 8]);
  });

  test("a second poll is turned away, the first stays", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    const first = rig.attach(rig.poll());
    const second = rig.attach(rig.poll());
    expect(second.closed).toBe(true);
    rig.say("a");
    rig.session.flush(rig.now);
    expect(first.written).toEqual(['42["a"]']);
  });

  test("a poll that is cut off ends the session; an answered one does not", () => {
    const rig = new Rig();
    const opening = rig.open(rig.poll());
    rig.session.detach(opening, "transport error", rig.now);
    expect(rig.session.phase).toBe("open");
    const held = rig.attach(rig.poll());
    rig.session.detach(held, "transport error", rig.now);
    expect(rig.log).toEqual(["ended: transport error", "gone"]);
  });

  test("volatile packets need a held poll", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    expect(rig.say("lost", { volatile: true })).toBe(false);
    rig.attach(rig.poll());
    expect(rig.say("kept", { volatile: true })).toBe(true);
  });
});

describe("upgrade", () => {
  test("probe, release of the held poll, switch, and the queue goes on the stream", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    const poll = rig.attach(rig.poll());
    const stream = rig.attach(rig.stream());
    rig.receive("2probe", stream);
    expect(stream.written).toEqual(["3probe"]);
    expect(poll.written).toEqual(["6"]);
    rig.say("waits");
    rig.session.flush(rig.now);
    expect(stream.written).toEqual(["3probe"]);
    rig.receive("5", stream);
    expect(stream.written).toEqual(["3probe", '42["waits"]']);
    expect(rig.log).toEqual(["probing", "moved"]);
    expect(rig.session.streaming).toBe(true);
  });

  test("a client that keeps polling meanwhile gets a noop every 100 ms", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    const stream = rig.attach(rig.stream());
    rig.receive("2probe", stream);
    for (let i = 0; i < 2; i++) {
      const poll = rig.attach(rig.poll());
      rig.pass(99);
      expect(poll.written).toEqual([]);
      rig.pass(1);
      expect(poll.written).toEqual(["6"]);
    }
  });

  test("too slow: the candidate goes, the session stays", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    const stream = rig.attach(rig.stream());
    rig.receive("2probe", stream);
    rig.pass(TIMES.upgradeTimeout);
    expect(stream.closed).toBe(true);
    rig.say("a");
    expect(rig.attach(rig.poll()).written).toEqual(['42["a"]']);
  });

  test("without a probe", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    const poll = rig.attach(rig.poll());
    const stream = rig.attach(rig.stream());
    rig.receive("5", stream);
    expect(poll.written).toEqual(["6"]);
    rig.say("a");
    rig.session.flush(rig.now);
    expect(stream.written).toEqual(['42["a"]']);
  });

  test.each(['42["a"]', "x", "2other", ""])(
    "a candidate that begins with %j goes",
    (frame) => {
      const rig = new Rig();
      rig.open(rig.poll());
      const stream = rig.attach(rig.stream());
      rig.receive(frame, stream);
      expect(stream.closed).toBe(true);
      expect(rig.session.phase).toBe("open");
      expect(rig.packets).toEqual([]);
    },
  );

  test("a second candidate goes at once, and so does one after the switch", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    const first = rig.attach(rig.stream());
    const second = rig.attach(rig.stream());
    expect(second.closed).toBe(true);
    rig.receive("2probe", first);
    rig.receive("5", first);
    expect(rig.attach(rig.stream()).closed).toBe(true);
    expect(rig.session.phase).toBe("open");
  });

  test("a candidate that is lost leaves room for another", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    const lost = rig.attach(rig.stream());
    rig.session.detach(lost, "transport close", rig.now);
    rig.upgrade();
    expect(rig.session.streaming).toBe(true);
  });

  test("the end of the session ends the candidate", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    const stream = rig.attach(rig.stream());
    rig.post("1");
    expect(stream.closed).toBe(true);
    expect(rig.log).toEqual(["probing", "ended: transport close", "gone"]);
  });
});

describe("the end between a probe and the change to its stream", () => {
  /** The client polls no more and has yet to change. */
  function inTransit() {
    const rig = new Rig();
    rig.open(rig.poll());
    const stream = rig.attach(rig.stream());
    rig.receive("2probe", stream);
    stream.written.length = 0;
    expect(rig.session.inTransit).toBe(true);
    return { rig, stream };
  }

  test("comes with the change, behind what is queued", () => {
    const { rig, stream } = inTransit();
    rig.say("last");
    rig.session.end("forced close", rig.now);
    expect(stream.closed).toBe(false);
    expect(rig.log).toEqual(["probing", "ended: forced close"]);
    rig.receive("5", stream);
    expect(stream.written).toEqual(['42["last"]']);
    expect(stream.closed).toBe(true);
    expect(rig.log).toEqual(["probing", "ended: forced close", "gone"]);
  });

  test("comes with a poll, if the client stays with polling", () => {
    const { rig, stream } = inTransit();
    rig.session.end("forced close", rig.now);
    expect(rig.attach(rig.poll()).written).toEqual(["6\x1e1"]);
    expect(stream.closed).toBe(true);
    expect(rig.log).toEqual(["probing", "ended: forced close", "gone"]);
  });

  test("waits for the change no longer than an upgrade may take, and for a poll as always", () => {
    const { rig, stream } = inTransit();
    rig.session.end("forced close", rig.now);
    rig.deadlines.watch(rig.session);
    rig.pass(TIMES.upgradeTimeout - 1);
    expect(stream.closed).toBe(false);
    rig.pass(1);
    expect(stream.closed).toBe(true);
    expect(rig.log).toEqual(["probing", "ended: forced close"]);
    rig.pass(TIMES.linger);
    expect(rig.log).toEqual(["probing", "ended: forced close", "gone"]);
  });

  test("waits for a poll when the stream is lost", () => {
    const { rig, stream } = inTransit();
    rig.session.end("forced close", rig.now);
    rig.session.detach(stream, "transport close", rig.now);
    expect(rig.attach(rig.poll()).written).toEqual(["6\x1e1"]);
  });

  test("does not wait for who breaks the rules", () => {
    const { rig, stream } = inTransit();
    rig.session.end("forced close", rig.now, { discard: true });
    expect(stream.closed).toBe(true);
    expect(rig.log).toEqual(["probing", "ended: forced close", "gone"]);
  });
});

describe("the end", () => {
  test("on a stream, what is queued goes first, and no close packet", () => {
    const rig = new Rig();
    const stream = rig.open(rig.stream());
    rig.say("last");
    rig.session.end("forced close", rig.now);
    expect(stream.written).toEqual(['42["last"]']);
    expect(stream.closed).toBe(true);
    expect(rig.log).toEqual(["ended: forced close", "gone"]);
  });

  test("on a held poll, what is queued, and the close packet with the next", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    const poll = rig.attach(rig.poll());
    rig.say("last");
    rig.session.end("forced close", rig.now);
    expect(poll.written).toEqual(['42["last"]']);
    expect(rig.log).toEqual(["ended: forced close"]);
    expect(rig.attach(rig.poll()).written).toEqual(["6\x1e1"]);
    expect(rig.log).toEqual(["ended: forced close", "gone"]);
  });

  test("on a held poll with nothing queued, the close packet at once", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    const poll = rig.attach(rig.poll());
    rig.session.end("forced close", rig.now);
    expect(poll.written).toEqual(["1"]);
    expect(rig.log).toEqual(["ended: forced close", "gone"]);
  });

  test("without a poll it waits for the next ones, but not for ever", () => {
    const waiting = new Rig();
    waiting.open(waiting.poll());
    waiting.say("last");
    waiting.session.end("forced close", waiting.now);
    expect(waiting.log).toEqual(["ended: forced close"]);
    expect(waiting.attach(waiting.poll()).written).toEqual(['42["last"]']);
    expect(waiting.attach(waiting.poll()).written).toEqual(["6\x1e1"]);
    expect(waiting.log).toEqual(["ended: forced close", "gone"]);

    const abandoned = new Rig();
    abandoned.open(abandoned.poll());
    abandoned.session.end("forced close", abandoned.now);
    abandoned.pass(TIMES.linger);
    expect(abandoned.log).toEqual(["ended: forced close", "gone"]);

    const left = new Rig();
    left.open(left.poll());
    left.session.end("forced close", left.now);
    left.post('42["late"]');
    expect(left.log).toEqual(["ended: forced close"]);
    left.post("1");
    expect(left.log).toEqual(["ended: forced close", "gone"]);
    expect(left.packets).toEqual([]);
  });

  test("is told once, and nothing is taken or sent after it", () => {
    const rig = new Rig();
    const stream = rig.open(rig.stream());
    rig.session.end("forced close", rig.now);
    rig.session.end("transport close", rig.now);
    rig.session.detach(stream, "transport close", rig.now);
    rig.receive('42["late"]', stream);
    expect(rig.say("late")).toBe(false);
    rig.pass(1e6);
    expect(rig.log).toEqual(["ended: forced close", "gone"]);
    expect(rig.packets).toEqual([]);
  });

  test("in the middle of a payload, the rest of it is not read", () => {
    const rig = new Rig();
    rig.open(rig.poll());
    rig.post('42["a"]\x1e1\x1e42["b"]');
    expect(rig.packets).toHaveLength(1);
  });

  test("a malformed engine packet is a parse error, a malformed Socket.IO packet a forced close", () => {
    const engine = new Rig();
    engine.receive("9", engine.open(engine.stream()));
    expect(engine.log).toEqual(["ended: parse error", "gone"]);

    const packet = new Rig();
    packet.receive("42{", packet.open(packet.stream()));
    expect(packet.log.slice(1)).toEqual(["ended: forced close", "gone"]);
    expect(packet.log[0]).toMatch(/^malformed: /);
  });

  test("frames of a carrier that is not the session's are ignored", () => {
    const rig = new Rig();
    rig.open(rig.stream());
    rig.receive('42["a"]', rig.stream());
    expect(rig.packets).toEqual([]);
  });
});

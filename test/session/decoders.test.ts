/** One decoder serves many sessions, and what one of them waits for is nobody else's. */
import { expect, test } from "vitest";
import { hostedEio4 } from "../../src/dialects/eio4/index.js";
import { LINES, type RawPacket } from "../../src/dialects/dialect.js";
import { host } from "../../src/dialects/host.js";
import { ProtocolError } from "../../src/dialects/packet.js";
import { Decoders } from "../../src/session/decoders.js";
import { Rig } from "./rig.js";

const dialect = hostedEio4();
const limits = { maxPayload: 1e6, maxAttachments: 10 };
const BINARY = '451-["a",{"_placeholder":true,"num":0}]';

test("a session keeps its decoder while attachments are missing, and no longer", () => {
  const decoders = new Decoders(limits);
  const sessions = [0, 1].map(() => {
    const rig = new Rig(() => dialect, undefined, decoders);
    return { rig, stream: rig.open(rig.stream()) };
  });
  const hear = (who: number, frame: string | Uint8Array) => {
    const { rig, stream } = sessions[who];
    rig.session.receive(frame, stream, rig.now);
  };
  hear(0, BINARY);
  hear(1, '42["b"]');
  hear(1, BINARY);
  hear(0, Uint8Array.of(1));
  hear(0, '42["c"]');
  hear(1, Uint8Array.of(2));
  const heard = sessions.map(({ rig }) =>
    rig.packets.map((packet) => packet.type === "event" && packet.args),
  );
  expect(heard).toEqual([
    [["a", Uint8Array.of(1)], ["c"]],
    [["b"], ["a", Uint8Array.of(2)]],
  ]);
});

test("who beats and owes attachments has so long, and no longer", () => {
  const rig = new Rig();
  const stream = rig.open(rig.stream());
  rig.receive(BINARY, stream);
  rig.pass(1000);
  rig.receive("3", stream);
  rig.pass(499);
  expect(rig.session.phase).toBe("open");
  rig.pass(1);
  expect(rig.log).toContain("ended: forced close");
});

test("a session has a decoder of the application's to itself", () => {
  const decoders = new Decoders(limits);
  class Encoder {
    encode = () => [""];
  }
  /** Gives each event the number of those that it has seen. */
  class Counting {
    #seen = 0;
    #tell: (packet: RawPacket) => void = () => {};
    on(_event: "decoded", listener: (packet: RawPacket) => void): void {
      this.#tell = listener;
    }
    add(chunk: string | Uint8Array): void {
      if (chunk !== "part")
        this.#tell({ type: 2, nsp: "/", data: [chunk, ++this.#seen] });
    }
    destroy(): void {}
  }
  const [hosted] = host({
    parser: { Encoder, Decoder: Counting },
    text: undefined,
    downgrade: () => undefined,
  });
  const [one, other] = [0, 1].map(() => {
    const rig = new Rig(() => hosted, undefined, decoders);
    return { rig, stream: rig.open(rig.stream()) };
  });
  for (const { rig, stream } of [one, other, one])
    rig.session.receive("4a", stream, rig.now);
  expect(one.rig.packets).toMatchObject([
    { args: ["a", 1] },
    { args: ["a", 2] },
  ]);
  expect(other.rig.packets).toMatchObject([{ args: ["a", 1] }]);

  // A part that was completed is not waited for.
  one.rig.session.receive("4part", one.stream, one.rig.now);
  one.rig.session.receive("4b", one.stream, one.rig.now);
  one.rig.session.tick(one.rig.now + 1500);
  expect(one.rig.log).not.toContain("malformed: missing attachments");
});

test("one that has thrown is not given to anybody", () => {
  const decoders = new Decoders(limits);
  const [bad, good] = [0, 1].map(() => {
    const rig = new Rig(() => dialect, undefined, decoders);
    return { rig, stream: rig.open(rig.stream()) };
  });
  bad.rig.session.receive(BINARY, bad.stream, 0);
  bad.rig.session.receive('42["in between"]', bad.stream, 0);
  expect(bad.rig.log).toContain("ended: forced close");
  good.rig.session.receive('42["b"]', good.stream, 0);
  expect(good.rig.packets).toMatchObject([{ args: ["b"] }]);
});

test("who is lent one is the only one who has it", () => {
  const decoders = new Decoders(limits);
  const first = decoders.borrow(dialect);
  expect(decoders.borrow(dialect)).not.toBe(first);
  decoders.giveBack(dialect, first);
  expect(decoders.borrow(hostedEio4())).not.toBe(first);
  expect(decoders.borrow(dialect)).toBe(first);
});

test("a frame read apart is whole or nothing", () => {
  const decoders = new Decoders(limits);
  const line = LINES.websocketText;
  expect(decoders.readAlone(dialect, "2probe", line)).toEqual({
    type: "ping",
    data: "probe",
  });
  expect(decoders.readAlone(dialect, BINARY, line)).toBeUndefined();
  expect(decoders.readAlone(dialect, "no", line)).toBeUndefined();
  expect(() => decoders.borrow(dialect).push("no")).toThrow(ProtocolError);
});
